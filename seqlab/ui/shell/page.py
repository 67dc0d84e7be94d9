"""What a page is: one object that says everything about it, in the folder of the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.task_view import TaskView
from seqlab.ui.runs.train_form import TrainForm

PRODUCT = "seqlab"


class Section(Enum):
    """The heads of the menu, in its order; what stands under no head comes first."""

    NONE = ""
    LABS = "Labs"
    TEXT = "Text"
    INSIDE = "Inside"
    NETWORKS = "Networks"


@dataclass(frozen=True)
class Card:
    """A page's card on Home: what one can do there."""

    heading: str
    text: str


@dataclass(frozen=True)
class Page:
    """A page, from its name in the address to what draws it.

    ``title`` is its one name: in the menu, as its heading, on its card and on the browser's tab. ``place`` orders the
    pages of a ``section``. ``caption`` is the sentence under the heading. ``opens`` says which runs it shows (None: it
    has no picker), ``empty`` what to do where there is none. A lab declares the ``tasks`` whose runs are opened there,
    and the ``form`` of a new network. ``view`` draws the page (seqlab.ui.runs.frames makes views). A page that is the
    ``teachers`` stands in the menu for the teacher of a class alone; its view says so to others. ``sections`` are those
    that a switch chooses, by their name in the address: what each shows, which a search finds.
    """

    name: str
    title: str
    icon: str
    section: Section
    place: int
    view: "Callable[[Page], None]"
    caption: str = ""
    card: Card | None = None
    opens: Opens | None = None
    empty: str = ""
    tasks: tuple[TaskView, ...] = ()
    form: TrainForm | None = None
    teachers: bool = False
    sections: Mapping[str, str] = field(default_factory=dict)

    @property
    def tab(self) -> str:
        """The title of the browser's tab."""
        return f"{self.title} · {PRODUCT}"

    def draw(self) -> None:
        """Draw the page."""
        self.view(self)
