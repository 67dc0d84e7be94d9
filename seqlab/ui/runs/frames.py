"""The frames of pages, one for each kind: what stands around a view, and where."""

from collections.abc import Callable

import streamlit as st

from seqlab.training.run import Run
from seqlab.ui.runs.picker import pick_run
from seqlab.ui.runs.train_bar import train_bar
from seqlab.ui.runs.training_panel import stays_above, training_panel
from seqlab.ui.shell.page import Page

View = Callable[[Page], None]


def plain(draw: Callable[[], None]) -> View:
    """A page that chooses by itself what it shows: heading and caption in one row, view."""
    def view(page: Page) -> None:
        head(page, page.caption)
        draw()
    return view


def head(page: Page, caption: str) -> None:
    """Draw the heading of a page, and in its row a caption if there is one."""
    with st.container(horizontal=True, vertical_alignment="center", key="plain-head"):
        st.title(page.title, width="content")
        if caption:
            st.caption(caption, width="stretch")


def studio(look: Callable[[Run], None], nothing: Callable[[], None] | None = None) -> View:
    """A view that any run which offers what it needs can be opened in: heading and picker in one row.

    Where there is no such run, the page says what to do, and ``nothing`` draws the way there.
    """
    def view(page: Page) -> None:
        with st.container(key="page-head"):
            title, choice = st.columns([3, 2], vertical_alignment="center")
            about = st.container()
        title.title(page.title)
        with choice:
            run = pick_run(page.opens, labelled=False) if page.opens else None
        about.caption(page.caption)
        if run is not None:
            look(run)
            return
        st.info(page.empty)
        if nothing:
            nothing()
    return view


def lab(look: Callable[[Run], None], under_curves: Callable[[Run], None] | None = None) -> View:
    """The lab of a task: heading, picker and the button that trains in one row; the form, the curves and the view.

    Curves stand above the view while a run trains. They are drawn first, for the view's badge waits for torch.
    """
    def view(page: Page) -> None:
        with st.container(key="page-head"):
            title, choose, train = st.columns([2.2, 3, 1.7], vertical_alignment="center")
        title.title(page.title)
        about = st.empty()
        if page.form:
            train_bar(page.name, page.form, train)
        with choose:  # after it: what was just started is what is picked
            run = pick_run(page.opens, labelled=False) if page.opens else None
        above = run is not None and stays_above(run)
        if not above:  # beside curves the view itself says it, and a projector has no room for both
            about.caption(page.caption)
        if run is None:
            st.info(page.empty)
            return
        with_curves(run, look, under_curves, above=above)
    return view


def with_curves(run: Run, look: Callable[[Run], None], under_curves: Callable[[Run], None] | None = None, *,
                above: bool) -> None:
    """Draw a view and the curves of its run, ``above`` it or under it; the curves first, the badge waits for torch."""
    first, second = st.container(), st.container()
    with first if above else second:
        training_panel(run)
        if under_curves:
            under_curves(run)
    with second if above else first:
        look(run)
