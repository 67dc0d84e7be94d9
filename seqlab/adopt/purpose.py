"""What a network is for: what it reads, what its outputs mean, and what its symbols are called."""

import json
from collections.abc import Mapping
from typing import Any, get_args

from seqlab.adopt.ends import Ends
from seqlab.adopt.parts import Answers, Arrays, OpenItem, Settings
from seqlab.adopt.vocabulary import NUMBERS, in_facts, symbols_from
from seqlab.errors import Fault
from seqlab.reference.pooling import Pooling

_PURPOSES = {"next": "the next symbol of a text", "echo": "what it read some steps before",
             "class": "one class for a whole sequence", "other": "something else at each time"}
_POOLING = {"none": "its last state", "max": "the maximum of its states over time",
            "mean": "the mean of its states over time"}


def questions(ends: Ends, arrays: Arrays, facts: Mapping[str, Any]) -> tuple[OpenItem, ...]:
    """Ask what names and shapes leave open."""
    likely = {question.key: question.default for question in ends.questions}
    read, given = _read(ends, arrays, likely), outputs(ends, arrays, likely)
    asked = []
    if not ends.codes:
        rest = read - given
        asked.append(OpenItem(
            "conditions", f"It reads {read} numbers at a time. How many of them are the one-hot code of a condition, "
            "after the symbol's?", {"0": "none"} | ({str(rest): f"the last {rest}"} if rest > 0 else {}), "0",
            decided="it has an output for each of them" if rest == 0 else ""))
    conditioned, same = len(ends.codes) == 2, read == given
    choices = {key: text for key, text in _PURPOSES.items() if same or key in ("class", "other")
               or (not ends.codes and given < read)}
    both_ways = any(question.key == "causal" and question.default == "no" for question in ends.core.questions)
    likely_one = "class" if not same else "other" if both_ways else "echo" if conditioned else "next"
    asked.append(OpenItem("purpose", "What does it answer?", choices, likely_one))
    asked.append(OpenItem("delay", "How many steps later does it repeat? (empty: as many as its condition says, or it "
                          "is not known)", {}, "", only={"purpose": "echo"}))
    asked.append(OpenItem("pooling", "What of its states stands for the whole sequence?",
                          {key: text for key, text in _POOLING.items() if key in get_args(Pooling)}, "none",
                          only={"purpose": "class"}))
    asked.append(OpenItem("labels", "What are the classes called? (separated by commas; empty: numbers)", {}, "",
                          only={"purpose": "class"}))
    symbols, where = in_facts(facts, read)
    asked.append(OpenItem(
        "vocabulary", f"What are its {read} symbols? Paste them, a text to take them from, a JSON list or a table from "
        "symbols to numbers; or leave them numbers.", {}, json.dumps(symbols) if symbols else NUMBERS, decided=where))
    return tuple(asked)


def outputs(ends: Ends, arrays: Arrays, answers: Answers) -> int:
    """How many logits it gives."""
    layer = ends.output(answers)
    if layer:
        return int(arrays[layer.name].shape[1 if layer.turned else 0])
    return int(arrays[answers["output"]].shape[0]) if answers["output"] else ends.core.hidden


def sizes(ends: Ends, arrays: Arrays, answers: Answers) -> tuple[int, int]:
    """How many symbols it reads, and how many values its condition has."""
    if ends.codes:
        condition = answers.get("condition", "")
        return _read(ends, arrays, answers), arrays[condition].shape[0] if condition else 0
    conditions = int(answers.get("conditions", "0"))
    return ends.core.width - conditions, conditions


def _read(ends: Ends, arrays: Arrays, answers: Answers) -> int:
    """How many symbols have a code; one-hot codes of a condition are among them."""
    if not ends.codes:
        return ends.core.width
    return next(int(arrays[name].shape[0]) for name in ends.codes if name != answers.get("condition", ""))


def task(ends: Ends, arrays: Arrays, answers: Answers) -> dict[str, Any]:
    """Write the config of its task; raises Fault for an alphabet or labels of the wrong length."""
    count, conditions = sizes(ends, arrays, answers)
    symbols = symbols_from(answers["vocabulary"], count)
    labels = tuple(label.strip() for label in answers.get("labels", "").split(",") if label.strip())
    single = all(len(symbol) == 1 for symbol in symbols)
    return {"name": "opened", "symbols": symbols, "count": count, "outputs": outputs(ends, arrays, answers),
            "labels": labels, "answers": answers["purpose"], "delay": _delay(answers.get("delay", "")),
            "conditions": conditions, "longest": ends.core.longest, "join": "" if single else " "}


def settings(answers: Answers) -> Settings:
    """Settings of the network that follow from what it is for."""
    return {"pooling": answers.get("pooling", "none")}


def _delay(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal():
        raise Fault(f"The delay must be a number of steps, not {text!r:.20}.")
    return int(text)
