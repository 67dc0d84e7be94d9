"""A check of a lesson: what is right is computed from the scene, or seen from what the person did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from seqlab.errors import Fault
from seqlab.lessons.scene import Answer, Scene, Verdict
from seqlab.numerals import number
from seqlab.registry import discover


class Settings(BaseModel):
    """The settings of a check, as a lesson's file has them; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Computed:
    """What is right: of a choice its place from 0 on, a letter, a number within a tolerance, or times.

    ``because`` is the sentence that a right answer is met with.
    """

    answer: int | str | float | frozenset[int]
    because: str
    tolerance: float = 0.0


@dataclass(frozen=True)
class CheckKind:
    """A kind of check: its ``name`` in a lesson's file, what it ``tells``, its ``settings`` and an ``example`` in YAML.

    One that ``answers`` kinds of questions has ``compute``, which gives what is right; one that answers none looks with
    ``done`` at what the person did, and ``deed`` makes of a scene one in which it is done, so that the checker can see
    that it can hold at all. Both raise Fault for what cannot be computed.
    """

    name: str
    tells: str
    example: str
    settings: type[Settings]
    answers: tuple[str, ...] = ()
    compute: Callable[[Any, Scene], Computed] | None = None
    done: Callable[[Any, Scene], Verdict] | None = None
    deed: Callable[[Any, Scene], Scene] | None = None


def check_kinds() -> dict[str, CheckKind]:
    """All kinds of checks by name; a new one stands in a file of ``seqlab/lessons/checks`` under ``CHECKS``."""
    return discover("seqlab.lessons.checks", "CHECKS", CheckKind)


@dataclass(frozen=True)
class Check:
    """A kind of check with the settings of one step."""

    kind: CheckKind
    settings: Settings

    @property
    def asks(self) -> bool:
        """Whether it judges an answer, and not what the person did."""
        return bool(self.kind.answers)

    def computed(self, scene: Scene) -> Computed:
        """What is right in a scene; raises Fault where it cannot be computed."""
        if self.kind.compute is None:
            raise Fault(f"The check {self.kind.name} looks at what is done, so there is no answer to compute.")
        return self.kind.compute(self.settings, scene)

    def judge(self, answer: Answer | None, scene: Scene, choices: Sequence[str] = ()) -> Verdict:
        """Judge an answer, or what was done since the step began; what cannot be judged is not right, and says why."""
        try:
            if self.kind.done is not None:
                return self.kind.done(self.settings, scene)
            return judged(answer, self.computed(scene), choices)
        except Fault as fault:
            return Verdict(False, str(fault))


def judged(answer: Answer | None, right: Computed, choices: Sequence[str] = ()) -> Verdict:
    """Compare an answer with what was computed, and say how it differs without giving it away."""
    if answer is None or answer in ("", frozenset()):
        return Verdict(False, "Give an answer first.")
    if isinstance(right.answer, frozenset):
        return _marked(answer, right.answer, right.because)
    if isinstance(right.answer, float):
        return _near(answer, right)
    wanted = choices[right.answer] if isinstance(right.answer, int) else right.answer
    if answer == wanted:
        return Verdict(True, right.because)
    return Verdict(False, "Not this one; look once more." if choices else f"Not {answer}; look once more.")


def _near(answer: Answer, right: Computed) -> Verdict:
    assert isinstance(right.answer, float)
    if not isinstance(answer, int | float):
        return Verdict(False, "Give a number.")
    off = answer - right.answer
    if abs(off) <= right.tolerance + 1e-9 * abs(right.answer):
        return Verdict(True, right.because)
    within = f" An answer within {number(right.tolerance)} counts." if right.tolerance else ""
    return Verdict(False, f"It is {'smaller' if off > 0 else 'larger'}.{within}")


def _marked(answer: Answer, wanted: frozenset[int], because: str) -> Verdict:
    if not isinstance(answer, frozenset):
        return Verdict(False, "Mark the places.")
    if answer == wanted:
        return Verdict(True, because)
    more, less = len(answer - wanted), len(wanted - answer)
    parts = [f"{more} too many" * bool(more), f"{less} missing" * bool(less)]
    return Verdict(False, f"{len(answer & wanted)} right, {', '.join(filter(None, parts))}.")
