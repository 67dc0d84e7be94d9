"""What a text area needs to hold code: line numbers, Tab, and a mark on the line that is wrong."""

from seqlab.ui.widgets import component

_mount = component("code_field", root="code-field")


def code_field(field: str, lines: int, wrong: int | None, *, key: str) -> None:
    """Turn the text area with the key ``field`` into a field for code; ``lines`` are in it, ``wrong`` is marked.

    Without the browser's script it stays a text area that works.
    """
    _mount(data={"field": field, "lines": lines, "wrong": wrong}, key=key)
