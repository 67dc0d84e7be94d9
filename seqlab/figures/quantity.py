"""One quantity of a pass as a heatmap of time × unit, or of query × key for each head, with fixed colours."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab import notation
from seqlab.errors import Fault
from seqlab.figures.standing import literal
from seqlab.figures.theme import palette, scale, template
from seqlab.reference.core import Core, span

ROW, EDGES = 260, 90  # pixels
MOST_TICKS = 80  # symbols below a picture; more would lie over each other


def quantity(name: str, trace: Mapping[str, np.ndarray], core: Core, read: Sequence[str],
             answers: Sequence[str] = (), *, dark: bool = False) -> go.Figure:
    """Draw a symbol of a trace (``h`` in all layers, ``h.1`` in one) for its first sequence.

    ``read`` are the symbols of the input, ``answers`` those of the logits. Raises Fault for one that is not there.
    """
    names = [known for known in trace if name in (known, notation.symbol(known).key)]
    if not names:
        there = dict.fromkeys(notation.symbol(known).key for known in trace)
        raise Fault(f"This pass has no quantity {name[:20]!r}; it has {', '.join(there)}.")
    symbol = notation.symbol(names[0])
    maps = {label: part for known in names for label, part in _maps(known, trace[known][0], symbol.axes[1:])}
    figure = make_subplots(len(maps), 1, subplot_titles=[*maps] if len(maps) > 1 else None,
                           vertical_spacing=0.3 / len(maps))
    low, high = span(core, names[0])
    colours, names_of = palette(dark), {"time": read, "query": read, "key": read, "vocab": answers}
    stops = scale(colours.diverging if symbol.colour == "diverging" else colours.sequential)
    down, across = ("query", "key") if "query" in symbol.axes else (symbol.axes[-1], "time")
    for row, part in enumerate(maps.values(), 1):
        figure.add_heatmap(z=part.astype(np.float32), zmin=low, zmax=high, colorscale=stops, row=row, col=1,
                           showscale=row == 1, colorbar={"thickness": 10, "outlinewidth": 0}, name="",
                           hovertemplate=f"{across} %{{x}}, {down} %{{y}}: %{{z:.4g}}")
        figure.update_xaxes(_ticks(names_of.get(across, ()), across), row=row, col=1)
        figure.update_yaxes(_ticks(names_of.get(down, ()), down) | {"autorange": "reversed"}, row=row, col=1)
    figure.update_layout(template=template(dark), height=EDGES + ROW * len(maps),
                         title=literal(f"{symbol.name}: {symbol.meaning}"), margin={"t": 60, "b": 40})
    return figure


def _maps(name: str, values: np.ndarray, axes: tuple[str, ...]) -> list[tuple[str, np.ndarray]]:
    """Cut into pictures: one a head, units down and time across, queries down and keys across."""
    if axes[0] == "head":
        parts = enumerate(values if axes[-1] == "key" else values.swapaxes(1, 2))
        return [(f"{name}, head {head}", part) for head, part in parts]
    return [(name, values.T)]


def _ticks(symbols: Sequence[str], axis: str) -> dict[str, object]:
    if not symbols or len(symbols) > MOST_TICKS:
        return {"title": axis}
    return {"title": axis, "tickvals": list(range(len(symbols))), "tickangle": 0,
            "ticktext": [literal(symbol if symbol.strip() else {" ": "␣", "\n": "↵", "\t": "⇥"}.get(symbol, "␣"))
                         for symbol in symbols]}
