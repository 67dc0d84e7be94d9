"""The text lab: a network that reads a text by character, word or piece of one, and writes."""

import streamlit as st

from seqlab.data import corpora
from seqlab.data.corpora import title
from seqlab.data.preparation import LABELS
from seqlab.data.sentences import PREPARATIONS as SENTENCES
from seqlab.tasks.sentences import SentencesConfig
from seqlab.tasks.text import TextConfig
from seqlab.ui.labs.text.corpora import PYTHON, fetch, take
from seqlab.ui.labs.text.input import sentence_input, text_input
from seqlab.ui.labs.text.sample import what_it_writes
from seqlab.ui.labs.text.settings import OFFLINE, text_settings
from seqlab.ui.runs.frames import lab
from seqlab.ui.runs.opens import PREDICTS
from seqlab.ui.runs.task_view import TaskView, Wording
from seqlab.ui.runs.train_form import Fetch, TrainForm
from seqlab.ui.shell.page import Card, Page, Section


def _python() -> None:
    st.query_params.pop("text", None)
    take(corpus=PYTHON, **{"text-recipe": OFFLINE})


def _windows(task: TextConfig) -> str:
    carried = ", state carried on" if task.carry else ""
    return f"windows of {task.num_steps} {task.unit}s{carried} · {title(task.corpus)}, {LABELS[task.preparation]}"


def _sentences(task: SentencesConfig) -> str:
    return f"sentences of up to {task.longest} characters · {title(task.corpus)}, {SENTENCES[task.preparation].label}"


PAGE = Page(
    "text", "Text lab", ":material/menu_book:", Section.TEXT, 1, lab(what_it_writes),
    caption="A network reads a text and learns to predict what comes next. Then it writes. Train one on a book, on "
    "your own text, or on sentences.",
    card=Card("Let it write", "A network reads a book letter by letter, then writes. Or give it your own text."),
    opens=PREDICTS,
    empty="There is no trained network yet. Press **Train a new one**: half a minute is enough for words.",
    tasks=(TaskView("text", text_input, Wording(lambda task: title(task.corpus), _windows, lambda task: task.unit,
                                                    "validation")),
           TaskView("sentences", sentence_input, Wording(lambda task: f"sentences of {title(task.corpus)}", _sentences,
                                                         lambda task: "character", "validation"))),
    form=TrainForm(text_settings, Fetch(fetch, "**Train a new one** fetches it, or look at it first.",
                                        f"Train on {corpora.TOPICS} instead", _python), recipe="{task}-{recipe}"))
