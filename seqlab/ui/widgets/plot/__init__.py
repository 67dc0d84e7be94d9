"""Charts from one description, ``figures.plot.Plot``, drawn by Plotly where they stand still and by the kit where not.

The rule: a chart that a slider, a drag or a run in training redraws is drawn by ``plot`` (a Plotly chart mounts anew,
some 170 ms, and loses its zoom); any other by ``still``, which brings Plotly's zoom and its picture file. Choosing
from a list or a menu is no such movement.
"""

from dataclasses import asdict, replace

from seqlab.figures.plot import Plot
from seqlab.figures.standing import standing
from seqlab.ui.shell.charts import chart
from seqlab.ui.shell.presenting import height
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.widgets import component, finite

_mount = component("plot")


def plot(picture: Plot, *, key: str) -> None:
    """Show a chart that moves; under the same key it is redrawn in place, its height reserved before it is there."""
    picture = replace(picture, height=height(picture.height))
    _mount(data=finite(asdict(picture)), key=key, height=picture.height)


def still(picture: Plot, *, key: str) -> None:
    """Show a chart that stands still."""
    chart(standing(picture, dark=is_dark()), key=key)
