"""Home: a trained network at work, one sentence on what this is, and the way on."""

import streamlit as st

from seqlab.ui.labs.echo.input import echo_input_of_picture
from seqlab.ui.runs.explore import explore
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.picker import preferred
from seqlab.ui.runs.training_panel import train_one_button
from seqlab.ui.shell.navigation import link, pages
from seqlab.ui.shell.page import Page, Section

COLUMNS = 5


def _home(page: Page) -> None:
    with st.container(key="page-head"):
        st.title("Look inside a network that remembers")
        st.markdown(page.caption)
    run = preferred(page.opens) if page.opens else None
    if run is None:
        st.info(page.empty)
    else:
        explore(run, "home", echo_input_of_picture, autoplay=True)
    st.header("Go on")
    rows = st.container(key="go-on")
    shown = [known for known in pages().values() if known.card]
    columns = [column for _ in range(-(-(len(shown) + 1) // COLUMNS)) for column in rows.columns(COLUMNS)]
    for known, column in zip(shown, columns, strict=False):
        with column.container(border=True, height="stretch", vertical_alignment="distribute"):
            if known.card:
                st.markdown(f"**{known.card.heading}**  \n{known.card.text}")
            link(known.name)
    with columns[len(shown)].container(border=True, height="stretch", vertical_alignment="distribute"):
        st.markdown("**Train one live**  \nOne click, a few seconds; pause it, step it, change its learning rate.")
        train_one_button()


PAGE = Page(
    "home", "Home", ":material/home:", Section.NONE, 0, _home,
    caption="This GRU repeats each letter a few steps later. Point to a letter: its trail shows where it is kept.",
    opens=Opens("echo-small-gru", tasks=("echo",)),
    empty="No shipped network is here. Train one in the Echo lab: it takes seconds.")
