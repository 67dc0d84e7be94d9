"""Pictures of the Cells page: the five lines' errors, GRUs set by hand, and errors that grow along a sequence."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int

from seqlab.figures.plot import Axis, Guide, Panel, Plot, Series, digits, powers, steps
from seqlab.figures.theme import FONT, palette, template

FLOOR = 1e-19  # where an exact 0 is drawn on a logarithmic axis
_CURVES: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "numpy32": ("NumPy, float32", "h", ()), "torch32": ("torch, float32", "n", ()),
    "torch64": ("torch, float64", "a", (2, 3))}


def errors(lines: Mapping[str, Float[np.ndarray, " seed"]], published: Mapping[str, float], *,
           dark: bool = False) -> go.Figure:
    """Draw every seed's error as a dot on a logarithmic axis, a row for each line, its published figure as a bar.

    A zero, which such an axis cannot show, stands at its left end under the name "exactly 0".
    """
    figure, colours, zero = _blank("", 84 * len(lines) + 60, dark), palette(dark), 1e-10
    for row, (name, values) in enumerate(lines.items()):
        jitter = row + np.random.default_rng(row).uniform(-0.24, 0.24, values.size)
        figure.add_scatter(x=np.maximum(values, zero), y=jitter, mode="markers", customdata=values, name=name,
                           marker={"size": 6, "color": colours.accent, "opacity": 0.38}, showlegend=False,
                           hovertemplate=f"{name}: %{{customdata:.2g}}<extra></extra>")
    rows = np.arange(len(lines))
    for label, marks, colour, size in (
            ("published", [published[name] for name in lines], colours.wrong, 52),
            ("our median", [float(np.median(values)) for values in lines.values()], colours.text, 26)):
        figure.add_scatter(x=np.maximum(marks, zero), y=rows, mode="markers", name=label, customdata=marks,
                           marker={"symbol": "line-ns", "size": size, "line": {"width": 3, "color": colour}},
                           hovertemplate=f"{label}: %{{customdata:.2g}}<extra></extra>")
    figure.update_yaxes(tickvals=rows, ticktext=list(lines), range=[len(lines) - 0.5, -0.5], showgrid=False,
                        zeroline=False,
                        tickfont={"color": colours.text, "size": 13})
    figure.update_xaxes(type="log", tickvals=[zero, 1e-8, 1e-6, 1e-4], ticktext=["exactly 0", "1e−8", "1e−6", "1e−4"],
                        range=[-10.5, -3.8], tickangle=0, showgrid=True, title="difference")
    figure.update_layout(showlegend=True, margin={"t": 34})
    return figure


def overlaid(rnn: Float[np.ndarray, "time hidden"], gru: Float[np.ndarray, "time hidden"], bias: float) -> Plot:
    """Lay the states of a GRU over those of the RNN that it should be, a panel for each unit."""
    time, units = rnn.shape
    t, ticks = np.arange(time), ((-1.0, "\u22121"), (0.0, "0"), (1.0, "1"))
    panels = tuple(Panel(
        Axis(0, time - 1, "t", steps(time)), Axis(-1.08, 1.08, f"h, unit {unit}", ticks),
        f"States of unit {unit} of the RNN and of the GRU over {time} steps.",
        (Series(t, rnn[:, unit], "muted", "RNN", width=9, alpha=0.4), Series(t, gru[:, unit], "symbols.h", "GRU")))
        for unit in range(units))
    return Plot(f"Hidden states at bias {bias:g}", panels, 330)


def by_bias(curves: Mapping[str, tuple[np.ndarray, np.ndarray]], bias: float, marks: Mapping[str, float], title: str,
            label: str) -> Plot:
    """Draw quantities that fall as a gate closes, on a logarithmic axis, and where the slider stands.

    ``curves`` are pairs of biases and values by name; those whose name begins with "theory" are lines, the rest dots.
    ``marks`` are biases with a name, drawn as upright lines. A zero stands at the bottom as "exactly 0".
    """
    colours = iter(("symbols.h", "symbols.n"))
    series = tuple(Series(x, y, "muted", name, width=1.6, dash=(6, 4)) if name.startswith("theory") else
                   Series(x, y, next(colours), name, "dots", width=2.4) for name, (x, y) in curves.items())
    rules = tuple(Guide("x", place, "muted", name, 1, (2, 3)) for name, place in marks.items())
    panel = Panel(Axis(-0.5, 40.5, "gate bias", tuple((float(k), str(k)) for k in range(0, 41, 10)), word="bias"),
                  Axis(FLOOR, 3.0, label, ((FLOOR, "exactly 0"), *powers(-16, 0, 4)), log=True),
                  f"{title}, for every gate bias from 0 to 40.", series, (*rules, Guide("x", bias, "accent", width=2)),
                  name=" ")
    return Plot(title, (panel,), 330)


def remembered(times: Int[np.ndarray, " time"], h: Float[np.ndarray, "time hidden"],
               theory: Float[np.ndarray, "time hidden"], bias: float) -> Plot:
    """Draw states over a logarithmic time from the initial one (at the left) on, and what is left of it in theory."""
    series = tuple(Series(times, h[:, unit], f"symbols.{key}", f"unit {unit}", width=2.4)
                   for unit, key in zip(range(h.shape[1]), ("h", "n", "z", "i"), strict=False))
    expected = tuple(Series(times, theory[:, unit], "muted", "" if unit else "theory: σ(bias)ᵗ h₀", width=1.6,
                            dash=(6, 4)) for unit in range(h.shape[1]))
    ends = ((0.5, "start"), (10.0, "10"), (100.0, "100"), (1000.0, "1,000"), (10000.0, "10,000"))
    panel = Panel(Axis(0.5, 10000, "time steps", ends, log=True, word="steps"),
                  Axis(-1.08, 1.08, "hidden state", ((-1.0, "\u22121"), (0.0, "0"), (1.0, "1"))),
                  "States over 10,000 steps, beside what theory leaves of them.", series + expected)
    return Plot(f"States over 10,000 steps at bias {bias:g}", (panel,), 330)


def growth(distances: Mapping[str, Float[np.ndarray, " time"]], tolerance: float, title: str) -> Plot:
    """Draw how far passes are from NumPy in float64 at each time, and shade where they count as agreeing.

    ``distances`` holds ``numpy32``, ``torch32``, ``torch64`` and ``size``, the largest |h|; the band ends at
    tolerance · (1 + |h|). At most some 700 points a curve are drawn, each the largest of its stretch of time.
    """
    time = len(distances["size"])
    t = np.arange(0, time, max(1, time // 700))
    limit = tolerance * (1 + np.maximum.reduceat(distances["size"], t))
    curves = tuple(Series(t, digits(np.maximum.reduceat(distances[key], t)), f"symbols.{colour}", name, width=1.5,
                          dash=dash) for key, (name, colour, dash) in _CURVES.items())
    panel = Panel(Axis(0, time, "t", steps(time)),
                  Axis(1e-18, 4.0, "largest |Δ| over the units", powers(-18, 0, 3), log=True),
                  f"Distance of three passes from NumPy in float64 over {time:,} steps.",
                  (Series(t, digits(limit), "right", "float32 agrees below this", "band", width=1), *curves))
    return Plot(title, (panel,), 420)


def matrices(blocks: Mapping[str, Sequence[tuple[str, Float[np.ndarray, "_ _"]]]], *,
             dark: bool = False) -> str:
    """Write small matrices as an HTML table of coloured numbers, a row of matrices for each name in ``blocks``."""
    colours = palette(dark)
    rows = []
    for name, parts in blocks.items():
        shown = "".join(f'<figure><figcaption>{label}</figcaption><table>{_cells(part, colours.diverging)}</table>'
                        "</figure>" for label, part in parts)
        rows.append(f'<section><h4>{name}</h4><div class="parts">{shown}</div></section>')
    return f'<div class="matrices" style="font-family:{FONT.replace(chr(34), chr(39))}">{"".join(rows)}</div>'


def _cells(part: Float[np.ndarray, "rows columns"], stops: Sequence[str]) -> str:
    def cell(value: float) -> str:
        ground = stops[round((min(max(value / 3, -1), 1) + 1) / 2 * (len(stops) - 1))]
        ink = "#11141b" if _light(ground) else "#fdfcfa"
        text = f"{value:.2f}" if abs(value) < 9.995 else f"{value:g}"
        return f'<td style="background:{ground};color:{ink}">{text.replace("-", "−")}</td>'
    return "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in part.tolist())


def _light(colour: str) -> bool:
    red, green, blue = (int(colour[place:place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue > 140


def _blank(title: str, height: int, dark: bool) -> go.Figure:
    return go.Figure(layout={"template": template(dark), "height": height, "title": title})
