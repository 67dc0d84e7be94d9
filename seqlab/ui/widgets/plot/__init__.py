"""A chart that is redrawn in place and at once, for what a slider moves."""

from dataclasses import asdict

from seqlab.figures.plot import Plot
from seqlab.ui.widgets import component, finite

_mount = component("plot")


def plot(picture: Plot, *, key: str) -> None:
    """Show a chart; under the same key it is redrawn in place, and its height is reserved before it is there."""
    data = finite(asdict(picture))
    _mount(data=data, key=key, height=picture.height)
