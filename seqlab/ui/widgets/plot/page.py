"""The chart alone: lines, a band, dots and a mark above, and a map below."""

import numpy as np

from seqlab.figures.plot import Axis, Guide, Map, Panel, Plot, Series, steps
from seqlab.ui.widgets.plot import plot

TIME = 40


def picture() -> Plot:
    """Sample data: a damped wave with its bound, and how it depends on the damping."""
    t = np.arange(TIME)
    damping = np.linspace(0.02, 0.2, 8)[:, None]
    waves = np.exp(-damping * t) * np.cos(t / 3)
    lines = (Series(t, np.exp(-damping[2] * t), "right", "bound", "band"),
             Series(t, waves[2], "symbols.h", "wave", width=2.4),
             Series(t[::4], waves[2, ::4], "accent", "", "dots", width=4))
    above = Panel(Axis(-0.5, TIME - 0.5, "", steps(TIME)), Axis(-1.0, 1.0, "size", ((-1, "−1"), (0, "0"), (1, "1"))),
                  "A damped wave below its bound", lines, (Guide("x", 9, "accent", "a period", dash=(5, 4)),))
    below = Panel(Axis(-0.5, TIME - 0.5, "t", steps(TIME)), Axis(7.5, -0.5, "damping"), "Eight damped waves",
                  map=Map(waves, -1.0, 1.0, "diverging", scale=((-1, "−1"), (0, "0"), (1, "1"))), name="eight waves")
    return Plot("A damped wave", (above, below), 420, "Sample data.")


if __name__ == "__main__":
    plot(picture(), key="sample")
