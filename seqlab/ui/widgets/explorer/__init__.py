"""The explorer: letters in and out, hidden states and gates of a film, all linked, all in the browser."""

from seqlab.ui.widgets import component

_mount = component("explorer")


def explorer(film: bytes, *, key: str) -> None:
    """Show a film (``figures.film.film``); a new one under the same key is drawn in place, keeping what was chosen."""
    _mount(data=film, key=key)
