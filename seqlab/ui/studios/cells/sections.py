"""Which sections the Cells page has, one of which is shown."""

from collections.abc import Callable
from pathlib import Path

from seqlab.ui.shell.sections import chosen
from seqlab.ui.shell.style import style
from seqlab.ui.studios.cells.conventions import conventions_section
from seqlab.ui.studios.cells.five_lines import five_lines_section
from seqlab.ui.studios.cells.gradients import gradients_section
from seqlab.ui.studios.cells.growth import growth_section
from seqlab.ui.studios.cells.special import special_section

SECTIONS: dict[str, Callable[[], None]] = {
    "Five lines": five_lines_section,
    "Special GRUs": special_section,
    "Two conventions": conventions_section,
    "Error growth": growth_section,
    "Gradients": gradients_section,
}


def chosen_section() -> None:
    """Draw the switch between the sections and the one that is chosen; an unknown one in the address is named."""
    style(Path(__file__).with_name("cells.css"))
    chosen(SECTIONS)()
