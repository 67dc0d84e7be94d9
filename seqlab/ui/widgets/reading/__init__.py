"""A text coloured by how much each character surprised a network; a click shows what it expected there."""

from seqlab.ui.widgets import component

_mount = component("reading")


def reading(picture: bytes, *, key: str) -> None:
    """Show the bytes of ``figures.reading.reading_bytes``; new ones under the same key are drawn in place."""
    _mount(data=picture, key=key)
