"""Pictures of two GRUs with the same weights: their quantities, how far apart they are, and what it costs."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int

from seqlab import notation
from seqlab.figures.plot import Axis, Colours, Guide, Map, Panel, Plot, Series, powers, steps
from seqlab.figures.theme import DASHES, palette, template

FLOOR = 1e-17


def maps(one: Float[np.ndarray, "time hidden"], other: Float[np.ndarray, "time hidden"], key: str,
         names: tuple[str, str]) -> Plot:
    """Draw a quantity in both conventions and the difference below, as maps of time × unit with stated scales."""
    symbol = notation.SYMBOLS[key]
    (low, high), gap = symbol.span, np.abs(one - other)
    # A scale of its own, in steps of ten, so that a small difference is seen and two pictures can still be compared.
    widest = (high - low) * 10.0 ** -min(5, int(-np.log10(max(gap.max() / (high - low), 1e-5))))
    rows: tuple[tuple[str, np.ndarray, float, float, Colours], ...] = (
        (f"{symbol.name}, {names[0]}", one, low, high, symbol.colour),
        (f"{symbol.name}, {names[1]}", other, low, high, symbol.colour),
        (f"|Δ|, from 0 to {widest:g}", gap, 0.0, widest, "sequential"))
    time, units = one.shape
    ends = ((0.0, "0"), (units - 1.0, str(units - 1))) if units > 1 else ((0.0, "0"),)
    panels = tuple(Panel(
        Axis(-0.5, time - 0.5, "t", steps(time)), Axis(units - 0.5, -0.5, "unit", ends),
        f"{name}, over {time} steps and {units} units.", map=Map(values.T.round(4), least, most, colours), name=name)
        for name, values, least, most, colours in rows)
    return Plot(f"{symbol.name.capitalize()} in both", panels, 500)


def parting(gaps: Mapping[str, Float[np.ndarray, " time"]], threshold: float, first: int | None) -> Plot:
    """Draw the largest |Δ| over the units at each time, for each gate, with the threshold and where h passes it."""
    time = gaps["h"].size
    t = np.arange(time)
    least = min([threshold, *(float(gap[gap > 0].min()) for gap in gaps.values() if gap.any())])
    power = int(np.floor(np.log10(max(least, FLOOR))))
    series = [Series(t, gap, f"symbols.{key}", f"{key} {notation.SYMBOLS[key].name}", width=2.2, dash=DASHES[key])
              for key, gap in gaps.items()]
    if first is not None:
        series.append(Series(np.array([first]), gaps["h"][first:first + 1], "wrong", kind="ring"))
    panel = Panel(Axis(-0.4, time - 0.6, "t", steps(time)),
                  Axis(10.0 ** (power - 0.3), 4.0, "largest |Δ|", powers(power, 0, max(1, -power // 5)), log=True),
                  "Largest difference of each gate at each time.", tuple(series),
                  (Guide("y", threshold, "wrong", dash=(5, 4)),))
    return Plot("How far they are apart", (panel,), 360)


def accuracies(delays: Int[np.ndarray, " delay"], shares: Mapping[str, Float[np.ndarray, " delay"]], chance: float, *,
               dark: bool = False) -> go.Figure:
    """Draw the share of right letters at each delay for the convention it was trained in, first, and the other."""
    figure = go.Figure(layout={"template": template(dark), "height": 270})
    figure.update_layout(title={"text": "Accuracy by delay", "font": {"weight": 600}, "xref": "container"})
    colours = palette(dark)
    for (name, share), colour, pattern in zip(shares.items(), (colours.right, colours.wrong), ("", "/"), strict=False):
        figure.add_bar(x=delays, y=share, name=name, marker={"color": colour, "pattern": {"shape": pattern}},
                       hovertemplate=f"{name}, delay %{{x}}: %{{y:.1%}}<extra></extra>")
    figure.add_hline(y=chance, line={"color": colours.muted, "dash": "dash", "width": 1.5})
    figure.update_yaxes(range=[0, 1.04], tickformat=".0%", dtick=0.25)
    figure.update_xaxes(title="delay (letters)", dtick=1)
    figure.update_layout(legend={"y": -0.34, "yanchor": "top"}, bargap=0.3, bargroupgap=0.08)
    return figure
