"""Two passes side by side: letters in and out, one quantity of both and its difference, one cursor through all."""

from seqlab.ui.widgets import component

_mount = component("compare")


def compare(picture: bytes, *, key: str) -> None:
    """Show a comparison (``figures.comparison.comparison``); under the same key the next one is drawn in its place."""
    _mount(data=picture, key=key)
