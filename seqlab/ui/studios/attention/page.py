"""Attention: which position reads which, head by head, in a trained transformer or with free weights."""

import streamlit as st

from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.picker import pick_run
from seqlab.ui.shell.page import Card, Page, Section
from seqlab.ui.studios.attention.free import free_attention
from seqlab.ui.studios.attention.trained import choose_mode, explanation_or_not, trained_attention


def _attention(page: Page) -> None:
    title, choice, mode = st.columns([1.5, 2.2, 1.8], vertical_alignment="center")
    title.title(page.title)
    with mode:
        trained = choose_mode() == "trained"
    st.caption(page.caption)
    if not trained or page.opens is None:
        free_attention()
    else:
        with choice:
            run = pick_run(page.opens, labelled=False)
        trained_attention(run)
    explanation_or_not()


PAGE = Page(
    "attention", "Attention", ":material/visibility:", Section.INSIDE, 3, _attention,
    caption="Each position asks those it may see, and mixes their answers by how well they fit. Choose a head, then "
    "a query, and read who answers.",
    card=Card("See who reads whom", "Every head of a transformer, from q·k to the answer; switch heads off."),
    opens=Opens("echo-variable-transformer", needs=frozenset({"attention"})))
