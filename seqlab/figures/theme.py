"""Every colour of seqlab and what it means, light and dark, for Plotly and for the browser's own code.

One meaning throughout: ``right`` (teal) and ``wrong`` (vermilion) always stand beside ✓ and ✗; signed numbers go from
indigo over the background to amber; gates go from the background (0) to the strongest ink (1). Each symbol has one
colour and one dash, so that lines stay apart without colour. Hues follow Okabe and Ito 2008 and ColorBrewer's
PuOr and YlGnBu, which people with any common form of colour blindness can tell apart.
"""

from dataclasses import asdict, dataclass
from itertools import cycle
from typing import TypedDict, TypeVar

import plotly.graph_objects as go

from seqlab import notation

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

Value = TypeVar("Value")


@dataclass(frozen=True)
class Presented:
    """Type on a projector: how many times larger it is than on a desk, and the least that is read at the back."""

    scale: float = 1.3
    least: int = 18

    def size(self, size: float) -> float:
        """Return the size in pixels of type that has ``size`` on a desk."""
        return max(float(self.least), self.scale * size)


PRESENTED = Presented()


def _with_own(shared: dict[str, Value], *spare: Value) -> dict[str, Value]:
    """Give the symbols that a core brings itself what is spare, in turn."""
    return shared | dict(zip(notation.SYMBOLS.own, cycle(spare), strict=False))


# A line's dash as lengths drawn and left out, in pixels; an empty tuple is an unbroken line.
DASHES: dict[str, tuple[int, ...]] = _with_own({
    "h": (), "r": (6, 3), "z": (2, 3), "n": (9, 3, 2, 3), "a": (6, 3),
    "i": (6, 3), "f": (2, 3), "g": (9, 3, 2, 3), "o": (12, 4), "c": (), "attended": (6, 3),
}, (3, 6), (12, 3, 3, 3), (1, 4), (8, 8))  # none of the shared ones, which stand beside them


@dataclass(frozen=True)
class Palette:
    """The colours of one theme: page, right and wrong, symbols, and the stops of both colour maps from low to high."""

    background: str
    surface: str
    border: str
    text: str
    muted: str
    accent: str
    right: str
    wrong: str
    symbols: dict[str, str]
    diverging: tuple[str, ...]
    sequential: tuple[str, ...]


LIGHT = Palette(
    background="#fdfcfa", surface="#f3f1ec", border="#ddd9d0", text="#1b2130", muted="#596173",
    accent="#2457b8", right="#00726a", wrong="#b83a08",
    symbols=_with_own({"h": "#1f5fbf", "r": "#946000", "z": "#7b3fae", "n": "#b0286a", "a": "#8a6100",
                       "i": "#4f6f0a", "f": "#5f4bb6", "g": "#a83355", "o": "#00708c", "c": "#4a5160",
                       "attended": "#94502a"}, "#0b6e4f", "#8c3d8f", "#a04000", "#35618e"),
    diverging=("#2b3ea6", "#5468c8", "#97a4e0", "#cfd5f0", "#f8f6f2", "#f9dbb3", "#f0ae62", "#d97d1f", "#a65200"),
    sequential=("#f6f4ee", "#d8ead0", "#9fd3c0", "#56b3bd", "#2a86b0", "#225a94", "#1a2f63"),
)

DARK = Palette(
    background="#11141b", surface="#1a1f2a", border="#2f3644", text="#e9ecf2", muted="#9fa8b8",
    accent="#86b4ff", right="#4fd0bf", wrong="#ff9468",
    symbols=_with_own({"h": "#7ab2ff", "r": "#e5b457", "z": "#c99bf2", "n": "#ff92c0", "a": "#e0b060",
                       "i": "#b3d167", "f": "#ab9ff7", "g": "#ff9cae", "o": "#5ccbe6", "c": "#c3cad6",
                       "attended": "#f0b48c"}, "#7fd6a8", "#e3a6e8", "#ffb07a", "#9cc4f0"),
    diverging=("#93a8ff", "#6f86f2", "#4c60cc", "#2f3a80", "#171b24", "#6b3f14", "#a86319", "#e08f2c", "#ffc04d"),
    sequential=("#171b24", "#1d3358", "#215a88", "#2b8aa6", "#5cb8ae", "#a9dcae", "#f6f6c6"),
)


def palette(dark: bool) -> Palette:
    """Return the palette of the light or the dark theme."""
    return DARK if dark else LIGHT


class ThemeTokens(TypedDict):
    """Both palettes, dash patterns and letters by symbol, the font, and how large it is on a projector."""

    light: dict[str, object]
    dark: dict[str, object]
    dashes: dict[str, tuple[int, ...]]
    letters: dict[str, str]
    font: str
    presented: dict[str, float]


def tokens() -> ThemeTokens:
    """Return all of this as plain JSON for the browser's code."""
    letters = {key: symbol.latex[0] for key, symbol in notation.SYMBOLS.items() if symbol.latex[1] == "_"}
    return {"light": asdict(LIGHT), "dark": asdict(DARK), "dashes": DASHES, "letters": letters, "font": FONT,
            "presented": asdict(PRESENTED)}


def template(dark: bool) -> go.layout.Template:
    """Build the Plotly template of one theme: transparent background, quiet grid, tabular and legible text."""
    colours = palette(dark)
    axis = {"gridcolor": colours.border, "linecolor": colours.border, "zerolinecolor": colours.border,
            "tickfont": {"color": colours.muted, "size": 12}, "title": {"font": {"color": colours.muted, "size": 13}},
            "ticks": "", "automargin": True}
    return go.layout.Template(layout={
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": colours.text, "size": 13},
        "title": {"font": {"size": 15, "color": colours.text}, "x": 0, "xref": "paper", "xanchor": "left"},
        "colorway": list(colours.symbols.values()),
        "colorscale": {"sequential": scale(colours.sequential), "diverging": scale(colours.diverging)},
        "xaxis": axis | {"showgrid": False, "zeroline": False}, "yaxis": axis,
        "margin": {"l": 8, "r": 8, "t": 40, "b": 8},
        "hoverlabel": {"bgcolor": colours.surface, "bordercolor": colours.border,
                       "font": {"color": colours.text, "family": FONT}},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "font": {"color": colours.muted}},
    })


def scale(stops: tuple[str, ...]) -> list[list[float | str]]:
    """Spread the stops of a colour map evenly over [0, 1], as Plotly wants them."""
    return [[place / (len(stops) - 1), colour] for place, colour in enumerate(stops)]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours ``#rrggbb`` as WCAG 2.2 defines it, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
