"""A slider of a comparison: the picture at each of its stops, so that the browser draws them while it is dragged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab.figures.film import PackedArray, quantise

ROOM = 750_000  # bytes that the pictures of one slider may take


@dataclass(frozen=True)
class ComparisonDial:
    """What one of the two sides is at every stop of a slider.

    ``name`` comes back with the number of the ``stops`` at which a hand rests, ``label`` and ``texts`` are read;
    ``side`` (0 or 1) is the one that moves. ``at`` is the stop that the comparison itself shows, None where it shows
    none of them, and then the slider waits at ``start``. ``log_answers`` are log p, and ``values`` the quantity that is
    shown, at every stop; None: it is as in the comparison. ``kl`` is KL(A ‖ B), None where there is none.
    """

    name: str
    label: str
    side: int
    stops: Sequence[float]
    texts: Sequence[str]
    at: int | None
    start: int
    log_answers: Float[np.ndarray, "stop time vocab"]
    values: Float[np.ndarray, "stop time unit"] | None
    kl: Float[np.ndarray, "stop time"] | None

    @property
    def header(self) -> dict[str, object]:
        """What the browser reads of the slider itself."""
        return {"name": self.name, "label": self.label, "side": self.side, "stops": list(self.stops),
                "texts": list(self.texts), "at": self.at, "start": self.start}

    def parts(self, place: int, units: Sequence[int | None]) -> list[PackedArray]:
        """Pack its pictures, as the dial of a ``place``: int16 ``stop row time``, uint16 answers and how sure, KL."""
        best = self.log_answers.argmax(-1)
        sure = np.exp(np.take_along_axis(self.log_answers, best[..., None], -1)[..., 0])
        parts: list[PackedArray] = [
            ({"kind": "best", "dial": place}, np.nan_to_num(best).astype(np.uint16)),
            ({"kind": "sure", "dial": place}, np.rint(np.nan_to_num(sure) * 65535).astype(np.uint16))]
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


def stops_that_fit(time: int, rows: int, room: int = ROOM) -> int:
    """Count the stops whose pictures stay within so many bytes; at least two."""
    return max(2, room // (time * (2 * rows + 8)))
