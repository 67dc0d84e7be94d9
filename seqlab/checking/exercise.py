"""What an exercise is: one function that a person writes, its reference, its cases, and the mistakes known in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Arguments = tuple[Any, ...]  # arrays, numbers, or lists and tuples of them: each function has its own
Parts = tuple[np.ndarray, ...]
SEED = 2026
ZERO = 1  # the case with an initial state of zero; the one with a single sequence is another

# Sizes of the cases: no two of B, T, D, H are alike, so that a swapped axis shows, but for the last one, where square
# matrices let a transposed weight run at all.
RECURRENT = ((1, 3, 2, 4), (2, 5, 3, 4), (4, 12, 3, 2), (3, 7, 5, 6), (2, 4, 3, 3))  # B, T, D, H


@dataclass(frozen=True)
class Output:
    """One part of what a function returns: its name, shape and meaning.

    ``axes`` name what an index counts; ``t`` among them is time. An ``optional`` part may be left out. A part with
    ``many`` stands for as many arrays as the arguments ask for.
    """

    name: str
    shape: str
    meaning: str
    axes: tuple[str, ...] = ("sequence", "t", "unit")
    optional: bool = False
    many: bool = False


@dataclass(frozen=True)
class Mistake:
    """One mistake as a change of the correct code: what stands there, and what a person with that mistake writes.

    ``cause`` is the family, ``title`` its name on the page and ``advice`` what to look at. ``classic`` ones may be
    loaded into the page. A changed code may hold FREE, a constant that is solved for from the values in ``free`` on.
    ``late``: what comes out at t = 0 is left aside, since it depends on how the mistake was written.
    """

    cause: str
    title: str
    advice: str
    edits: tuple[tuple[str, str], ...]
    classic: bool = False
    free: tuple[float, ...] = ()
    late: bool = False


@dataclass(frozen=True)
class Hint:
    """What the numbers say: the mistakes that explain them exactly, or, without causes, a guess in words."""

    title: str
    advice: str
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """One way to hand over the arguments: its name for the page, and how it turns those of a case."""

    name: str
    turn: Callable[[Arguments], Arguments] = lambda arguments: arguments


Property = Callable[[Sequence[Arguments], Sequence[Parts], Mapping[int, Parts]], Hint | None]


@dataclass(frozen=True)
class CodingExercise:
    """One function: its name in the code, its arguments and outputs, and the reference it is compared with.

    ``arguments`` has a row for each: name, shape, meaning. ``formula`` are lines of LaTeX to be aligned at their &.
    ``letters`` name the ``sizes`` of a case. ``template`` is what a person starts from, ``correct`` a right program,
    whose text the ``mistakes`` change; ``properties`` know further causes by what came out. ``calls`` are the ways to
    hand over the arguments, the course's own first. With a ``probe``, the outputs are gates of a GRU, and what counts
    is what that GRU does with the initial state and input that the probe draws: ``observe`` gives it, and its parts are
    ``observed``; ``summary`` is the outputs in short. ``tolerance`` is how far apart right answers may be where the
    exercise leaves that open. ``reading`` are functions to read.
    """

    key: str
    label: str
    place: int
    function: str
    arguments: tuple[tuple[str, str, str], ...]
    outputs: tuple[Output, ...]
    formula: tuple[str, ...]
    reference: Callable[..., object]
    draw: Callable[[np.random.Generator, tuple[int, ...], bool], Arguments]
    sizes: tuple[tuple[int, ...], ...]
    letters: tuple[str, ...]
    small: tuple[int, ...]
    template: str
    correct: str
    mistakes: tuple[Mistake, ...]
    reading: tuple[Callable[..., Any], ...]
    properties: tuple[Property, ...] = ()
    calls: tuple[Call, ...] = (Call("as declared"),)
    probe: Callable[[Arguments], Arguments] | None = None
    observe: Callable[[Arguments, Parts], Parts] = lambda arguments, parts: parts
    tolerance: float | None = None
    observed: tuple[Output, ...] = ()
    summary: tuple[Output, ...] = ()

    @property
    def name(self) -> str:
        """The key, by which the registry knows it."""
        return self.key

    @property
    def signature(self) -> str:
        """The function as it is called."""
        return f"{self.function}({', '.join(name for name, _, _ in self.arguments)})"

    @property
    def closeness(self) -> float:
        """How far apart two right answers may be, of 1 + |number|: rounding, or what the exercise leaves open."""
        return self.tolerance or 1e-12

    @property
    def declared(self) -> tuple[Output, ...]:
        """What the page says of the outputs: each, or all of them in short."""
        return self.summary or self.outputs

    @property
    def compared(self) -> tuple[Output, ...]:
        """What is compared with the reference: the outputs themselves, or what is observed of them."""
        return self.observed or self.outputs

    def cases(self) -> list[Arguments]:
        """Arguments of every case, the same each time; in one, which has more than one sequence, a state is zero."""
        return [self.draw(np.random.default_rng((SEED, place)), sizes, place == ZERO)
                for place, sizes in enumerate(self.sizes)]

    def answer(self, arguments: Arguments) -> Parts:
        """What the reference returns, part by part."""
        return tuple(flat(self.reference(*arguments)))

    def answers(self) -> list[Parts]:
        """What the reference returns for every case."""
        return [self.answer(case) for case in self.cases()]

    def example(self) -> tuple[Arguments, Parts]:
        """A call so small that it can be done by hand, and its answer."""
        arguments = _rounded(self.draw(np.random.default_rng(SEED), self.small, True))
        assert isinstance(arguments, tuple)
        return arguments, self.answer(arguments)

    def size(self, case: int) -> str:
        """The sizes of a case in words: ``B 2, T 5, D 3, H 4``."""
        return ", ".join(f"{name} {size}" for name, size in zip(self.letters, self.sizes[case], strict=True))

    def planted(self, cause: str) -> str:
        """The correct code with the classic mistake of a cause in it; raises StopIteration where there is none."""
        mistake = next(mistake for mistake in self.mistakes if mistake.classic and mistake.cause == cause)
        return changed(self.correct, mistake.edits)

    def classic(self) -> dict[str, str]:
        """The classic mistakes that can be made here, with their names."""
        return {mistake.cause: mistake.title for mistake in self.mistakes if mistake.classic}


def named(outputs: Sequence[Output], parts: Parts) -> list[Output]:
    """Give each part its output; one with ``many`` stands for as many parts as the others leave."""
    extra = len(parts) - len(outputs)
    return [output for output in outputs for _ in range(1 + extra if output.many else 1)]


def changed(code: str, edits: Sequence[tuple[str, str]]) -> str:
    """Change a text; raises ValueError where what is to be changed does not stand in it."""
    for old, new in edits:
        if old not in code:
            raise ValueError(f"{old!r} does not stand in the code")
        code = code.replace(old, new)
    return code


def flat(value: object) -> list[np.ndarray]:
    """Put the arrays and numbers of nested lists and tuples one after another."""
    if isinstance(value, list | tuple):
        return [array for part in value for array in flat(part)]
    return [np.asarray(value)]


def _rounded(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind == "i" else np.round(value, 1) + 0.0
    return type(value)(map(_rounded, value)) if isinstance(value, list | tuple) else value
