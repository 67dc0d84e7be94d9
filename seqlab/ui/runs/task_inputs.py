"""What a person may give to a trained network, task by task: widgets in, symbols, condition and letters out.

A new task plugs in by one entry in ``INPUTS``; a page that uses ``task_input`` then works with it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from jaxtyping import Int

from seqlab.data.preparation import LABELS, PREPARATIONS
from seqlab.data.sentences import tidy
from seqlab.data.texts import read
from seqlab.data.vocabulary import UNKNOWN, Vocabulary
from seqlab.errors import Fault
from seqlab.tasks import echo
from seqlab.tasks.grammar import GrammarConfig
from seqlab.tasks.sentences import SentencesConfig
from seqlab.tasks.text import TextConfig
from seqlab.training.run import Run

UNJUDGED = echo.ALPHABET.symbols[echo.BLANK]  # stands in a target where no answer is judged
LONGEST = 60  # letters
PASSAGE = "the time traveller"
REVIEW = "although the plot was dull the acting was never bad"
SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}  # as people see them where they stand alone


@dataclass(frozen=True)
class TaskInput:
    """One sequence as the network reads it and as a person does.

    ``letters_target`` is as long as ``letters_in``, with ``·`` where no answer is judged; ``letters_out`` are the
    symbols that the network can say, in the order of its logits. No letters: nothing was typed.
    """

    ids: Int[np.ndarray, "batch time"]
    condition: int | None
    letters_in: Sequence[str]
    letters_target: Sequence[str]
    letters_out: Sequence[str]
    delay: int | None = None


def task_input(run: Run, key: str = "") -> TaskInput:
    """Draw the widgets of a run's task and return what was typed, with a word on what was left out.

    ``key`` stands before the names of the widgets and in the address (``word``, ``delay``), so that a page may have
    two inputs. Raises Fault for a task that no entry knows.
    """
    name = run.config.task["name"]
    if run.config.task_spec.vocabulary is not None:
        return _review(run, key)
    if name not in INPUTS:
        raise Fault(f"There is no way yet to type an input for the task {name}; choose another network.")
    return INPUTS[name](run.config.task_config, key)


def _review(run: Run, key: str) -> TaskInput:
    """A text of words that the run knows, and the label that the network should give it at its end."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    typed = left.text_input("Your text", REVIEW, key=f"{key}word", live=True, bind="query-params",
                            placeholder="Type a few words", help="Read in lower case, letters alone.") or ""
    labels = run.config.task_spec.labels(run.config.task_config) if run.config.task_spec.labels else ()
    label = right.segmented_control("Its label", labels, default=labels[-1], required=True, key=f"{key}label",
                                    bind="query-params", help="The right answer, from which the loss is counted.")
    if not typed.strip():
        return TaskInput(np.zeros((1, 0), np.int64), None, "", "", labels)
    found = read(typed, run.vocabulary, LONGEST)
    notes = []
    if found.unknown_words:
        listed = ", ".join(list(found.unknown_words)[:8]) + (" …" if len(found.unknown_words) > 8 else "")
        notes.append(f"This network does not know {listed}, and reads the mark {UNKNOWN} instead")
    if found.total > LONGEST:
        notes.append(f"Only the first {LONGEST} of {found.total:,} words are shown")
    if notes:
        st.caption(f":material/info: {'. '.join(notes)}.")
    target = [UNJUDGED] * (len(found.words) - 1) + [label if label in labels else labels[-1]]
    return TaskInput(found.ids[None], None, found.words, target, labels)


def _echo(config: echo.EchoConfig, key: str) -> TaskInput:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    typed = left.text_input("Your word", "remember", key=f"{key}word", live=True, bind="query-params",
                            placeholder="Type a word, a to z")
    with right:
        delay = _delay(config, f"{key}delay")
    word, note = echo.read(typed or "")
    if note:
        st.caption(f":material/info: {note}")
    told = delay if config.form == "variable" else None
    if not word:
        return TaskInput(np.zeros((1, 0), np.int64), told, "", "", echo.ALPHABET.symbols, delay)
    return TaskInput(echo.inputs_for(word, delay), told, word + UNJUDGED * delay, echo.target_for(word, delay),
                     echo.ALPHABET.symbols, delay)


def _delay(config: echo.EchoConfig, key: str) -> int:
    if len(config.delays) == 1:
        st.text_input("Delay", f"{config.delay} letters", key=f"fixed-{key}-{config.delay}", disabled=True,
                      help="This network was trained for this delay alone.")
        return config.delay
    # A network with a smaller largest delay may have been chosen since the slider was set.
    if st.session_state.get(key, 0) > config.delay:
        st.session_state[key] = config.delay
    return st.slider("Delay", 0, config.delay, min(3, config.delay), key=key, bind="query-params",
                     format="%d letters", help="How many letters the network must wait before it repeats.")


def _hello(config: Any, key: str) -> TaskInput:
    """A word of the letters that the network knows; the answer is judged where it was trained on that word."""
    alphabet: Vocabulary = config.alphabet
    typed = st.text_input("Your word", config.word, key=f"{key}word", live=True, bind="query-params",
                          placeholder=f"Letters of {alphabet.symbols}",
                          help=f"This network knows the letters {' '.join(alphabet.symbols)}.") or ""
    typed = typed.lower()
    word = "".join(letter for letter in typed if letter in alphabet.symbols)
    note = _left_out(typed, word, alphabet.symbols)
    if note:
        st.caption(f":material/info: {note}")
    word = word[:LONGEST]
    target = config.target if word == config.word else UNJUDGED * len(word)
    return TaskInput(alphabet.encode(word)[None], None, word, target, alphabet.symbols)


def _left_out(typed: str, word: str, known: Sequence[str]) -> str:
    odd = sorted({letter for letter in typed if letter not in known and not letter.isspace()})
    notes = []
    if odd:
        notes.append(f"This network knows {' '.join(known)}, so {' '.join(odd[:8])}{' …' if len(odd) > 8 else ''} "
                     "was left out")
    if len(word) > LONGEST:
        notes.append(f"Only the first {LONGEST} of {len(word)} letters are shown")
    return ". ".join(notes) + ("." if notes else "")


def _text(config: TextConfig, key: str) -> TaskInput:
    """Running text, prepared as the network is used to; each character is judged by the next one."""
    prepare = PREPARATIONS[config.preparation]
    typed = _typed(key, f"This network reads its text with {LABELS[config.preparation]}.")
    return _foretold(prepare(typed), config.alphabet, "reads it as the mark �")


def _sentence(config: SentencesConfig, key: str) -> TaskInput:
    """The beginning of a sentence, behind the mark that begins one; a character that is not known is left out."""
    typed = _typed(key, "The beginning of a sentence, in plain ASCII.")
    return _foretold(tidy(typed), config.alphabet, "leaves it out")


def _string(config: GrammarConfig, key: str) -> TaskInput:
    """The beginning of a string of a formal language, or what is none; it begins with its mark."""
    level, example = config.level, st.session_state.setdefault(f"example-{hash(config)}", _example(config))
    typed = _typed(key, f"A string of the language, or another one, over its {level}s.", example)
    return _foretold(typed, config.alphabet, "reads it as the mark �, which it never met")


def _example(config: GrammarConfig) -> str:
    """A string of the language that shows something: neither the shortest nor too long."""
    strings = sorted((tokens for tokens in config.source.held_out()[:200] if len(tokens) <= LONGEST // 2), key=len)
    return config.language.joined(strings[len(strings) * 9 // 10]) if strings else ""


def _typed(key: str, help: str, start: str = PASSAGE) -> str:
    return st.text_input("Your text", start, key=f"{key}word", live=True, bind="query-params",
                         placeholder="Type a few words", help=help) or ""


def _foretold(text: str, alphabet: Vocabulary, otherwise: str) -> TaskInput:
    strange, notes = alphabet.unknown_symbols(text), []
    if strange:
        listed = " ".join(map(visible, list(strange)[:8])) + (" …" if len(strange) > 8 else "")
        notes.append(f"This network never saw {listed}, so it {otherwise}")
    if alphabet.unknown is None:
        text = alphabet.without_unknown(text)
    ids = alphabet.encode(text)
    if len(ids) > LONGEST:
        notes.append(f"Only the first {LONGEST} of {len(ids):,} {alphabet.level}s are shown")
        ids = ids[:LONGEST]
    if notes:
        st.caption(f":material/info: {'. '.join(notes)}.")
    if alphabet.begin is not None and len(ids):
        ids = np.append(alphabet.begin, ids)
    shown = tuple(visible(symbol) for symbol in alphabet.symbols)
    read = tuple(shown[place] for place in ids)
    return TaskInput(ids[None], None, read, (*read[1:], *([UNJUDGED] if read else [])), shown)


def visible(symbol: str) -> str:
    """A character as it can be seen alone: a space, a line's end and the like have a sign for them."""
    return SIGNS.get(symbol, symbol if symbol.isprintable() else UNKNOWN)


INPUTS: dict[str, Callable[[Any, str], TaskInput]] = {
    "echo": _echo, "hello": _hello, "text": _text, "sentences": _sentence, "grammar": _string}
