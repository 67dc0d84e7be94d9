"""What a hand on the keyboard needs of the parts that Streamlit draws, and a word where the server is out of reach."""

from collections.abc import Sequence
from pathlib import Path

from seqlab.ui.widgets import component

FINDING_STYLE = Path(__file__).with_name("finding.css")
CLASS_STYLE = Path(__file__).with_name("class.css")
_mount = component("frame", root="page-frame")


def frame(*, key: str, role: str = "", page: str = "", step: str = "", look: Sequence[str] = (),
          head: str = "") -> str:
    """Watch over the page: scrollers and charts for the keyboard, help behind its field, links for new tabs.

    It also says when the server cannot be reached. In a class, where somebody has a ``role``, it keeps the class's bar
    on the ``page``; what that asks of the script is returned: ``ask``, ``reveal``, or nothing. Where a
    person presents the page, or no longer, that is ``present`` or ``plain``. Where a ``step`` of a lesson is open, the
    parts of the page that it names in ``look`` are outlined. The menu marks the page, and the ``head`` that it stands
    under. Without the browser's script the page works as Streamlit makes it.
    """
    facts: dict[str, object] = {"page": page, "head": head}
    if role:
        facts["class"] = {"role": role, "page": page}
    if step:
        facts["lesson"] = {"at": step, "look": list(look)}
    wish = getattr(_mount(data=facts, key=key, on_wish_change=lambda: None), "wish", None)
    return wish if isinstance(wish, str) else ""
