"""Finds the cause of a difference: the mistake, or the two, that give exactly what the function returned."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from seqlab.checking.comparison import closeness
from seqlab.checking.exercise import Arguments, CodingExercise, Hint, Mistake, Parts, changed
from seqlab.checking.mutations import mutations
from seqlab.checking.variants import constant, equal, gives
from seqlab.checking.where import where


@dataclass(frozen=True)
class Evidence:
    """What came out: for each case the arguments, the answer, and what was returned, as it is compared.

    ``raw`` is the same before it is observed, ``right`` the raw answers.
    """

    cases: Sequence[Arguments]
    answers: Sequence[Parts]
    returned: Mapping[int, Parts]
    raw: Mapping[int, Parts]
    right: Sequence[Parts]


def explain(exercise: CodingExercise, evidence: Evidence) -> Hint | None:
    """Find the mistake, or else the two, that give what was returned in every case; else say what the place excludes.

    A family that is known by what came out is asked first, then the exercise's own mistakes, then every small change of
    its code, then two of its mistakes at once.
    """
    close = closeness(evidence.returned)
    wrong = [case for case, parts in evidence.returned.items() if not _same(parts, evidence.answers[case], close)]
    if not wrong:
        return None
    for known in exercise.properties:
        if (hint := known(evidence.cases, evidence.right, evidence.raw)) is not None:
            return hint
    # The smallest case that differs throws out most; what passes it is tried on the others.
    order = sorted(evidence.returned, key=lambda case: (case not in wrong, evidence.answers[case][0].size))
    for place, view in enumerate(_views(evidence, close)):
        for attempt in _candidates(exercise, pairs=place == 0):
            if (explained := attempt(evidence, view, order, close)) is not None:
                return explained
    return _guess(evidence) or where(exercise, evidence.cases, evidence.answers, evidence.returned, close)


Attempt = Callable[[Evidence, Mapping[int, Parts], Sequence[int], float], Hint | None]


def _views(evidence: Evidence, close: float) -> Iterator[Mapping[int, Parts]]:
    """What a cause must explain: every part, and where that fails the first part that is wrong, alone."""
    yield evidence.returned
    if any(len(parts) > 1 for parts in evidence.returned.values()) and any(
            parts and not equal(parts[0], evidence.answers[case][0], close)
            for case, parts in evidence.returned.items()):
        yield {case: parts[:1] for case, parts in evidence.returned.items()}


def _candidates(exercise: CodingExercise, pairs: bool) -> Iterator[Attempt]:
    fixed = [mistake for mistake in exercise.mistakes if not mistake.free]
    yield from (_attempt(exercise, (mistake,)) for mistake in fixed)
    yield from (_solved(exercise, mistake) for mistake in exercise.mistakes if mistake.free)
    yield from (_attempt(exercise, (mistake,)) for mistake in mutations(exercise.correct, exercise.function))
    if pairs:
        yield from (_attempt(exercise, pair) for pair in combinations(fixed, 2) if pair[0].cause != pair[1].cause)


def _attempt(exercise: CodingExercise, mistakes: Sequence[Mistake]) -> Attempt:
    def attempt(evidence: Evidence, view: Mapping[int, Parts], order: Sequence[int], close: float) -> Hint | None:
        code = exercise.correct
        try:
            for mistake in mistakes:
                code = changed(code, mistake.edits)
        except ValueError:  # the one has taken away what the other changes
            return None
        late = any(mistake.late for mistake in mistakes)
        if not all(gives(exercise, code, evidence.cases[case], view[case], close, late) for case in order):
            return None
        return Hint(" and ".join(mistake.title for mistake in mistakes),
                    " ".join(mistake.advice for mistake in mistakes), tuple(mistake.cause for mistake in mistakes))
    return attempt


def _solved(exercise: CodingExercise, mistake: Mistake) -> Attempt:
    """Try a mistake with a constant in it, which each case gives anew."""
    def attempt(evidence: Evidence, view: Mapping[int, Parts], order: Sequence[int], close: float) -> Hint | None:
        values = list[float]()
        for case in order:
            value = constant(exercise, mistake, evidence.cases[case], view[case], close)
            if value is None:
                return None
            values.append(value)
        advice = mistake.advice.format(free=f"{values[0]:.4g}".replace("-", "−"))
        return replace(Hint(mistake.title, advice), causes=(mistake.cause,))
    return attempt


def _same(parts: Parts, answer: Parts, close: float) -> bool:
    return all(equal(one, other, close) for one, other in zip(parts, answer, strict=False))


def _guess(evidence: Evidence) -> Hint | None:
    if not all(np.isfinite(part).all() for parts in evidence.returned.values() for part in parts):
        return Hint("NaN or infinity", "A 0 · ∞, a 0 / 0 or an overflow of exp makes these. For a mask take "
                    "np.where(allowed, scores, -np.inf); for softmax subtract the largest score first.")
    return None
