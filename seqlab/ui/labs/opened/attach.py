"""Attaching data to an opened network, so that it trains on from its owner's weights."""

import streamlit as st

from seqlab.adopt.attaching import LR, attach
from seqlab.data import corpora
from seqlab.data.preparation import LABELS
from seqlab.errors import Fault
from seqlab.tasks.opened import OpenedConfig
from seqlab.training.run import Run
from seqlab.training.setting_words import described
from seqlab.ui.runs.picker import show
from seqlab.ui.shell import acting
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import visible
from seqlab.ui.shell.services import library

STEPS, MOST_STEPS = 1000, 100_000
TEXTS = ("time-machine", "python-topics", "imdb")  # beside those that a person has added


def attach_data(run: Run) -> None:
    """Draw what it can be trained on, where there is anything, and the button that makes the new run."""
    config: OpenedConfig = run.config.task_config
    repeats = config.repeats_after(0) is not None
    if config.has_data or run.status.active or not (config.answers == "next" or repeats):
        return
    with st.popover("Train it on", icon=":material/model_training:"):
        st.caption("Makes a new run from these weights; this one stays as it is.")
        corpus, preparation = (None, "whole") if repeats else _text()
        if repeats:
            st.markdown("Data: random symbols, to be repeated.")
        steps = st.number_input("Steps", 1, MOST_STEPS, STEPS, key="attach-steps", help=described("steps"))
        lr = st.number_input("Learning rate", 0.00001, 1.0, LR, format="%.5f", key="attach-lr",
                             help=described("optimiser.lr"))
        if st.button("Train on", type="primary", key="attach", disabled=not repeats and corpus is None):
            _begin(run, corpus, preparation, int(steps or STEPS), float(lr or LR))


def _text() -> tuple[str | None, str]:
    names = [name for name in (*TEXTS, *visible(corpora.names())) if corpora.at_hand(name)]
    corpus = st.selectbox("Text", names, format_func=corpora.title, key="attach-text",
                          help="Those that are on this machine; the Text lab fetches and adds others.")
    preparation = st.selectbox("Preparation", list(LABELS), index=list(LABELS).index("whole"),
                               format_func=LABELS.__getitem__, key="attach-preparation",
                               help="Symbols that the network does not know are left out, or read as its unknown.")
    return corpus, preparation


def _begin(run: Run, corpus: str | None, preparation: str, steps: int, lr: float) -> None:
    try:
        new = acting.made(lambda: attach(run, library().root, corpus, steps=steps, lr=lr, preparation=preparation))
        acting.resume(new)
    except Fault as fault:
        st.error(literal(fault))
        return
    show(new.id)
    st.rerun()
