"""The words of a review, coloured by what they did; a click tells of one, buttons switch between the colourings."""

from collections.abc import Mapping

from seqlab.ui.widgets import component, finite

_mount = component("sentiment", root="opinion")


def opinion(picture: Mapping[str, object], *, key: str) -> None:
    """Show the data of ``figures.sentiment.words``; new ones under the same key are drawn in place."""
    _mount(data=finite(picture), key=key)
