"""Checking trusted code in this process, without the seconds that a process of its own takes."""

import contextlib
import io

import numpy as np

from seqlab.checking import child
from seqlab.checking.check import CheckResult, best
from seqlab.checking.exercise import Call, CodingExercise
from seqlab.checking.sandbox import Execution, Returned


def check_here(exercise: CodingExercise, source: str) -> CheckResult:
    """What ``run_check`` answers, by the same way of fitting, comparing and explaining."""
    return best(exercise, source, lambda call: _executed(exercise, source, call))


def _executed(exercise: CodingExercise, source: str, call: Call) -> Execution:
    space: dict = {}
    execution = Execution()
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        exec(source, space)
        for place, case in enumerate(exercise.cases()):
            try:
                kinds, parts = child.parted(space[exercise.function](*call.turn(case)))
            except Exception as error:
                execution.errors[place] = child.described(error)
            else:
                execution.results[place] = Returned(parts, kinds)
    return execution
