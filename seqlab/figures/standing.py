"""A quiet chart that stands still, drawn by Plotly: what ``figures.plot`` describes, with zoom and a picture file.

What moves under a hand is drawn from the same description by ``ui.widgets.plot``, which redraws in place at once.
"""

from collections.abc import Collection
from html import escape
from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from seqlab.figures.plot import Axis, Guide, Map, Panel, Plot, Series
from seqlab.figures.theme import Palette, palette, scale, template

TITLE, LEGEND, LABEL = 46, 26, 40  # pixels above a chart for its title and each line of its legend; below, its label
NARROW, ENTRY, LETTER = 400, 45, 7  # pixels: a narrow chart; an entry of the legend, and each of its letters


def standing(picture: Plot, *, dark: bool = False) -> go.Figure:
    """Draw a chart with Plotly: panels of equal height, one below the other. All its texts are set as texts."""
    colours, rows = palette(dark), len(picture.panels)
    figure = make_subplots(rows, 1, vertical_spacing=0.22 / rows,
                           subplot_titles=[literal(panel.name) for panel in picture.panels] if rows > 1 else None)
    listed: set[str] = set()
    for row, panel in enumerate(picture.panels, 1):
        _panel(figure, panel, row, colours, listed)
    note = f"<br><span style='font-size:12px;color:{colours.muted}'>{literal(picture.note)}</span>" * bool(picture.note)
    several = len(listed) > 1
    top = TITLE + LEGEND * legend_lines(listed) * several + 14 * bool(note)
    figure.update_layout(template=template(dark), height=picture.height, showlegend=several, hovermode="closest",
                         title={"text": f"<b>{literal(picture.title)}</b>{note}", "y": 1, "yref": "container",
                                "yanchor": "top", "pad": {"t": 24 if note else 10}},
                         margin={"l": 8, "r": 12, "t": top, "b": LABEL})
    return figure


def legend_lines(names: Collection[str]) -> int:
    """Lines that a legend needs in a narrow chart; Plotly lets it grow upwards, over the note."""
    return ceil(sum(ENTRY + LETTER * len(name) for name in names) / NARROW)


def _panel(figure: go.Figure, panel: Panel, row: int, colours: Palette, listed: set[str]) -> None:
    where = {"row": row, "col": 1}
    if panel.map is not None:
        figure.add_trace(_map(panel.map, panel.x.word, colours), **where)
    for series in panel.series:
        figure.add_trace(_series(series, panel, colours, first=series.name not in listed), **where)
        listed |= {series.name} - {""}
    for guide in panel.rules:
        _guide(figure, guide, colours, where)
    figure.update_xaxes(_axis(panel.x), **where)
    figure.update_yaxes(_axis(panel.y), **where)


def _series(series: Series, panel: Panel, colours: Palette, first: bool) -> go.Scatter:
    colour, points = _colour(series.colour, colours), series.kind in ("dots", "ring")
    y = np.asarray(series.y, dtype=float)
    if panel.y.log:
        y = np.where(y == 0, np.nan if panel.y.gaps else panel.y.low, np.maximum(y, panel.y.low))
    size = 16 if series.kind == "ring" else 2 * series.width
    dash = ",".join(f"{length}px" for length in series.dash) or "solid"
    shape = "circle-open" if series.kind == "ring" else "circle"
    return go.Scatter(x=series.x, y=y, name=literal(series.name), showlegend=bool(series.name) and first,
                      legendgroup=series.name, mode="markers" if points else "lines", opacity=series.alpha,
                      fill="tozeroy" if series.kind == "band" else None, fillcolor=_faint(colour),
                      line={"color": colour, "width": series.width, "dash": dash},
                      marker={"color": colour, "size": size, "symbol": shape,
                              "line": {"width": 2.5 if series.kind == "ring" else 0}},
                      hoverinfo=None if series.name else "skip",
                      hovertemplate=f"{literal(panel.x.word)} = %{{x}}: %{{y:.3~g}}" if series.name else None)


def _map(shades: Map, word: str, colours: Palette) -> go.Heatmap:
    stops = scale(colours.diverging if shades.colours == "diverging" else colours.sequential)
    ticks = {"tickvals": [value for value, _ in shades.scale], "ticktext": [literal(text) for _, text in shades.scale]}
    rows, columns = shades.values.shape
    names = [literal(name) for name in shades.names] or None
    told = [[f"{names[row]} and {names[column]}" if names else f"{word} = {column}, unit {row}"
             for column in range(columns)] for row in range(rows)]
    return go.Heatmap(z=shades.values, zmin=shades.low, zmax=shades.high, colorscale=stops, text=told,
                      customdata=shades.values if shades.read is None else shades.read, showscale=bool(shades.scale),
                      colorbar={"thickness": 10, "outlinewidth": 0, **ticks}, name="",
                      hovertemplate="%{text}: %{customdata:.3~g}")


def _guide(figure: go.Figure, guide: Guide, colours: Palette, where: dict[str, int]) -> None:
    colour = _colour(guide.colour, colours)
    line = {"color": colour, "width": guide.width, "dash": ",".join(f"{length}px" for length in guide.dash) or "solid"}
    text: dict[str, Any] = {"text": literal(guide.text), "showarrow": False, "font": {"color": colour, "size": 12}}
    if guide.axis == "x":
        place = {"textangle": -90, "yanchor": "bottom", "y": 0.02} if guide.upright else {"yanchor": "bottom", "y": 1}
        figure.add_vline(guide.at, line=line, annotation={**text, **place}, **where)
    else:
        figure.add_hline(guide.at, line=line, annotation=text, annotation_position="top right", **where)


def _axis(axis: Axis) -> dict[str, Any]:
    ends = [float(np.log10(end)) for end in (axis.low, axis.high)] if axis.log else [axis.low, axis.high]
    return {"type": "log" if axis.log else "linear", "range": ends, "title": literal(axis.label),
            "tickvals": [value for value, _ in axis.ticks], "ticktext": [literal(text) for _, text in axis.ticks]}


def literal(text: str) -> str:
    """A text as Plotly shows it unread: no tag and no formula."""
    return escape(text, quote=False).replace("$", "&#36;").replace("\n", "<br>")


def _colour(name: str, colours: Palette) -> str:
    """Find a colour by its name in the palette: ``muted``, or ``symbols.h``."""
    group, _, key = name.partition(".")
    return colours.symbols.get(key, colours.text) if key else str(getattr(colours, group))


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place:place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, 0.1)"
