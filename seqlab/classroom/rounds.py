"""A question to the class: what is asked, what everybody answered, and the truth once it is revealed."""

import csv
import io
import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from seqlab.errors import Fault
from seqlab.numerals import number

Kind = Literal["choice", "number"]
YES_NO = ("Yes", "No")
MOST_CHOICES, LONGEST_CHOICE, LONGEST_TEXT, MOST_ANSWERS = 64, 60, 200, 600
MOST_BARS = 24  # of numbers that were answered; what is rarer stands together
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")  # with which a cell begins that a spreadsheet computes


class Truth(BaseModel):
    """What came out: the ``answer`` as pupils could have given it, and a sentence that says it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    answer: str = Field(max_length=LONGEST_CHOICE)
    sentence: str = Field(max_length=500)


class Round(BaseModel):
    """One question, and what came of it.

    ``about`` is what the truth is computed from: plain data of whoever asked. Its ``hides`` names a page that
    shows the truth: browsers cover that until it is out. ``answers`` are by the person's id.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: int = Field(ge=0)
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    kind: Kind = "choice"
    choices: tuple[str, ...] = Field((), max_length=MOST_CHOICES)
    about: dict[str, Any] = {}
    asked: float = Field(0.0, ge=0, allow_inf_nan=False)
    answers: dict[str, str] = Field({}, max_length=MOST_ANSWERS)
    truth: Truth | None = None
    closed: bool = False

    def checked(self, given: str) -> str:
        """Return an answer as it is counted; raises Fault for one that this question does not have."""
        text = given.strip()
        if self.kind == "choice":
            if text not in self.choices:
                raise Fault("This is not one of the answers to this question; tap one of those that stand there.")
            return text
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or abs(value) > 1e9:
            raise Fault("Answer with a number, such as 7 or 0.5.")
        return number(value)

    def is_right(self, answer: str) -> bool:
        """Whether an answer is the truth, once it is known."""
        if self.truth is None:
            return False
        if self.kind == "number":
            return math.isclose(float(answer), float(self.truth.answer), rel_tol=1e-6, abs_tol=1e-9)
        return answer == self.truth.answer

    def bars(self) -> list[tuple[str, int]]:
        """How many gave each answer: choices in their order, numbers from low to high, the truth among them."""
        counts = Counter(self.answers.values())
        if self.kind == "choice":
            return [(choice, counts[choice]) for choice in self.choices]
        kept = {answer for answer, _ in counts.most_common(MOST_BARS)}
        if self.truth is not None and not any(map(self.is_right, kept)):
            kept.add(self.truth.answer)
        bars = [(answer, counts[answer]) for answer in sorted(kept, key=float)]
        others = counts.total() - sum(count for _, count in bars)
        return [*bars, *([("other", others)] if others else [])]

    def seen_by(self, person_id: str, *, teaches: bool) -> dict[str, Any]:
        """What a browser gets of it: nobody but the teacher sees what others answered before the truth is out."""
        own, open_to = self.answers.get(person_id), teaches or self.truth is not None
        return {"id": self.id, "text": self.text, "kind": self.kind, "choices": self.choices, "own": own,
                "right": self.is_right(own) if own is not None and self.truth else None,
                "bars": self.bars() if open_to else None, "answered": len(self.answers) if open_to else None,
                "hides": "" if self.truth else str(self.about.get("hides", "")),
                "truth": None if self.truth is None else self.truth.model_dump()}


def asked(text: str, choices: Iterable[str], kind: Kind, about: Mapping[str, Any]) -> Round:
    """Make a question; raises Fault for one that nobody could answer."""
    words, named = " ".join(text.split()), tuple(dict.fromkeys(" ".join(choice.split()) for choice in choices))
    named = tuple(filter(None, named))
    if not words or len(words) > LONGEST_TEXT:
        raise Fault(f"Write a question of 1 to {LONGEST_TEXT} characters.")
    if kind == "choice" and not 2 <= len(named) <= MOST_CHOICES:
        raise Fault(f"A question has 2 to {MOST_CHOICES} answers to choose from; write them down, separated by commas.")
    if any(len(choice) > LONGEST_CHOICE for choice in named):
        raise Fault(f"An answer has at most {LONGEST_CHOICE} characters; shorten the long ones.")
    now = time.time()
    return Round(id=int(now * 1000), text=words, kind=kind, choices=named if kind == "choice" else (),
                 about=dict(about), asked=now)


def table(rounds: Iterable[Round], names: Mapping[str, str]) -> str:
    """Every answer to every question as CSV, one row each; ``names`` are the people's, by id."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("question", "asked", "who", "answer", "truth", "right"))
    for one in rounds:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(one.asked))
        truth = "" if one.truth is None else one.truth.answer
        for person, answer in one.answers.items():
            right = "" if one.truth is None else "yes" if one.is_right(answer) else "no"
            writer.writerow(map(cell, (one.text, when, names.get(person, "somebody who left"), answer, truth, right)))
    return file.getvalue()


def cell(text: str) -> str:
    """A text of somebody else as a spreadsheet shows it and never computes it; a plain number stays one."""
    try:
        return text if math.isfinite(float(text)) else f"'{text}"
    except ValueError:
        return f"'{text}" if text.startswith(_FORMULAS) else text
