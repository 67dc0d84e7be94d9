"""Where a person's numbers differ from the reference: |Δ| over time and unit."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqlab.figures.theme import palette, scale, template

ROUNDING, LARGEST = -16.0, 0.0  # powers of ten at the ends of the colours, the same in every picture


def differences(yours: Float[np.ndarray, "time unit"], reference: Float[np.ndarray, "time unit"],
                first: tuple[int, int], *, axes: tuple[str, str] = ("t", "unit"), dark: bool = False) -> go.Figure:
    """Draw |Δ| of one sequence, time to the right and units upwards, on a fixed scale from rounding (1e-16) to 1.

    ``first`` (t, unit) is framed: it is the first number that differs. NaN and infinity count as the largest. Of any
    other table ``axes`` name what stands to the right and upwards.
    """
    colours = palette(dark)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        power = np.log10(np.abs(yours - reference))
    power = np.where(np.isnan(power), LARGEST, np.clip(power, ROUNDING, LARGEST))
    figure = go.Figure(layout={"template": template(dark), "height": 120 + 28 * min(max(yours.shape[1], 4), 8)})
    figure.add_heatmap(
        z=power.T.astype(np.float32), zmin=ROUNDING, zmax=LARGEST, colorscale=scale(colours.sequential), xgap=2, ygap=2,
        customdata=np.stack((yours.T, reference.T), axis=-1),
        hovertemplate=f"{axes[0]} = %{{x}}, {axes[1]} %{{y}}<br>yours %{{customdata[0]:.6g}}<br>"
                      "reference %{customdata[1]:.6g}<extra></extra>",
        colorbar={"tickvals": [-16, -12, -8, -4, 0], "thickness": 12,
                  "ticktext": ["1e−16", "1e−12", "1e−8", "1e−4", "1"], "outlinewidth": 0})
    t, unit = first
    figure.add_shape(type="rect", x0=t - 0.5, x1=t + 0.5, y0=unit - 0.5, y1=unit + 0.5,
                     line={"color": colours.wrong, "width": 3})
    figure.update_xaxes(title=axes[0], dtick=1 if len(yours) <= 12 else None, constrain="domain")
    figure.update_yaxes(title=axes[1], dtick=1 if yours.shape[1] <= 12 else None, showgrid=False, zeroline=False)
    figure.update_layout(margin={"t": 8})
    return figure
