"""The hello lab's picture: every epoch, unit and weight of a tiny network, all linked, all in the browser."""

from seqlab.ui.widgets import component

_mount = component("hello")


def hello(lesson: bytes, *, key: str) -> None:
    """Show a lesson (``figures.lesson.lesson``); a new one under the same key is drawn in place."""
    _mount(data=lesson, key=key)
