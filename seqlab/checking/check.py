"""Runs a person's function on every case and compares it with the reference: one sentence, and the first difference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from seqlab.agreement import compare
from seqlab.checking import messages, sandbox
from seqlab.checking.exercises import Arguments, CodingExercise
from seqlab.checking.hints import Hint, explain
from seqlab.checking.messages import Difference
from seqlab.checking.sandbox import Execution, Limits


@dataclass(frozen=True)
class CheckResult:
    """Outcome of a check: whether the function agrees, one sentence, and what helps to correct it.

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


def run_check(exercise: CodingExercise, source: str, *, limits: Limits | None = None,
              progress: Callable[[int, int], None] = lambda done, of: None) -> CheckResult:
    """Run the code in its own process on every case of an exercise and compare; ``progress`` gets the cases done.

    Raises Fault only where nothing could be run.
    """
    cases = exercise.cases()
    report = sandbox.run(source, exercise.function, cases, limits=limits,
                         progress=lambda done: progress(done, len(cases)))
    return summarise(exercise, source, report, cases, exercise.answers())


def summarise(exercise: CodingExercise, source: str, report: Execution, cases: Sequence[Arguments],
              answers: Sequence[np.ndarray]) -> CheckResult:
    """Summarise an execution: the first case that fails gives the message."""
    result = CheckResult(False, "", source=source, printed=report.printed)
    if report.failed is not None:
        return replace(result, message=messages.sentence(exercise, report.failed), line=report.failed["line"])
    shaped = {case: array for case, array in sorted(report.results.items()) if array.shape == answers[case].shape}
    agreements = {case: compare({exercise.symbol: answers[case]}, {exercise.symbol: array})
                  for case, array in shaped.items()}
    result = replace(result, hint=explain(exercise.key, cases, answers, shaped), returned=shaped,
                     largest=max((part.largest for part in agreements.values()), default=None),
                     numbers=sum(part.numbers for part in agreements.values()))
    for case in range(len(cases)):
        if case in report.errors:
            error = report.errors[case]
            return replace(result, message=messages.sentence(exercise, error, case), line=error["line"],
                           hint=result.hint or messages.misfit(error))
        if case not in report.results:
            break  # it was stopped here
        if case not in shaped:
            got = report.results[case]
            return replace(result, message=messages.wrong_shape(exercise, case, got.shape, answers[case].shape),
                           hint=messages.reshaped(got, answers[case]))
        fault = agreements[case].first_fault
        if fault is not None:
            sequence, time, unit = fault.index
            place = Difference(case, sequence, time, unit, shaped[case][sequence], answers[case][sequence])
            largest = max(part.largest for part in agreements.values())
            return replace(result, message=messages.differs(place, largest), difference=place)
    if report.stopped or result.largest is None:
        return replace(result, message=report.stopped or "It did not come to the end.")
    return replace(result, agrees=True, message=messages.agrees(result.largest, result.numbers, len(cases)))
