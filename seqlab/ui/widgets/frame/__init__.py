"""What a hand on the keyboard needs of the parts that Streamlit draws, and a word where the server is out of reach."""

from seqlab.ui.widgets import component

_mount = component("frame", root="page-frame")


def frame(*, key: str) -> None:
    """Watch over the page: scrollers and charts for the keyboard, help behind its field, links for new tabs.

    It also says when the server cannot be reached. Without the browser's script the page works as Streamlit makes it.
    """
    _mount(data={}, key=key)
