"""Trying a person's function on every case and saying, in a sentence, whether it agrees and where it first does not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from seqlab.agreement import compare
from seqlab.checking import sandbox, words
from seqlab.checking.exercises import Arguments, Exercise
from seqlab.checking.hints import Hint, explain
from seqlab.checking.sandbox import Limits, Report
from seqlab.checking.words import Difference


@dataclass(frozen=True)
class Verdict:
    """What is said of a function: whether it agrees, one sentence, and what helps to mend it.

    ``line`` is the line of the code in which an error arose, ``largest`` the largest |Δ| over ``numbers`` numbers.
    """

    agrees: bool
    message: str
    line: int | None = None
    largest: float | None = None
    numbers: int = 0
    difference: Difference | None = None
    hint: Hint | None = None
    printed: str = ""
    source: str = ""
    returned: dict[int, np.ndarray] = field(default_factory=dict)


def judge(exercise: Exercise, source: str, *, limits: Limits | None = None,
          progress: Callable[[int, int], None] = lambda done, of: None) -> Verdict:
    """Run the code apart on every case of an exercise and compare; ``progress`` is told how many cases are done.

    Raises Fault only where nothing could be run.
    """
    cases = exercise.cases()
    report = sandbox.run(source, exercise.function, cases, limits=limits,
                         progress=lambda done: progress(done, len(cases)))
    return weigh(exercise, source, report, cases, exercise.answers())


def weigh(exercise: Exercise, source: str, report: Report, cases: Sequence[Arguments],
          answers: Sequence[np.ndarray]) -> Verdict:
    """Say what a report means: the first case that fails speaks."""
    said = Verdict(False, "", source=source, printed=report.printed)
    if report.failed is not None:
        return replace(said, message=words.sentence(exercise, report.failed), line=report.failed["line"])
    right = {case: array for case, array in sorted(report.results.items()) if array.shape == answers[case].shape}
    found = {case: compare({exercise.symbol: answers[case]}, {exercise.symbol: array})
             for case, array in right.items()}
    said = replace(said, hint=explain(exercise.key, cases, answers, right), returned=right,
                   largest=max((part.largest for part in found.values()), default=None),
                   numbers=sum(part.numbers for part in found.values()))
    for case in range(len(cases)):
        if case in report.errors:
            error = report.errors[case]
            return replace(said, message=words.sentence(exercise, error, case), line=error["line"],
                           hint=said.hint or words.misfit(error))
        if case not in report.results:
            break  # it was stopped here
        if case not in right:
            got = report.results[case]
            return replace(said, message=words.wrong_shape(exercise, case, got.shape, answers[case].shape),
                           hint=words.reshaped(got, answers[case]))
        fault = found[case].first_fault
        if fault is not None:
            sequence, time, unit = fault.index
            place = Difference(case, sequence, time, unit, right[case][sequence], answers[case][sequence])
            largest = max(part.largest for part in found.values())
            return replace(said, message=words.differs(place, largest), difference=place)
    if report.stopped or said.largest is None:
        return replace(said, message=report.stopped or "It did not come to the end.")
    return replace(said, agrees=True, message=words.agrees(said.largest, said.numbers, len(cases)))
