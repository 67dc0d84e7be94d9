"""A text of words that a network knows, and the label that it should give it at its end."""

import numpy as np
import streamlit as st

from seqlab.data.texts import Review, read
from seqlab.data.vocabulary import UNKNOWN
from seqlab.training.run import Run
from seqlab.training.task_input import UNSCORED, TaskInput
from seqlab.ui.runs.inputs import LONGEST, notes
from seqlab.ui.shell.choices import choose

MOST_BUTTONS = 3  # labels that stand side by side
REVIEW = "although the plot was dull the acting was never bad"


def review_asked(run: Run, given: Review) -> TaskInput:
    """The beginning of a review that was read already, of which no label is known."""
    words = given.words[:LONGEST]
    return TaskInput(given.ids[None, :LONGEST], None, words, [UNSCORED] * len(words), run.classes)


def review_input(run: Run, key: str) -> TaskInput:
    """Draw the text and its label; only the answer at the last word is scored."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    typed = left.text_input("Your text", REVIEW, key=f"{key}word", live=True, bind="query-params",
                            placeholder="Type a few words", help="Read in lower case, letters alone.") or ""
    labels = run.classes
    why = "The right answer, from which the loss is counted."
    label = (choose(right.selectbox, "Its label", list(labels), f"{key}label", labels[-1], help=why)
             if len(labels) > MOST_BUTTONS else
             choose(right.segmented_control, "Its label", list(labels), f"{key}label", labels[-1], help=why,
                    required=True))
    if not typed.strip():
        return TaskInput(np.zeros((1, 0), np.int64), None, "", "", labels)
    text = read(typed, run.vocabulary, LONGEST, run.config.task_config.way.words_of)
    unknown, cut = list(text.unknown_words), ""
    shown = ", ".join(unknown[:8]) + (" …" if len(unknown) > 8 else "")
    if text.total > LONGEST:
        cut = f"Only the first {LONGEST} of {text.total:,} words are shown"
    notes(f"This network does not know {shown}, and reads the mark {UNKNOWN} instead" if unknown else "", cut)
    target = [UNSCORED] * (len(text.words) - 1) + [label]
    return TaskInput(text.ids[None], None, text.words, target, labels)
