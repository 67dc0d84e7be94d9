"""The bar of a class, as far as the server draws it: its style, and what it asks the script for."""

from seqlab.classroom.person import Person
from seqlab.ui.shell import follow
from seqlab.ui.shell.style import style
from seqlab.ui.widgets.frame import CLASS_STYLE


def class_bar(person: Person, wish: str) -> None:
    """Draw what the bar at the foot of the page needs, and do what a teacher's bar wishes for."""
    style(CLASS_STYLE)
    follow.forget_absent()
