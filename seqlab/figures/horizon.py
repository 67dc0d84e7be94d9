"""Pictures of a memory's horizon: loss by context, gradients and trail by lag, and gradients over a training."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int

from seqlab import notation
from seqlab.figures.gradients import written
from seqlab.figures.plot import Axis, Guide, Map, Panel, Plot, Series, digits, powers, steps
from seqlab.figures.theme import LIGHT
from seqlab.reference.horizon import Fading

FAINTEST, STRONGEST = 1e-12, 10.0  # ends of the axis of gradients; only a larger one widens it
PALEST, FULLEST = -9, 1  # powers of ten at the ends of the map's colours
_DASHES: tuple[tuple[int, ...], ...] = ((), (6, 3), (2, 3), (9, 3, 2, 3))


def horizon(gradients: Mapping[str, Float[np.ndarray, " lag"]], lengths: Int[np.ndarray, " length"],
            loss: Float[np.ndarray, " length"], trail: Float[np.ndarray, " lag"], unit: str) -> Plot:
    """Draw three measures of how far back a memory reaches, one above the other, over the same steps back.

    What reads k symbols reads back to k - 1 steps before its answer. The axis of gradients is logarithmic and the same
    for all runs, but for gradients beyond its upper end; a guide marks where half of each state's is left. Without data
    nothing is known to be right, so there is no loss (no ``lengths``).
    """
    longest = len(trail)
    across = Axis(-0.5, longest - 0.5, "steps back from the answer", steps(longest), word="lag")
    last = Axis(across.low, across.high, across.label, across.ticks, word="lag")
    back = Panel(across, _gradient_axis(gradients), f"Length of dL/d of {', '.join(gradients)} by steps back.",
                 tuple(part for name, each in gradients.items() for part in _line(name, each, gradients)),
                 tuple(_half(name, each) for name, each in gradients.items()
                       if name != "x" and Fading.of(each).half is not None))
    left = Panel(last, Axis(0.0, _above(float(trail.max())), "trail", ((0, "0"), (0.5, "½"), (1, "1"))),
                 f"Share of a symbol's trail that is left: {trail[-1]:.3g} after {longest - 1} steps.",
                 (Series(np.arange(longest), digits(trail), "accent", "trail of a symbol", width=2.4),))
    if not len(lengths):
        return Plot("How far back its memory reaches", (back, left), 380,
                    "the loss whose gradient is drawn is that of the answer it gives at the end of this input")
    top = _above(float(loss.max()))
    read = Panel(across, Axis(0.0, top, "loss, nats", ((0, "0"), (top, f"{top:.3g}"))),
                 f"Loss by what it reads: {loss[0]:.3g} nats with one {unit}, {loss[-1]:.3g} with {longest}.",
                 (Series(lengths - 1, digits(loss), "text", "loss when it reads no further back", width=2.4),))
    return Plot("How far back its memory reaches", (read, back, left), 560,
                "the loss is that of the last answer, a mean over sequences of its own task")


def fading(lengths: Sequence[Float[np.ndarray, " lag"]], snapshots: Sequence[int], name: str, several: bool) -> Plot:
    """Draw how far back the gradient of one quantity reaches while a network learns: a row for each snapshot.

    Colours are powers of ten between fixed ends, so two trainings can be compared.
    """
    rows = np.stack(lengths)
    with np.errstate(divide="ignore"):
        values = np.clip(np.log10(rows), PALEST, FULLEST).round(2)
    longest, count = rows.shape[1], len(snapshots)
    hop = max(1, int(np.ceil(count / 7)))
    ticks = tuple((row, f"{snapshots[row]:,}") for row in range(0, count, hop))
    scale = ((PALEST, "≤ 1e−9"), (-6, "1e−6"), (-3, "1e−3"), (0, "1"), (FULLEST, "≥ 10"))
    panel = Panel(Axis(-0.5, longest - 0.5, "steps back from the answer", steps(longest), word="lag"),
                  Axis(-0.5, count - 0.5, "training step", ticks),
                  f"Length of {written(name, several)} at each of {longest} steps back, at {count} snapshots.",
                  map=Map(values, PALEST, FULLEST, "sequential", digits(rows), scale))
    return Plot(f"{written(name, several)} over the training", (panel,), 330,
                "pale at the right: it vanishes on its way back · dark: it grows")


def fades(name: str, lengths: Float[np.ndarray, " lag"], several: bool) -> str:
    """Say in a sentence how a gradient changes on its way back."""
    fading = Fading.of(lengths)
    who = written(name, several)
    if not np.isfinite(fading.rate):
        return f"{who} is there at one time alone."
    half = ("half of it is left nowhere below that" if fading.half is None else
            f"half of it is left **{fading.half:.2g}** steps back")
    end = float(lengths[-1] / lengths[0]) if lengths[0] > 0 else float("nan")
    pace = "grows" if fading.rate > 1.005 else "fades" if fading.rate < 0.995 else "stays"
    if fading.half is None:
        half = "more than half of it is left as far back as this picture goes"
    return (f"{who} {pace} by a factor of **{fading.rate:.3g}** a step; {half}, and **{end:.2g} ×** of it at "
            f"{len(lengths) - 1}.")


def _above(value: float) -> float:
    """The upper end of an axis: one of a few round numbers, so that two networks side by side mostly have the same."""
    power = 10.0 ** int(np.log10(max(value, 1.0)))
    return next(part * power for part in (1, 2.5, 5, 10) if value <= part * power)


def _gradient_axis(gradients: Mapping[str, Float[np.ndarray, " lag"]]) -> Axis:
    largest = max([STRONGEST, *(float(each.max()) for each in gradients.values())])
    low, high = round(np.log10(FAINTEST)), int(np.ceil(np.log10(largest)))
    ticks = ((FAINTEST, f"≤ {powers(low, low, 1)[0][1]}"), *powers(low + 3, high - (high - low) % 3, 3))
    return Axis(FAINTEST, 10.0 ** high, "gradient", ticks, log=True, gaps=True)


def _line(name: str, lengths: Float[np.ndarray, " lag"], among: Mapping[str, object]) -> tuple[Series, ...]:
    key, layer = notation.symbol(name).key, notation.layer(name)
    colour = f"symbols.{key}" if key in LIGHT.symbols else "muted"
    several = sum(notation.symbol(other).key == key for other in among) > 1
    dash = (2, 3) if name == "x" else _DASHES[(layer or 0) % len(_DASHES)]
    return (Series(np.arange(len(lengths)), digits(lengths), colour, written(name, several), width=2.4, dash=dash),)


def _half(name: str, lengths: Float[np.ndarray, " lag"]) -> Guide:
    half = Fading.of(lengths).half
    assert half is not None
    key = notation.symbol(name).key
    return Guide("x", round(half, 2), f"symbols.{key}" if key in LIGHT.symbols else "muted", f"½ {name}", 1.2, (4, 4))
