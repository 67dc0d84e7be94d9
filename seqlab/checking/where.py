"""Where a difference begins that no known mistake explains: in time, batch, units and sizes, and what that excludes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seqlab.checking.comparison import gaps
from seqlab.checking.exercise import ZERO, Arguments, CodingExercise, Hint, Output, Parts, named

MOST = 3  # sentences; more would be read by nobody


@dataclass(frozen=True)
class Place:
    """A part that differs in a case: which numbers of it are wrong."""

    case: int
    output: Output
    yours: np.ndarray
    answer: np.ndarray
    wrong: np.ndarray

    def along(self, axis: str) -> np.ndarray:
        """For each index of an axis, whether anything is wrong there."""
        place = self.output.axes.index(axis)
        return np.asarray(self.wrong.any(axis=tuple(other for other in range(self.wrong.ndim) if other != place)))


def where(exercise: CodingExercise, cases: Sequence[Arguments], answers: Sequence[Parts],
          returned: Mapping[int, Parts], close: float) -> Hint | None:
    """Say where the difference is and what is therefore right; None where nothing can be said."""
    places = [place for case in returned for place in _places(exercise, case, answers[case], returned[case], close)]
    first = [place for place in places if place.output.name == places[0].output.name]
    if not first:
        return None
    sentences = [sentence for rule in (_other_parts(exercise, places), _in_size(exercise, first, returned),
                                       _in_time(exercise, first), _in_batch(first), _in_units(first), _in_ratio(first))
                 for sentence in rule]
    return Hint("", " ".join(sentences[:MOST]) or "It differs in every case from the first number on, so the place "
                "excludes nothing. Print what comes out line by line in a call as small as the example.")


def _places(exercise: CodingExercise, case: int, answer: Parts, parts: Parts, close: float) -> Iterator[Place]:
    for output, one, other in zip(named(exercise.compared, answer), parts, answer, strict=False):
        if one.shape != other.shape or not np.isfinite(one).all():
            continue
        wrong = gaps(one, other) > close * (1 + np.abs(other))
        if wrong.any():
            yield Place(case, output, one, other, wrong)


def _other_parts(exercise: CodingExercise, places: Sequence[Place]) -> Iterator[str]:
    names = {place.output.name for place in places}
    needed = [output.name for output in exercise.compared if not output.optional]
    right = [name for name in dict.fromkeys(needed) if name not in names]
    if right and len(needed) > 1:
        yield f"Right: {', '.join(right)}. Wrong: {', '.join(name for name in needed if name in names)}."


def _in_size(exercise: CodingExercise, places: Sequence[Place], returned: Mapping[int, Parts]) -> Iterator[str]:
    """What the cases that are right have in common."""
    wrong = {place.case for place in places}
    right = [case for case in returned if case not in wrong]
    if not right:
        return
    for name, at in ((letter, place) for place, letter in enumerate(exercise.letters)):
        sizes = {case: exercise.sizes[case][at] for case in returned}
        if all(sizes[case] == 1 for case in right) and all(sizes[case] > 1 for case in wrong):
            yield f"With {name} = 1 it is right, with more it is not: look at what {name} multiplies or joins."
            return
    yield f"Right with {'; '.join(exercise.size(case) for case in right[:2])}, wrong with {exercise.size(min(wrong))}."


def _in_time(exercise: CodingExercise, places: Sequence[Place]) -> Iterator[str]:
    timed = [place for place in places if "t" in place.output.axes and place.answer.shape[1] > 1]
    if not timed or len(timed) < len(places):
        return
    steps = [place.along("t") for place in timed]
    begins = min(int(wrong.argmax()) for wrong in steps)
    if "init_state" in exercise.signature:
        yield from _in_steps(begins, timed, steps)
    elif any(mistake.cause == "unmasked" for mistake in exercise.mistakes):
        yield from _in_positions(begins, steps)


def _in_steps(begins: int, timed: Sequence[Place], steps: Sequence[np.ndarray]) -> Iterator[str]:
    """What time excludes in a recurrent network."""
    if begins > 0:
        yield (f"The first {'step is' if begins == 1 else f'{begins} steps are'} right in every case, so weights, "
               "biases and initial state go in rightly; what differs is what the next step is given: the state that is "
               "carried on, or its input.")
    elif all(not wrong[-1] for wrong in steps):
        yield "The last step is right, the earlier ones are not: look at how the states are put together."
    elif _begins_with_the_state(timed, steps):
        yield ("The first step is right where the initial state is zero and wrong where it is not, so the input's part "
               "is right: look at how the state enters.")
    elif all(wrong.all() for wrong in steps):
        yield ("It differs from the first step on, so what is carried on is not (alone) to blame: look at one step, "
               "from x and init_state to h.")


def _in_positions(begins: int, steps: Sequence[np.ndarray]) -> Iterator[str]:
    """What time excludes in attention that sees what came before alone."""
    if all(not wrong[-1] for wrong in steps):
        yield ("The last position is right, which sees every position: so scores, scale, softmax and values are; look "
               "at the mask.")
    elif begins > 0:
        yield ("Position 0, which sees itself alone, is right: so values, heads and Wo are; look at scores, mask and "
               "softmax.")
    elif all(wrong[0] for wrong in steps):
        yield ("Position 0, which sees itself alone, is wrong already: its weight is 1 whatever the scores are, so "
               "look at values, heads, Wo and mask first.")


def _begins_with_the_state(timed: Sequence[Place], steps: Sequence[np.ndarray]) -> bool:
    """Whether t = 0 is right in the case whose initial state is zero, and wrong in all others."""
    first = {place.case: bool(wrong[0]) for place, wrong in zip(timed, steps, strict=True)}
    return len(first) > 2 and not first.pop(ZERO, False) and all(first.values())


def _in_batch(places: Sequence[Place]) -> Iterator[str]:
    many = [place.along("sequence") for place in places if "sequence" in place.output.axes
            and place.answer.shape[place.output.axes.index("sequence")] > 1]
    if many and all(not wrong[0] and wrong[1:].all() for wrong in many):
        yield "The first sequence of each batch is right, the others are not: look at where the batch's axis is lost."
    elif many and all(not wrong.all() for wrong in many):
        yield "Some sequences of a batch are right, others not: look at what mixes the rows of the batch."


def _in_units(places: Sequence[Place]) -> Iterator[str]:
    wide = [place.along("unit") for place in places if "unit" in place.output.axes and place.answer.shape[-1] > 1]
    if wide and all(not wrong.all() for wrong in wide):
        units = ", ".join(map(str, np.flatnonzero(wide[0])[:6]))
        yield f"Only some units differ (in the first such case {units}): look at what treats the units differently."


def _in_ratio(places: Sequence[Place]) -> Iterator[str]:
    yours = np.concatenate([place.yours[place.wrong] for place in places])
    answer = np.concatenate([place.answer[place.wrong] for place in places])
    if len(yours) < 4 or (np.abs(answer) < 1e-12).any():
        return
    ratio, shift = yours / answer, yours - answer
    if np.ptp(ratio) < 1e-8 * (1 + abs(ratio[0])):
        yield f"Every number that differs is {ratio[0]:.6g} times the right one.".replace("-", "−")
    elif np.ptp(shift) < 1e-8 * (1 + abs(shift[0])):
        yield f"Every number that differs is off by {shift[0]:.6g}.".replace("-", "−")
