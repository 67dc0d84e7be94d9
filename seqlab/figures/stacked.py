"""Cells of tables whose heads a narrow screen hides: there each cell has its own head over it."""

from html import escape


def cell(head: str, content: str, facts: str = "") -> str:
    """Write a cell below a ``head``, which is seen on a narrow screen alone (``td > .over`` in the frame's style)."""
    return f"<td{facts}><span class=over>{escape(head)}</span>{content}</td>"
