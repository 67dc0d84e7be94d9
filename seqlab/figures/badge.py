"""What a badge says: how NumPy and torch agree on a picture, as data for the component that shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from seqlab import notation
from seqlab.agreement import Agreement, Position, compare
from seqlab.figures.rounding import PRECISIONS, Arrays, Rounding, rounding

EVERYTHING = "The badge compares all quantities of this pass, one by one: states, gates, logits and probabilities."


@dataclass(frozen=True)
class Frame:
    """How NumPy and torch agree on one picture, in each precision; a film has a frame for each training ``step``.

    ``rounding`` says why they part in float32, where roundings and no fault are the cause.
    """

    agreements: Mapping[str, Agreement]
    rounding: Rounding | None = None
    step: int = 0

    @property
    def fault(self) -> Position | None:
        """The first place that differs and should not, in the most precise type where one does."""
        faults = (self.agreements[precision].first_fault for precision in PRECISIONS if precision in self.agreements)
        first = next((fault for fault in faults if fault is not None), None)
        return None if self.rounding else first

    def joined(self, other: "Frame") -> "Frame":
        """Put two comparisons of one picture together; what one of them has not got, such as a precision, is out."""
        roundings = [part.rounding for part in (self, other) if part.rounding is not None]
        agreements = {precision: worse(agreement, other.agreements[precision])
                      for precision, agreement in self.agreements.items() if precision in other.agreements}
        explained = all(part.rounding or part.fault is None for part in (self, other))
        return Frame(agreements, max(roundings, key=lambda part: part.float32) if roundings and explained else None,
                     self.step)


class BadgeFrame(TypedDict, total=False):
    """What the badge says of one frame of a film; ``rounding`` is a sentence, ``fault`` a place."""

    step: int
    float32: float
    float64: float
    fault: str | None
    rounding: str | None


def compared(reference: Mapping[str, Arrays], torch: Mapping[str, Arrays], step: int = 0,
             weight: Callable[[], float] | None = None) -> Frame:
    """Compare both sides of one picture, each by precision; ``weight`` gives the largest weight, where it is asked."""
    agreements = {precision: compare(values, torch[precision]) for precision, values in reference.items()}
    cause = rounding(reference, torch, agreements)
    if cause is not None and weight is not None:
        cause = replace(cause, weight=weight())
    return Frame(agreements, cause, step)


def worse(one: Agreement, other: Agreement) -> Agreement:
    """Join two comparisons to one: the larger difference, the first fault of any, all numbers together."""
    widest = max(one, other, key=lambda part: part.largest)
    fault = next((part.first_fault for part in (one, other) if not part.holds), None)
    return replace(widest, first_fault=fault, numbers=one.numbers + other.numbers)


def proved(frames: Sequence[Frame]) -> dict[str, object]:
    """Write what the badge says of all frames of a film."""
    newest = frames[-1].agreements
    return {"state": "proved", "frames": [badge_frame(frame) for frame in frames],
            "tolerance": {precision: part.tolerance for precision, part in newest.items()},
            "numbers": next(iter(newest.values())).numbers}


def badge_frame(frame: Frame) -> BadgeFrame:
    """Write what the badge says of a frame."""
    fault = frame.fault
    written = BadgeFrame(step=frame.step, fault=None if fault is None else str(fault),
                         rounding=None if frame.rounding is None else str(frame.rounding))
    for precision, agreement in frame.agreements.items():
        if precision == "float32":
            written["float32"] = agreement.largest
        else:
            written["float64"] = agreement.largest
    return written


def explained(symbols: Sequence[str]) -> list[dict[str, str]]:
    """What the letters over the pictures stand for."""
    known = [notation.symbol(key) for key in symbols]
    return [{"key": symbol.key, "name": symbol.name, "meaning": symbol.meaning} for symbol in known]
