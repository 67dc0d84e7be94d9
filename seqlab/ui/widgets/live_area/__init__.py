"""What a text area needs to be read while somebody types."""

from seqlab.ui.widgets import component

_mount = component("live_area", root="live-area")


def live_area(field: str, *, key: str) -> None:
    """Let the text area with the key ``field`` send what is typed after each short pause.

    Without the browser's script it stays a text area that works.
    """
    _mount(data={"field": field}, key=key)
