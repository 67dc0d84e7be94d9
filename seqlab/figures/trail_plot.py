"""The trail of one symbol: how far the state depends on it at each time, in sum and unit by unit."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.figures.plot import Axis, Guide, Map, Panel, Plot
from seqlab.figures.plot import Series as PlotSeries
from seqlab.figures.trails import limit
from seqlab.reference.core import Core
from seqlab.reference.trail import length, share

HEIGHT = 460
MOST_TICKS = 60


def trail_plot(trail: Float[np.ndarray, "time unit"], *, name: str, core: Core, letters: Sequence[str], at: int,
               delay: int | None = None) -> Plot:
    """Draw the mean over units as a band, and under it every unit, in the colours that each trail of a state has."""
    time, units = trail.shape
    symbol, mean, most = notation.symbol(name), trail.mean(axis=1, dtype=np.float64), limit(core, name)
    high = max(most, float(mean.max()))
    ticks = tuple((place, letter) for place, letter in enumerate(letters)) if time <= MOST_TICKS else ()
    rules = [Guide("x", at, "accent", "read", upright=True)]
    if delay is not None and at + delay < time:
        rules.append(Guide("x", at + delay, "right", "said", upright=True))
    x = Axis(-0.5, time - 0.5, ticks=ticks)
    band = PlotSeries(np.arange(time), mean.round(5), "accent", "mean over all units", "band")
    upper = Panel(x, Axis(0, high, "spread", ((0, "0"), (high, f"{high:.2g}"))), rules=tuple(rules),
                  alt=f"How far the {symbol.name} depends on {letters[at]}, on the mean over units, at each time.",
                  series=(band,))
    lower = Panel(x, Axis(-0.5, units - 0.5, "unit", ((0, "0"), (units - 1, str(units - 1)))),
                  rules=(Guide("x", at, "accent"),),
                  alt=f"How far each unit of the {symbol.name} depends on {letters[at]} at each time.",
                  map=Map(trail.T.round(4), 0, most, "sequential", scale=((0, "0"), (most, f"≥ {most:g}"))))
    return Plot(f"Trail of {letters[at]} in the {symbol.name}", (upper, lower), HEIGHT)


def in_words(trail: Float[np.ndarray, "time unit"], *, letter: str, at: int, delay: int | None = None) -> str:
    """Say how long it is remembered, and of an echo how much of the trail lies between hearing and saying."""
    lasts = length(trail, at)
    if not lasts:
        return f"Nothing in this state depends on {letter}, read at t = {at}."
    end = at + lasts - 1
    until = "up to the end" if end == len(trail) - 1 else f"up to t = {end}"
    between = f" {100 * share(trail, at, at + (delay or 0)):.0f} % of it lies between reading and saying."
    said = "" if delay is None else between
    return f"{letter}, read at t = {at}: more than half of its strongest trail lasts {until}, {lasts} steps.{said}"
