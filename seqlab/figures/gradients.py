"""Pictures of gradients: how they grow or fade on their way back through time, and unit by unit."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.figures.plot import Axis, Guide, Map, Panel, Plot, Series, Ticks, digits, powers, steps
from seqlab.figures.theme import LIGHT

FAINTEST, STRONGEST = 1e-12, 10.0  # ends of the axis; only a gradient beyond the upper one widens it
PALEST = 1e-6  # what is smaller has the colour of 0
HEIGHT = 390
_DASHES: tuple[tuple[int, ...], ...] = ((), (6, 3), (2, 3), (9, 3, 2, 3))
_SCALE: Ticks = ((-1, "≤ −1"), (-0.5, "−1e−3"), (0, "0"), (0.5, "1e−3"), (1, "≥ 1"))


def flow(gradients: Mapping[str, Float[np.ndarray, "time unit"]], inputs: Sequence[str], targets: Sequence[str],
         marks: Mapping[str, int] | None = None, at: int | None = None) -> Plot:
    """Draw the length of dL/d of each quantity over time, on a logarithmic axis that is the same for all pictures.

    ``inputs`` and ``targets`` have a symbol for each time; ``marks`` names times that matter, ``at`` is that of the
    only output whose loss counts. A gradient of exactly 0, such as that of everything after that output, has no place
    on such an axis and is left out; one below its end, but not 0, stands at that end.
    """
    several = any(notation.layer(name) for name in gradients)
    lengths = {name: digits(np.linalg.norm(part.astype(np.float64), axis=-1)) for name, part in gradients.items()}
    top = max([STRONGEST, *(float(length.max()) for length in lengths.values())])
    low, high = round(np.log10(FAINTEST)), int(np.ceil(np.log10(top)))
    ticks = ((FAINTEST, f"≤ {powers(low, low, 1)[0][1]}"), *powers(low + 3, high - (high - low) % 3, 3))
    series = tuple(part for name, length in lengths.items() for part in _curve(name, length, several))
    rules = tuple(Guide("x", time, "accent", text, dash=(5, 4), upright=True) for text, time in (marks or {}).items())
    quantities = ", ".join(written(name, several) for name in gradients)
    panel = Panel(_times(inputs, targets), Axis(FAINTEST, 10.0 ** high, "length of dL/d", ticks, log=True, gaps=True),
                  f"Length of {quantities} at each of {len(inputs)} times, on a logarithmic axis."
                  + "".join(f" It {text} at t = {time}." for text, time in (marks or {}).items()), series, rules)
    return Plot("How much the loss depends on each time", (panel,), HEIGHT,
                "the loss of all answers" if at is None else f"the loss of the answer at t = {at}")


def heat(gradient: Float[np.ndarray, "time unit"], name: str, inputs: Sequence[str], targets: Sequence[str], *,
         several: bool = False) -> Plot:
    """Draw dL/d of every unit at every time, with signs, on a colour scale that is the same for all pictures.

    The colour goes with the logarithm on both sides of 0: half its strength is a thousandth, and below a millionth
    there is none. ``name`` is that of a trace, such as ``h.0``; its layer is written where there are ``several``.
    """
    time, units = gradient.shape
    title = f"{written(name, several)}, unit by unit"
    values = Map(folded(gradient).T.round(3), -1, 1, "diverging", digits(gradient.T), _SCALE)
    panel = Panel(_times(inputs, targets), Axis(units - 0.5, -0.5, "unit", steps(units)),
                  f"{title}: {units} units at each of {time} times.", map=values)
    return Plot(title, (panel,), HEIGHT, "amber: more of it, more loss · indigo: less loss")


def folded(gradient: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Bring signed numbers of any size to [-1, 1]: sign · (1 + log₁₀|g| / 6), cut at 0 and at 1."""
    with np.errstate(divide="ignore"):
        strength = 1 - np.log10(np.abs(gradient)) / np.log10(PALEST)
    return np.asarray(np.sign(gradient) * np.clip(strength, 0, 1))


def written(name: str, several: bool = False) -> str:
    """Write the gradient of a quantity: ``h.1`` → dL/dh, or dL/dh, layer 1 where there are ``several`` layers."""
    layer = notation.layer(name)
    return f"dL/d{_key(name)}" + (f", layer {layer}" if several and layer is not None else "")


def _key(name: str) -> str:
    return notation.symbol(name).key


def _curve(name: str, length: Float[np.ndarray, " time"], several: bool) -> tuple[Series, Series]:
    """A line, and dots on it: between two gaps there is no line to see."""
    key, t = _key(name), np.arange(len(length))
    colour = f"symbols.{key}" if key in LIGHT.symbols else "muted"
    dash = (2, 3) if name == "x" else _DASHES[(notation.layer(name) or 0) % len(_DASHES)]
    return (Series(t, length, colour, written(name, several).removeprefix("dL/d"), width=2.5, dash=dash),
            Series(t, length, colour, kind="dots", width=2.6))


def _times(inputs: Sequence[str], targets: Sequence[str]) -> Axis:
    ticks = tuple((t, f"{one}\n{other}") for t, (one, other) in enumerate(zip(inputs, targets, strict=True)))
    return Axis(-0.5, len(inputs) - 0.5, "above: input at t · below: target at t", ticks)
