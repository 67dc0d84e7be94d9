"""Home: a network at work, trained or training, under it what one can do, and folded all that there is."""

from pathlib import Path

import streamlit as st

from seqlab.training.run import Run
from seqlab.ui.home.ways import ways
from seqlab.ui.labs.echo.input import echo_input_of_picture
from seqlab.ui.runs.explore import explore
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.picker import candidates, preferred
from seqlab.ui.shell.navigation import link, pages
from seqlab.ui.shell.page import Page, Section
from seqlab.ui.shell.services import library
from seqlab.ui.shell.style import style

COLUMNS = 5


def _home(page: Page) -> None:
    style(Path(__file__).with_name("home.css"))
    with st.container(key="page-head"):
        st.title("Look inside a network that remembers")
        st.markdown(page.caption)
    run = _shown(page.opens) if page.opens else None
    picture = st.container()
    ways(run)  # before the picture, whose badge waits for torch
    with st.expander("Everything there is", icon=":material/apps:"):
        _cards()
    with picture:
        if run is None:
            st.info(page.empty)
        else:
            explore(run, "home", echo_input_of_picture, autoplay=library().is_shipped(run))


def _shown(opens: Opens) -> Run | None:
    """The network that the address names, such as one that trains here; else the one that Home opens with."""
    return candidates(opens).get(st.query_params.get("run", "")) or preferred(opens)


def _cards() -> None:
    rows = st.container(key="go-on")
    shown = [known for known in pages().values() if known.card]
    columns = [column for _ in range(-(-len(shown) // COLUMNS)) for column in rows.columns(COLUMNS)]
    for known, column in zip(shown, columns, strict=False):
        with column.container(border=True, height="stretch", vertical_alignment="distribute"):
            if known.card:
                st.markdown(f"**{known.card.heading}**  \n{known.card.text}")
            link(known.name)


PAGE = Page(
    "home", "Home", ":material/home:", Section.NONE, 0, _home,
    caption="This GRU repeats each letter a few steps later. Point to a letter: its trail shows where it is kept.",
    opens=Opens("echo-small-gru", tasks=("echo",)),
    empty="No shipped network is here. Train one in the Echo lab: it takes seconds.")
