"""Curves that are looked at rather than watched: accuracy by delay and by length, and runs side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int

from seqlab.figures.standing import literal
from seqlab.figures.theme import palette, template

COLUMNS = {
    "loss": "Loss (nats per letter)",
    "accuracy": "Accuracy on the training batches",
    "evaluation": "Accuracy on fresh data",
    "grad_norm": "Gradient norm before clipping",
    "lr": "Learning rate",
    "tokens_per_s": "Tokens per second",
}
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def accuracy_by_delay(delays: Int[np.ndarray, " point"], accuracy: Float[np.ndarray, " point"], chance: float,
                      trained: Sequence[int], *, dark: bool = False) -> go.Figure:
    """Draw the share of right letters at each delay, with the delays of the training shaded and the chance line."""
    figure = _accuracy("Accuracy by delay", delays, accuracy, chance, dark, hover="delay %{x}: %{y:.1%}")
    figure.update_xaxes(title="delay (letters)")
    if trained:
        _shade(figure, min(trained) - 0.5, max(trained) + 0.5, "trained here", dark)
    return figure


def accuracy_by_length(lengths: Int[np.ndarray, " point"], accuracy: Float[np.ndarray, " point"], chance: float,
                       trained_length: int, *, dark: bool = False) -> go.Figure:
    """Draw the share of right letters at each length of the word, shaded up to the length of the training."""
    figure = _accuracy("Accuracy by word length", lengths, accuracy, chance, dark, hover="%{x} letters: %{y:.1%}")
    figure.update_xaxes(title="length (letters)")
    _shade(figure, 0.0, float(trained_length), "trained up to here", dark)
    return figure


def compare(runs: Mapping[str, Mapping[str, np.ndarray]], column: str, log: bool = False, *,
            dark: bool = False) -> go.Figure:
    """Lay one column of several runs over each other, by step; NaN (no measurement) is left out.

    Raises KeyError for an unknown column.
    """
    title, figure = COLUMNS[column], _figure(dark)
    for place, (name, columns) in enumerate(runs.items()):
        steps, values = np.asarray(columns["step"]), np.asarray(columns[column], dtype=np.float64)
        known = np.isfinite(values)
        figure.add_scatter(
            x=steps[known], y=values[known], name=literal(name),
            mode="lines+markers" if column == "evaluation" else "lines",
            line={"color": _colour(place, dark), "width": 2, "dash": _DASHES[place // 6 % len(_DASHES)]},
            hovertemplate="%{y:.4g}")
    figure.update_layout(title=title, hovermode="x unified", height=420, showlegend=True)
    figure.update_layout(legend={"y": -0.16, "yanchor": "top"})
    figure.update_xaxes(title="training step")
    if log:
        figure.update_yaxes(type="log", tickformat="~g", dtick="D2" if _decades(figure) < 3 else 1)
    return figure


def _decades(figure: go.Figure) -> float:
    """Count the powers of ten that the curves of a figure cover."""
    drawn = np.concatenate([np.asarray(curve.y, dtype=np.float64) for curve in figure.data] or [np.ones(1)])
    positive = drawn[drawn > 0]
    return float(np.log10(positive.max() / positive.min())) if positive.size else 0.0


def _colour(place: int, dark: bool) -> str:
    colours = palette(dark)
    names = ("h", "r", "n", "o", "z", "i")
    return colours.symbols[names[place % len(names)]]


def _figure(dark: bool) -> go.Figure:
    return go.Figure(layout={"template": template(dark), "height": 300})


def _accuracy(title: str, x: np.ndarray, accuracy: np.ndarray, chance: float, dark: bool, hover: str) -> go.Figure:
    figure, colours = _figure(dark), palette(dark)
    figure.add_scatter(x=x, y=accuracy, mode="lines+markers", name="accuracy", hovertemplate=f"{hover}<extra></extra>",
                       line={"color": colours.accent, "width": 2.5}, marker={"size": 8})
    figure.add_hline(y=chance, line={"color": colours.muted, "dash": "dash", "width": 1.5},
                     annotation={"text": f"chance {chance:.1%}", "font": {"color": colours.muted, "size": 12},
                                 "xanchor": "left", "yanchor": "bottom", "x": 0})
    figure.update_layout(title=title, showlegend=False)
    figure.update_yaxes(range=[-0.02, 1.05], tickformat=".0%", dtick=0.25)
    return figure


def _shade(figure: go.Figure, low: float, high: float, text: str, dark: bool) -> None:
    colours = palette(dark)
    figure.add_vrect(x0=low, x1=high, fillcolor=colours.accent, opacity=0.08, line_width=0, layer="below")
    figure.add_annotation(x=low, y=0.5, text=f" {text}", font={"color": colours.muted, "size": 12}, showarrow=False,
                          xanchor="left")
