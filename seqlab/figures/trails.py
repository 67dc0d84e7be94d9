"""Trails as parts of a film: where the network holds each symbol of its input, for the map that lights up."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int

from seqlab import notation
from seqlab.figures.film import PackedArray, quantise
from seqlab.reference.core import Core, span
from seqlab.reference.trail import carriers

HELD = ("held", "how long they hold a letter")


def limit(core: Core, name: str) -> float:
    """The fixed upper end of the colours of a trail: a unit that is at either end of its scale by half the letters."""
    low, high = span(core, name)
    return (high - low) / 4


def trail_parts(trails: Mapping[str, Float[np.ndarray, "position time unit"]], positions: Sequence[int],
                core: Core) -> list[PackedArray]:
    """Quantise the trails of what carries a symbol, and order the units of each layer by when they hold one."""
    states = {name: values for name, values in trails.items() if notation.symbol(name).key in carriers(core)}
    parts = [_part(name, values, limit(core, name)) for name, values in states.items()]
    orders = [({"kind": "order", "name": HELD[0], "label": HELD[1], "layer": notation.layer(name)},
               held(values, positions).astype(np.uint16))
              for name, values in states.items() if notation.symbol(name).key == "h"]
    return [*parts, *orders]


def held(trails: Float[np.ndarray, "position time unit"], positions: Sequence[int]) -> Int[np.ndarray, " unit"]:
    """Order units by how long after a symbol was read they depend on it, on the mean; those that never do come last."""
    lags = np.arange(trails.shape[1])[None] - np.array(positions)[:, None]  # position time
    known = np.nan_to_num(trails.astype(np.float64))
    mass = known.sum(axis=(0, 1))
    mean = (known * lags[..., None]).sum(axis=(0, 1)) / np.where(mass > 0, mass, 1)
    return np.lexsort((mean, mass <= 1e-9))


def film_part(film: bytes, delay: int) -> PackedArray:
    """A film of the same word at another delay, to which the picture's own slider goes."""
    return {"kind": "film", "name": "delay", "delay": delay}, np.frombuffer(film, np.uint8)


def _part(name: str, values: Float[np.ndarray, "position time unit"], most: float) -> PackedArray:
    high = float(values.max(initial=most, where=np.isfinite(values)))
    about = {"kind": "trail", "name": name, "key": notation.symbol(name).key, "layer": notation.layer(name),
             "units": values.shape[-1], "range": (0.0, high), "limit": most}
    return about, quantise(values, 0.0, high)
