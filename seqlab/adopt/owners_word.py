"""The owner's word: how far a network and its owner's own program are apart, kept with the run for the badge.

What is kept are the program's own numbers; they are compared anew, with the weights that are there, wherever they are
shown.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import TypedDict

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seqlab.adopt.expected import LONGEST, MOST_NUMBERS, Expected
from seqlab.adopt.parts import Answers
from seqlab.adopt.proposal import Proposal
from seqlab.errors import Fault
from seqlab.files import refusal
from seqlab.numerals import counted
from seqlab.reference.core import core_of
from seqlab.reference.network import network
from seqlab.reference.weights import Weights
from seqlab.training import origin, snapshots
from seqlab.training.config import RunConfig
from seqlab.training.run import Run

TOLERANCE = 1e-5  # of float32, as a share of 1 + |logit|
MOST_TRIED = 48  # other answers to what was asked


@dataclass(frozen=True)
class OwnersWord:
    """How far the program and the network are apart: the ``largest`` |Δ|, where it is, and |Δ| / max(1, |logit|)."""

    largest: float
    relative: float
    time: int
    output: int
    logits: int
    symbols: int
    holds: bool

    def __str__(self) -> str:
        where = f"over {counted(self.logits, 'logit')} of {counted(self.symbols, 'symbol')}"
        if self.holds:
            return f"Your program agrees: largest |Δ| {self.largest:.1e} {where}."
        return (f"Your program differs: by {self.largest:.2g} at t = {self.time}, logit {self.output}, the largest "
                f"{where}.")


class OwnerSide(TypedDict):
    """The third side of a badge: how far the owner's own program is, as a number and in a sentence."""

    largest: float
    holds: bool
    says: str


class KeptAnswers(BaseModel):
    """What a program read and answered, as it is kept in ``origin.json``, and the largest |Δ| when it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    ids: tuple[int, ...] = Field(min_length=1, max_length=LONGEST)
    condition: int | None
    logits: tuple[tuple[int, tuple[float, ...]], ...] = Field(min_length=1, max_length=LONGEST)
    decimals: int = Field(ge=0, le=20)
    largest: float

    def expected(self) -> Expected:
        """The same, ready to be compared."""
        rows = tuple((time, np.array(row)) for time, row in self.logits)
        return Expected(np.array([self.ids]), self.condition, rows, self.decimals)


def check(config: RunConfig, weights: Weights, given: Expected) -> OwnersWord:
    """Run the network in float32 on what the program read, and say how far the two are apart."""
    condition = None if given.condition is None else np.array([given.condition])
    single = {name: part.astype(np.float32) for name, part in weights.items()}
    logits = network(core_of(config.network), given.ids, single, condition=condition,
                     pooling=config.network.pooling)["logits"][0].astype(np.float64)
    rows = [(time, row, np.abs(row - logits[time, :len(row)])) for time, row in given.logits]
    rounding = 0.5 * 10.0 ** -given.decimals
    holds = all((gap <= TOLERANCE * (1 + np.abs(row)) + rounding).all() for _, row, gap in rows)
    time, _, gap = max(rows, key=lambda one: float(np.nan_to_num(one[2], nan=np.inf).max()))
    relative = max(float((gap / np.maximum(1, np.abs(row))).max()) for _, row, gap in rows)
    return OwnersWord(float(gap.max()), relative, time, int(gap.argmax()), sum(row.size for _, row, _ in rows),
                      given.ids.shape[1], holds)


def agreeing(proposal: Proposal, answers: Answers, given: Expected) -> dict[str, str]:
    """Answers to what the file leaves open with which the network says what the program did; none: there are none.

    The fewest that differ from the given ones come first.
    """
    network = proposal.chosen(answers)
    asked = [question for question in network.questions if len(question.choices) > 1]
    usual = {question.key: question.default for question in network.questions}
    tried = sorted(product(*(question.choices for question in asked)), key=lambda choice: sum(
        answers.get(question.key, question.default) != one for question, one in zip(asked, choice, strict=True)))
    for choice in tried[:MOST_TRIED]:
        other = dict(answers) | {question.key: one for question, one in zip(asked, choice, strict=True)}
        shown = {question.key for question in proposal.questions(other)}
        other = {key: value for key, value in other.items() if key in shown}
        try:
            adopted = proposal.settle(other)
            if check(adopted.config, adopted.weights, given).holds:
                return {key: value for key, value in other.items() if answers.get(key, usual.get(key)) != value}
        except (Fault, ValueError, IndexError):
            continue  # such a network there cannot be, or it cannot read this
    return {}


def keep(run: Run, given: Expected, word: OwnersWord) -> None:
    """Keep the program's answers in the run's ``origin.json``; raises Fault where that cannot be."""
    known = run.origin
    if known is None:
        raise Fault("This run was not opened from a file, so no other program has a word on it.")
    if word.logits > MOST_NUMBERS:
        raise Fault(f"These are {word.logits:,} logits; give at most {MOST_NUMBERS:,}.")
    stored = KeptAnswers(ids=tuple(given.ids[0].tolist()), condition=given.condition, decimals=given.decimals,
                         logits=tuple((time, tuple(row.tolist())) for time, row in given.logits), largest=word.largest)
    try:
        origin.write(run.path, known.model_copy(update={"expected": stored.model_dump(mode="json")}))
    except OSError as error:
        raise Fault(f"What your program answered cannot be kept: {refusal(error)}.") from None


def kept(run: Run, step: int | None = None) -> OwnersWord | None:
    """Compare the answers that were kept with a run once more; None where there are none, or they do not fit it."""
    try:
        if run.origin is None or not run.origin.expected:
            return None
        step = run.newest if step is None else step
        stamp = snapshots.file(run.path, "weights", step).stat().st_mtime_ns
        return _kept(run.path, step, stamp, (run.path / origin.FILE).stat().st_mtime_ns)
    except (Fault, OSError):
        return None


def owner_side(run: Run) -> OwnerSide | None:
    """What the badge says of the program of a run's owner; None where nobody gave its answers."""
    word = kept(run)
    return None if word is None else OwnerSide(largest=word.largest, holds=word.holds, says=str(word))


@lru_cache(maxsize=64)
def _kept(path: Path, step: int, weights: int, stored: int) -> OwnersWord | None:
    """By the times at which the files were written."""
    run = Run(path)
    assert run.origin is not None
    try:
        return check(run.config, run.weights(step), KeptAnswers.model_validate(run.origin.expected).expected())
    except (ValidationError, ValueError, IndexError, Fault):
        return None
