"""Pictures of gradients: how they grow or fade on their way back through time, and unit by unit."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqlab import notation
from seqlab.figures.theme import palette, scale, template

FAINTEST, STRONGEST = 1e-12, 10.0  # ends of the axis; only a gradient beyond the upper one widens it
PALEST = 1e-6  # what is smaller has the colour of 0
MOST_LETTERS = 34  # that fit below an axis
_DASHES = ("solid", "dash", "dot", "dashdot")


def flow(gradients: Mapping[str, Float[np.ndarray, "time unit"]], heard: str, said: str,
         marks: Mapping[str, int] | None = None, *, dark: bool = False) -> go.Figure:
    """Draw the length of dL/d of each quantity over time, on a logarithmic axis that is the same for all pictures.

    ``heard`` and ``said`` are a letter for each time; ``marks`` names times that matter. A gradient of exactly 0, such
    as that of everything after the answer, has no place on such an axis and is left out.
    """
    figure, colours, top = _figure(heard, said, dark), palette(dark), STRONGEST
    several = any(notation.layer(name) for name in gradients)
    for name, values in gradients.items():
        length = np.linalg.norm(values.astype(np.float64), axis=-1)
        top = max(top, float(length.max()))
        figure.add_scatter(
            x=np.arange(len(length)), y=np.where(length > 0, length, np.nan), mode="lines+markers",
            name=written(name, several).removeprefix("dL/d"),
            line={"color": colours.symbols.get(_key(name), colours.muted), "width": 2.5,
                  "dash": "dot" if name == "x" else _DASHES[(notation.layer(name) or 0) % len(_DASHES)]},
            marker={"size": 6}, hovertemplate=f"{written(name, several)}, t = %{{x}}: %{{y:.2e}}<extra></extra>")
    lines = [{"type": "line", "x0": time, "x1": time, "y0": 0, "y1": 1, "yref": "paper",
              "line": {"color": colours.accent, "width": 1.5, "dash": "dash"}} for time in (marks or {}).values()]
    words = [{"x": time, "y": 0.02, "yref": "paper", "text": text, "showarrow": False, "textangle": -90,
              "yanchor": "bottom", "xanchor": "right", "font": {"color": colours.accent, "size": 12}}
             for text, time in (marks or {}).items()]
    figure.update_layout(title_text="How much the loss feels of each time", showlegend=True, shapes=lines,
                         annotations=words, legend={"y": 1.0, "x": 0, "xanchor": "left", "yanchor": "bottom"})
    low, high = round(np.log10(FAINTEST)), int(np.ceil(np.log10(top)))
    powers = range(low, high + 1, 3)
    figure.update_yaxes(type="log", range=[low, high], tickvals=[10.0 ** power for power in powers],
                        ticktext=[f"1e{power}".replace("-", "−") if power else "1" for power in powers],
                        title="length of dL/d")
    return figure


def heat(gradient: Float[np.ndarray, "time unit"], name: str, heard: str, said: str, *, several: bool = False,
         dark: bool = False) -> go.Figure:
    """Draw dL/d of every unit at every time, with signs, on a colour scale that is the same for all pictures.

    The colour goes with the logarithm on both sides of 0: half its strength is a thousandth, and below a millionth
    there is none. ``name`` is that of a trace, such as ``h.0``; its layer is told where there are ``several``.
    """
    figure, colours = _figure(heard, said, dark), palette(dark)
    units = np.arange(gradient.shape[1])
    figure.add_heatmap(
        z=folded(gradient).T.astype(np.float32), x=np.arange(len(gradient)), y=units, zmin=-1, zmax=1,
        colorscale=scale(colours.diverging), customdata=gradient.T.astype(np.float64),
        hovertemplate="t = %{x}, unit %{y}: %{customdata:.2e}<extra></extra>",
        colorbar={"thickness": 12, "outlinewidth": 0, "tickvals": [-1, -0.5, 0, 0.5, 1], "len": 1.0,
                  "ticktext": ["≤ −1", "−1e−3", "0", "1e−3", "≥ 1"],
                  "tickfont": {"color": colours.muted}})
    figure.update_layout(title={"text": f"{written(name, several)}, unit by unit", "subtitle": {
        "text": "amber: more of it, more loss · indigo: less loss", "font": {"color": colours.muted, "size": 12}}})
    figure.update_yaxes(title="unit", showgrid=False, zeroline=False, tickformat="d", rangemode="nonnegative",
                        range=[-0.5, len(units) - 0.5], nticks=min(9, len(units)))
    return figure


def folded(gradient: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Bring signed numbers of any size to [-1, 1]: sign · (1 + log₁₀|g| / 6), cut at 0 and at 1."""
    with np.errstate(divide="ignore"):
        strength = 1 - np.log10(np.abs(gradient)) / np.log10(PALEST)
    return np.sign(gradient) * np.clip(strength, 0, 1)


def written(name: str, several: bool = False) -> str:
    """Write the gradient of a quantity: ``h.1`` → dL/dh, or dL/dh, layer 1 where there are ``several`` layers."""
    layer = notation.layer(name)
    return f"dL/d{_key(name)}" + (f", layer {layer}" if several and layer is not None else "")


def _key(name: str) -> str:
    return notation.symbol(name).key


def _figure(heard: str, said: str, dark: bool) -> go.Figure:
    figure = go.Figure(layout={"template": template(dark), "height": 380, "margin": {"t": 66}})
    figure.update_layout(title={"y": 0.97, "yanchor": "top", "xref": "container", "font": {"weight": 600}})
    every = -(-len(heard) // MOST_LETTERS)
    shown = list(range(0, len(heard), every))
    figure.update_xaxes(tickvals=shown, ticktext=[f"{heard[t]}<br>{said[t]}" for t in shown], tickangle=0,
                        range=[-0.5, len(heard) - 0.5], title="above: heard at t · below: to say at t")
    return figure
