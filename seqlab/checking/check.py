"""Runs a person's function on every case and compares it with the reference: one sentence, and the first difference."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from seqlab.checking import messages, sandbox
from seqlab.checking.comparison import Comparison, Difference, closeness, compared
from seqlab.checking.exercise import Arguments, Call, CodingExercise, Hint, Parts
from seqlab.checking.final import final_state
from seqlab.checking.fitting import Misfit, fitted
from seqlab.checking.hints import Evidence, explain
from seqlab.checking.sandbox import Execution, Limits
from seqlab.errors import Fault


@dataclass(frozen=True)
class CheckResult:
    """Outcome of a check: whether the function agrees, one sentence, and what helps to correct it.

    ``line`` is the line of the code in which an error arose, ``largest`` the largest |Δ| over ``numbers`` numbers,
    ``call`` the way in which the arguments were handed over, where that was not the first. ``sealed``: the system kept
    the code from everything else (see ``seal``).
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
    call: str = ""
    sealed: bool = True
    returned: Mapping[int, Parts] = field(default_factory=dict)


@dataclass(frozen=True)
class _Cases:
    """What came of every case: the parts as returned and as they are compared, and what does not fit."""

    evidence: Evidence
    misfits: dict[int, Misfit]
    comparisons: dict[int, Comparison]


def run_check(exercise: CodingExercise, source: str, *, limits: Limits | None = None,
              progress: Callable[[int, int], None] = lambda done, of: None) -> CheckResult:
    """Run the code in its own process on every case of an exercise and compare; ``progress`` gets the cases done.

    Raises Fault only where nothing could be run.
    """
    cases = exercise.cases()

    def run(call: Call) -> Execution:
        return sandbox.run(source, exercise.function, [call.turn(case) for case in cases], limits=limits,
                           progress=lambda done: progress(done, len(cases)))
    return best(exercise, source, run)


def best(exercise: CodingExercise, source: str, run: Callable[[Call], Execution]) -> CheckResult:
    """Run the code with the arguments as the course hands them over; where it then fails, also in the other ways.

    Of several runs the one counts in which most cases returned something of the right shapes, or else with the right
    number of axes; the first of equals.
    """
    tried = list[tuple[tuple[int, int], Execution, Call]]()
    for call in exercise.calls:
        report = run(call)
        shaped = _shaped(exercise, report)
        tried.append((shaped, report, call))
        if shaped[0] == len(exercise.sizes) or report.failed is not None or report.stopped:
            break
    _, report, call = max(tried, key=lambda attempt: attempt[0])
    return summarise(exercise, source, report, call)


def _shaped(exercise: CodingExercise, report: Execution) -> tuple[int, int]:
    """In how many cases something of the right shapes came out, and in how many with the right number of axes."""
    answers = exercise.answers()
    fits = sum(fitted(exercise, returned, answers[case])[1] is None for case, returned in report.results.items())
    axes = sum(returned.parts[:1] != [] and returned.parts[0].ndim == answers[case][0].ndim
               for case, returned in report.results.items())
    return fits, axes


def summarise(exercise: CodingExercise, source: str, report: Execution, call: Call | None = None) -> CheckResult:
    """Summarise an execution: the first case that fails gives the message."""
    way = "" if call is None or call is exercise.calls[0] else call.name
    result = CheckResult(False, "", source=source, printed=report.printed, call=way, sealed=report.sealed)
    if report.failed is not None:
        return replace(result, message=messages.sentence(exercise, report.failed), line=report.failed["line"])
    seen = _seen(exercise, report)
    close = closeness(seen.evidence.returned)
    whole = {case: comparison for case, comparison in seen.comparisons.items() if case not in seen.misfits}
    result = replace(result, returned=seen.evidence.raw,
                     largest=max((part.largest for part in whole.values()), default=None),
                     numbers=sum(part.numbers for part in whole.values()))
    failed = _first_failure(exercise, report, seen, result)
    if failed is not None:
        hint = final_state(exercise, seen.evidence.cases, seen.evidence.answers, _usable(seen), seen.misfits, close)
        return replace(failed, hint=hint or explain(exercise, seen.evidence) or failed.hint)
    if report.stopped or result.largest is None or len(whole) < len(exercise.sizes):
        return replace(result, message=report.stopped or "It did not come to the end.",
                       hint=explain(exercise, seen.evidence))
    kinds = {part.precision for part in whole.values()}
    precision = next((kind for kind in ("mixed", "float32") if kind in kinds), "float64")
    return replace(result, agrees=True, message=messages.agrees(result.largest, result.numbers, len(whole), precision,
                                                                way))


def _usable(seen: _Cases) -> dict[int, Parts]:
    """What was returned, without a part of another shape."""
    return {case: parts[:len(parts) - (case in seen.misfits and seen.misfits[case].kind == "shape")]
            for case, parts in seen.evidence.returned.items()}


def _seen(exercise: CodingExercise, report: Execution) -> _Cases:
    cases, right = exercise.cases(), exercise.answers()
    answers = [exercise.observe(case, answer) for case, answer in zip(cases, right, strict=True)]
    raw, returned = dict[int, Parts](), dict[int, Parts]()
    misfits, comparisons = dict[int, Misfit](), dict[int, Comparison]()
    for case, result in sorted(report.results.items()):
        parts, misfit = fitted(exercise, result, right[case])
        if misfit is not None:
            misfits[case] = misfit
        if misfit is None or not exercise.observed:
            raw[case] = parts
            returned[case] = seen = _observed(exercise, cases[case], parts, answers[case])
            comparisons[case] = compared(exercise, case, seen, answers[case])
            if misfit is not None and misfit.kind == "shape":
                returned[case] = raw[case] = (*parts, misfit.got)
    return _Cases(Evidence(cases, answers, returned, raw, right), misfits, comparisons)


def _observed(exercise: CodingExercise, case: Arguments, parts: Parts, answer: Parts) -> Parts:
    """What is compared; NaN where what was returned cannot be used."""
    try:
        return exercise.observe(case, parts)
    except Fault:
        return tuple(np.full(part.shape, np.nan) for part in answer)


def _first_failure(exercise: CodingExercise, report: Execution, seen: _Cases,
                   result: CheckResult) -> CheckResult | None:
    """The first case that raised, did not fit or differs; None where all agree, or the code was stopped before."""
    for case in range(len(exercise.sizes)):
        if case in report.errors:
            error = report.errors[case]
            return replace(result, message=messages.sentence(exercise, error, case), line=error["line"],
                           hint=messages.mismatch(error))
        if case not in report.results:
            return None
        place = seen.comparisons[case].difference if case in seen.comparisons else None
        if place is not None:
            largest = max(comparison.largest for comparison in seen.comparisons.values())
            several = place.output is not exercise.compared[0]
            return replace(result, difference=place, message=messages.differs(place, largest, several))
        if case in seen.misfits:
            misfit = seen.misfits[case]
            return replace(result, message=messages.misfit(exercise, case, misfit), hint=messages.reshaped(misfit))
    return None

