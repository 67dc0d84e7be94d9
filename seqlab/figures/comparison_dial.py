"""A slider of a comparison: the picture at each of its stops, so that the browser draws them while it is dragged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqlab.figures.film import PackedArray, quantise

ROOM = 750_000  # bytes that the pictures of one slider may take
STEPS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
LogAnswers = Float[np.ndarray, "time vocab"]


@dataclass(frozen=True)
class ComparisonDial:
    """What one of the two sides is at every stop of a slider.

    ``name`` comes back with the number of the ``stops`` at which a hand rests, ``label`` and ``texts`` are read;
    ``side`` (0 or 1) is the one that moves, and ``titles`` name it at every stop (none: as in the comparison). ``at``
    is the stop that the comparison itself shows, None where it shows none of them, and then the slider waits at
    ``start``. ``best`` are the most probable answers and ``sure`` their probabilities, ``values`` the quantity that is
    shown, at every stop; None: it is as in the comparison. ``kl`` is KL(A ‖ B), None where there is none.
    """

    name: str
    label: str
    side: int
    stops: Sequence[int | float]
    texts: Sequence[str]
    at: int | None
    start: int
    best: Int[np.ndarray, "stop time"]
    sure: Float[np.ndarray, "stop time"]
    values: Float[np.ndarray, "stop time unit"] | None
    kl: Float[np.ndarray, "stop time"] | None
    titles: Sequence[str] = ()

    @property
    def header(self) -> dict[str, object]:
        """What the browser reads of the slider itself."""
        return {"name": self.name, "label": self.label, "side": self.side, "stops": list(self.stops),
                "texts": list(self.texts), "at": self.at, "start": self.start,
                "titles": list(self.titles)}

    def parts(self, place: int, units: Sequence[int | None]) -> list[PackedArray]:
        """Pack its pictures, as the dial of a ``place``: int16 ``stop row time``, uint16 answers and how sure, KL."""
        parts: list[PackedArray] = [
            ({"kind": "best", "dial": place}, self.best.astype(np.uint16)),
            ({"kind": "sure", "dial": place}, np.rint(np.nan_to_num(self.sure) * 65535).astype(np.uint16))]
        if self.kl is not None:
            parts.append(({"kind": "kl", "dial": place}, self.kl.astype(np.float32)))
        return parts if self.values is None else [*parts, self._maps(place, units, self.values)]

    def _maps(self, place: int, units: Sequence[int | None],
              values: Float[np.ndarray, "stop time unit"]) -> PackedArray:
        """The rows of the map at every stop, NaN where there is no unit."""
        rows = np.full((len(values), len(units), values.shape[1]), np.nan)
        there = [row for row, unit in enumerate(units) if unit is not None]
        rows[:, there] = values[:, :, [unit for unit in units if unit is not None]].transpose(0, 2, 1)
        finite = np.isfinite(rows)
        low, high = (float(ends(rows, where=finite, initial=0.0)) for ends in (np.min, np.max))
        high = max(high, low + 1e-6)
        about = {"kind": "map", "dial": place, "shape": rows.shape[1:], "range": (low, high)}
        return about, quantise(rows, low, high)


@dataclass(frozen=True)
class DialAnswers:
    """The most probable answers at every stop, how probable they are, and KL(A ‖ B), None where there is none."""

    best: Int[np.ndarray, "stop time"]
    sure: Float[np.ndarray, "stop time"]
    kl: Float[np.ndarray, "stop time"] | None

    @classmethod
    def of(cls, moving: Iterable[LogAnswers], other: LogAnswers | None, *, first: bool) -> "DialAnswers":
        """Read them off log p of the side that moves, one stop after another; ``first``: it is A.

        ``other`` is log p of the other side, None where the two answers have no KL.
        """
        best, sure, kl = [], [], []
        for log in moving:
            best.append(np.nan_to_num(log).argmax(-1))
            sure.append(np.exp(log.max(-1)))
            if other is not None:
                a, b = (log, other) if first else (other, log)
                kl.append((np.exp(a) * (a - b)).sum(-1))
        return cls(np.array(best), np.array(sure), np.array(kl) if kl else None)


def values_between(low: float, high: float, room: int, now: float | None = None,
                   finest: float = 0.05) -> tuple[float, ...]:
    """Give values from one end to the other, as finely as there is room for, and among them the present one."""
    steps = [step for step in STEPS if step >= finest and (high - low) / step < room]
    step = steps[0] if steps else (high - low) / max(1, room - 1)
    even = [round(low + place * step, 6) for place in range(round((high - low) / step) + 1)]
    return tuple(sorted({*even, *([] if now is None else [now])}))


def stops_that_fit(time: int, rows: int, room: int = ROOM) -> int:
    """Count the stops whose pictures stay within so many bytes; at least two."""
    return max(2, room // (time * (2 * rows + 8)))
