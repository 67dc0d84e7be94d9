"""The final state that was returned beside the outputs: why it is wrong while they are right."""

from collections.abc import Mapping, Sequence

import numpy as np

from seqlab.checking.exercise import Arguments, CodingExercise, Hint, Parts
from seqlab.checking.fitting import Misfit
from seqlab.checking.variants import equal

ADVICE = "Return the state after the last step, [1, B, H] or [B, H], or the states alone."


def final_state(exercise: CodingExercise, cases: Sequence[Arguments], answers: Sequence[Parts],
                returned: Mapping[int, Parts], misfits: Mapping[int, Misfit], close: float) -> Hint | None:
    """Name the cause where everything but an optional part is right; None where it is not so."""
    needed = sum(not output.optional for output in exercise.compared)
    if not returned or len(exercise.compared) == needed or any(
            len(parts) < needed or not all(equal(one, other, close) for one, other in
                                           zip(parts[:needed], answers[case][:needed], strict=True))
            for case, parts in returned.items()):
        return None
    wrong = [(case, place) for case, parts in returned.items() for place in range(needed, len(parts))
             if not equal(parts[place], answers[case][place], close)]
    if not wrong and not any(misfit.output.optional for misfit in misfits.values()):
        return None
    name = exercise.compared[-1].name if not wrong else exercise.compared[wrong[0][1]].name
    return Hint(f"{name} wrong", f"{_reason(exercise, cases, answers, returned, wrong, close)}{ADVICE}"
                if "state" in name or "cell" in name else "The rest is right; it may be left out.", ("final state",))


def _reason(exercise: CodingExercise, cases: Sequence[Arguments], answers: Sequence[Parts],
            returned: Mapping[int, Parts], wrong: Sequence[tuple[int, int]], close: float) -> str:
    """What was returned in its place, where that can be told."""
    def all_are(guess: str) -> bool:
        return bool(wrong) and all(equal(returned[case][place], _guess(guess, cases[case], answers[case], place), close)
                                   for case, place in wrong)

    for guess, sentence in (("initial", "What you return is the initial state. "),
                            ("first", "What you return is the state after the first step. "),
                            ("before", "What you return is the state before the last step. "),
                            ("other", "State and cell have changed places. ")):
        if all_are(guess):
            return sentence
    return "The states are right, what is returned beside them is not. "


def _guess(kind: str, arguments: Arguments, answer: Parts, place: int) -> np.ndarray:
    states = answer[0]
    initial = arguments[-2]
    return {"initial": lambda: np.asarray(initial[place - 1] if isinstance(initial, tuple) else initial),
            "first": lambda: states[None, :, 0],
            "before": lambda: states[None, :, -2] if states.shape[1] > 1 else np.asarray(initial),
            "other": lambda: answer[3 - place] if len(answer) == 3 else states}[kind]()
