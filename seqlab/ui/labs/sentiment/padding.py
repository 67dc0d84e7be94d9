"""What padding does to an answer: ignored, as it should be, or read and pooled like words."""

import numpy as np
import streamlit as st

from seqlab.figures.sentiment import padding
from seqlab.training.run import Run
from seqlab.ui.labs.sentiment.readings import PADDING, ReviewReading
from seqlab.ui.labs.sentiment.watched import Watched
from seqlab.ui.proof.drawing import prove
from seqlab.ui.shell.choices import choose_number
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.widgets.moving_slider import moving_slider
from seqlab.ui.widgets.plot import plot


def padding_section(run: Run, reading: ReviewReading, label: Watched) -> None:
    """Draw, in a fragment of its own, the answer against the amount of padding."""
    st.caption(_how(run))
    st.fragment(show_fault_inline(_section))(reading, label)


def _how(run: Run) -> str:
    before = "Reviews of a batch are filled up to the longest of them. This network "
    if run.config.network.pooling == "max-with-padding":
        return before + ("was trained to pool over the padding too: what it says of a review depends on how long the "
                         "others are.")
    ignored = {"max": "takes its maximum over real words alone", "mean": "takes its mean over real words alone",
               "none": "answers with its state after the last real word"}[run.config.network.pooling]
    also = " Every word would then also look at it." if run.core.sees == "all" else ""
    return before + f"{ignored}. Drawn beside it: what it would answer if padding were read like words.{also}"


def _section(reading: ReviewReading, label: Watched) -> None:
    counts, every = reading.padded()
    p = every[:, label.place]
    if len(counts) < 2:
        st.caption("There is no room for padding behind a review of the greatest length.")
        return
    most = int(counts[-1])
    at = choose_number(moving_slider, "Padding behind the review", 0, most, min(40, most), "padding",
                       format="%d words", help="Words of padding that a longer review in the batch would add to it.")
    place = int(abs(counts - at).argmin())
    badge = st.container(key="badge-slot-padding", gap=None)
    plot(padding(counts, p, int(counts[place]), label.name, 1 / label.count), key="padding-plot")
    changed = np.abs(p - p[0]).max()
    moves = f"At most it moves by {changed:.1%}." if changed >= 0.0005 else "No amount of it changes this answer."
    st.markdown(f"With **{counts[place]:,}** words of padding {literal(label.name)} has **{p[place]:.1%}**, "
                f"without **{p[0]:.1%}**. {moves}")
    prove(PADDING, reading, key="proof-padding", slot=badge)
