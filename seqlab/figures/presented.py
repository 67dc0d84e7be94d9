"""Type as large as a projector needs: every size of a style sheet and of a Plotly figure, by the numbers of the theme.

A style sheet is written for a desk. ``growing`` gives each of its sizes two variables that are set where the page is
presented (``ui/shell/present.css``) and have no effect elsewhere: ``--type``, how many times larger, and ``--least``.
"""

import re
from typing import Any

import plotly.graph_objects as go

from seqlab.figures.theme import PRESENTED

TALLER = 1.25  # times as high, so that larger ticks leave room for the picture
USUAL = 450  # pixels: as high as Plotly draws a figure that says nothing of it
AROUND = 1.5  # times as much room around a picture, where its ticks, title and legend stand

_SIZE = re.compile(r"(?P<head>\bfont(?:-size)?:(?: [a-z0-9]+)*? ?)(?P<size>[\d.]+)(?P<unit>px|r?em)\b"
                   r"(?:/(?P<line>[\d.]+)px)?")
_LINE = re.compile(r"(?P<head>\bline-height: ?)(?P<line>[\d.]+)px")
_SPAN = re.compile(r"font-size:(?P<size>[\d.]+)px")


def growing(css: str) -> str:
    """Let every size of type in a style sheet, or in a ``style`` attribute, grow where the page is presented."""
    return _LINE.sub(lambda match: f"{match['head']}{_line(match['line'])}", _SIZE.sub(_grown, css))


def _grown(match: re.Match[str]) -> str:
    size = f"{match['size']}{match['unit']}{' * var(--type, 1)' if match['unit'] == 'px' else ''}"
    line = f"/{_line(match['line'])}" if match["line"] else ""
    return f"{match['head']}max({size}, var(--least, 0px)){line}"


def _line(pixels: str) -> str:
    return f"calc({pixels}px * var(--type, 1))"


def variables() -> str:
    """Write the rule that sets the variables, and the size from which Streamlit's own type is reckoned."""
    scale, least = PRESENTED.scale, PRESENTED.least
    return f"html[data-present] {{ font-size: {scale:.0%}; --type: {scale:g}; --least: {least}px; }}\n"


def enlarged(figure: go.Figure) -> go.Figure:
    """Return a figure whose texts are as large as a projector needs, with the room that they take."""
    layout = _larger(figure.layout.to_plotly_json())
    layout["height"] = round(TALLER * (layout.get("height") or USUAL))
    # Part by part: a whole figure as JSON has its numbers packed already.
    return go.Figure({"data": [_larger(trace.to_plotly_json()) for trace in figure.data], "layout": layout})


def _larger(part: Any, name: str = "") -> Any:
    """Enlarge what is a font, a margin or a text with a size of its own, at any depth."""
    if isinstance(part, dict):
        return {key: _larger(value, f"{name}.{key}") for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_larger(value, name) for value in part]
    if isinstance(part, str):
        return _SPAN.sub(lambda match: f"font-size:{PRESENTED.size(float(match['size'])):g}px", part)
    if re.search(r"font\.size$", name) and isinstance(part, int | float):
        return PRESENTED.size(float(part))
    return AROUND * part if re.search(r"\.margin\.[lrtb]$", name) else part
