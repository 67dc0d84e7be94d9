"""The pages there are, found in the folders of ``seqlab/ui``, the menu, and links from one to another."""

from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from threading import RLock
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

import seqlab.ui
from seqlab import paths
from seqlab.classroom.person import Person
from seqlab.errors import Fault
from seqlab.tasks import tasks
from seqlab.ui.runs.task_view import TaskView
from seqlab.ui.shell.page import Page, Section

HOME = "home"
_looking = RLock()


def pages() -> dict[str, Page]:
    """Every page by its name, in the order of the menu; a new one is a folder of ``seqlab/ui`` with a ``page.py``.

    A task that no page is the lab of has a generic one. Raises ValueError for two pages of one name.
    """
    with _looking:  # a fresh server imports them while the first browser is still on its way
        return _found()


@cache
def _found() -> dict[str, Page]:
    modules = [import_module(info.name) for info in walk_packages(seqlab.ui.__path__, "seqlab.ui.")
               if info.name.endswith(".page")]
    known: list[Page] = [module.PAGE for module in modules if hasattr(module, "PAGE")]
    covered = {view.task for page in known for view in page.tasks}
    (lab_for,) = (module.lab_for for module in modules if hasattr(module, "lab_for"))
    known += [lab_for(task) for name, task in tasks().items() if name not in covered]
    order = list(Section)
    known.sort(key=lambda page: (order.index(page.section), page.place, page.name))
    named = {page.name: page for page in known}
    if len(named) < len(known):
        raise ValueError(f"two pages have one name: {sorted(page.name for page in known)}")
    return named


def menu(person: Person) -> dict[str, list[StreamlitPage]]:
    """Every page under the head of its section; those of the teacher are hidden from whoever leads no class."""
    leads = person.in_class and person.teaches
    heads: dict[str, list[StreamlitPage]] = {}
    for page in pages().values():
        heads.setdefault(page.section.value, []).append(_entry(page, hidden=page.teachers and not leads))
    return heads


def address(name: str) -> StreamlitPage:
    """A page as Streamlit goes to it: its file in ``pages/``; a generic lab has none."""
    return _entry(pages()[name])


def _entry(page: Page, *, hidden: bool = False) -> StreamlitPage:
    file = paths.PAGES / f"{page.name}.py"
    visibility: Literal["visible", "hidden"] = "hidden" if hidden else "visible"
    if file.exists():
        return st.Page(file, title=page.title, icon=page.icon, default=page.name == HOME, visibility=visibility)
    return st.Page(page.draw, title=page.title, icon=page.icon, url_path=page.name, visibility=visibility)


def lab_of(task: str) -> Page:
    """The page that is the lab of a task; raises Fault for a task that nobody knows."""
    return _view_and_lab(task)[1]


def task_view(task: str) -> TaskView:
    """How pages speak of a task and ask for its inputs; raises Fault for a task that nobody knows."""
    return _view_and_lab(task)[0]


def _view_and_lab(task: str) -> tuple[TaskView, Page]:
    for page in pages().values():
        for view in page.tasks:
            if view.task == task:
                return view, page
    raise Fault(f"There is no task {task!r:.40} here, so its runs have no page.")


def link(name: str, label: str = "", **query: str | int | float) -> None:
    """Draw a link to a page under its own icon, and its title unless there is a label, with what its address says."""
    page = pages()[name]
    st.page_link(address(name), label=label or page.title, icon=page.icon,
                 query_params={key: str(value) for key, value in query.items()} or None)
