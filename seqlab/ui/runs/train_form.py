"""The form of a new network: what differs from lab to lab, as data."""

from collections.abc import Callable
from dataclasses import dataclass

from seqlab.errors import Fault
from seqlab.training.config import RunConfig


class Shown(Fault):
    """What is wrong stands in the form already, beside the field that is to be mended."""


class Absent(Fault):
    """Texts are not on this machine; ``corpus`` is their name, and they can be fetched."""

    def __init__(self, sentence: str, corpus: str) -> None:
        super().__init__(sentence)
        self.corpus = corpus


@dataclass(frozen=True)
class Fetch:
    """How texts that are not on this machine are got, and what can be done without them.

    ``download`` fetches texts by their name and returns what went wrong, or an empty text; ``advice`` follows the
    sentence about what is missing; ``instead`` is the label of the button that offers what needs no network, and
    ``take_instead`` sets the form to it and draws the page again.
    """

    download: Callable[[str], str]
    advice: str
    instead: str
    take_instead: Callable[[], None]


@dataclass(frozen=True)
class TrainForm:
    """``settings`` draws the form and makes its config; raises Fault, and Absent where texts must be fetched first.

    ``recipe`` is how the address names a recipe of a task (empty: it names none). ``usual`` makes what an untouched
    form makes, where that takes nothing but a recipe: a class that presses at once need not have thirty forms drawn.
    """

    settings: Callable[[], RunConfig]
    fetch: Fetch | None = None
    recipe: str = ""
    usual: Callable[[], RunConfig] | None = None
