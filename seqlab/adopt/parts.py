"""What reading, recognising and opening a checkpoint hand to one another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from seqlab.errors import Fault

Answers = Mapping[str, str]
Arrays = Mapping[str, np.ndarray]
Settings = dict[str, Any]  # of a network, as its config has them
STATED = "stated"  # among the facts: answers that their source knows, each with why, by the key of the question


@dataclass(frozen=True)
class Contents:
    """What a file holds: tensors as float32 or float64 by name, and ``facts`` beside them, such as an alphabet."""

    arrays: Arrays
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TensorUse:
    """A tensor of the file, what it was taken for (a name of seqlab's own, in ``role``), and why."""

    name: str
    shape: tuple[int, ...]
    role: str
    reason: str


@dataclass(frozen=True)
class OpenItem:
    """Something that names and shapes may leave open.

    ``choices`` are the answers with their words for people; none: the answer is free. ``default`` is the answer that
    the file decides, and then ``decided`` says by what, or the most likely one. ``only`` names answers to other
    questions without which this one has no meaning.
    """

    key: str
    text: str
    choices: Mapping[str, str]
    default: str
    decided: str = ""
    only: Mapping[str, str] = field(default_factory=dict)

    def applies(self, answers: Answers) -> bool:
        """Whether it has a meaning, given the answers to the questions before it."""
        return all(answers.get(key) == value for key, value in self.only.items())


@dataclass(frozen=True)
class Built:
    """Settings and weights of a part of a network, under seqlab's names."""

    settings: Settings
    weights: dict[str, np.ndarray]


@dataclass(frozen=True)
class RecognisedCore:
    """The layers between input and output that a family recognised among a file's tensors.

    ``prefix`` is what stands before their names. They read ``width`` numbers at each time and give ``hidden``.
    ``build(answers)`` gives their settings and weights. ``longest`` is the most symbols that they read at once (0: any
    number). ``tied``: networks of this kind may have no output layer of their own, because the embedding is that too.
    ``missing`` says what a network of this kind may have and this one has not.
    """

    label: str
    prefix: str
    uses: tuple[TensorUse, ...]
    width: int
    hidden: int
    build: Callable[[Answers], Built]
    questions: tuple[OpenItem, ...] = ()
    longest: int = 0
    tied: bool = False
    missing: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """Names of the tensors that it takes."""
        return {use.name for use in self.uses}


def stated(question: OpenItem, facts: Mapping[str, Any]) -> OpenItem:
    """Give a question with the answer that the facts state, if they do."""
    answer, why = (facts.get(STATED) or {}).get(question.key, ("", ""))
    known = why and (not question.choices or answer in question.choices)
    return replace(question, default=answer, decided=why) if known else question


def answered(questions: tuple[OpenItem, ...], answers: Answers) -> dict[str, str]:
    """Give an answer to every question that has a meaning; raises Fault for one that is none of the choices."""
    known = {question.key for question in questions}
    odd = sorted(set(answers) - known)
    if odd:
        raise Fault(f"There is no question {odd[0]!r:.40} about this file; there are {', '.join(sorted(known))}.")
    given: dict[str, str] = {}
    for question in questions:
        if question.applies(given):
            answer = answers.get(question.key, question.default)
            if question.choices and answer not in question.choices:
                raise Fault(f"{answer!r:.40} is no answer to {question.key}; take one of "
                            f"{', '.join(map(str, list(question.choices)[:20]))}.")
            given[question.key] = answer
    return given


def size(shape: tuple[int, ...]) -> str:
    """Write a shape for people: 64 × 32."""
    return " × ".join(map(str, shape)) or "a single number"


def sized(name: str, arrays: Arrays, shape: tuple[int, ...]) -> np.ndarray:
    """Pass a tensor of the right shape; raises Fault that says which, what was expected, and what it is."""
    if name not in arrays:
        raise Fault(f"The tensor {name!r:.80} is missing; expected {size(shape)}.")
    if arrays[name].shape != shape:
        raise Fault(f"The tensor {name!r:.80} is {size(arrays[name].shape)}, but the others ask for {size(shape)}.")
    return arrays[name]
