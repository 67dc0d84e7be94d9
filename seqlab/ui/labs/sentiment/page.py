"""The sentiment lab: a network reads a review word by word and says whether it praises."""

from pathlib import Path

import streamlit as st

from seqlab.training.run import Run
from seqlab.ui.labs.sentiment.choice import STAND_IN, fetch, take
from seqlab.ui.labs.sentiment.final import final_section
from seqlab.ui.labs.sentiment.input import review_input
from seqlab.ui.labs.sentiment.review import review_section
from seqlab.ui.labs.sentiment.settings import sentiment_settings
from seqlab.ui.runs.frames import lab
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.task_view import TaskView, Wording
from seqlab.ui.runs.train_form import Fetch, TrainForm
from seqlab.ui.shell.page import Card, Page, Section
from seqlab.ui.shell.style import style


def _stand_in() -> None:
    st.query_params.pop("data", None)
    take(**{"reviews": STAND_IN, "sentiment-recipe": "fast"})


def _look(run: Run) -> None:
    style(Path(__file__).with_name("sentiment.css"))
    review_section(run)


PAGE = Page(
    "sentiment", "Sentiment lab", ":material/reviews:", Section.LABS, 4, lab(_look, final_section),
    caption="A network reads a review word by word and says whether it praises. Train one on real reviews or on your "
    "own table.",
    card=Card("Classify a review", "Word by word: which ones won, and what each is worth."),
    opens=Opens("sentiment-lstm", tasks=("sentiment",)),
    empty="There is no trained network yet. Press **Train a new one**: half a minute is enough for made-up reviews.",
    tasks=(TaskView("sentiment", review_input, Wording(unit=lambda task: "review", evaluated_on="validation")),),
    form=TrainForm(sentiment_settings, Fetch(fetch, "**Train a new one** fetches it, and checks that it is the "
                                             "published one.", "Train on made-up reviews instead", _stand_in),
                   recipe="{recipe}"))
