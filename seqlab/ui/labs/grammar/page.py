"""The grammar lab: a network learns a formal language of which everything is known."""

import streamlit as st

from seqlab.tasks.grammar import GrammarConfig
from seqlab.training.run import Run
from seqlab.ui.labs.grammar.input import string_input
from seqlab.ui.labs.grammar.samples import samples_section
from seqlab.ui.labs.grammar.settings import grammar_settings
from seqlab.ui.labs.grammar.titles import language_title
from seqlab.ui.labs.grammar.truth import truth_section
from seqlab.ui.runs.frames import lab
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.task_view import TaskView, Wording
from seqlab.ui.runs.train_form import TrainForm
from seqlab.ui.shell.page import Card, Page, Section


def _look(run: Run) -> None:
    first, second = st.container(), st.container()
    with second:
        samples_section(run)  # drawn first, for the truth waits for what is measured
    with first:
        truth_section(run)


def _strings(task: GrammarConfig) -> str:
    budget = f"batches of {task.budget:,} tokens, " if task.by == "tokens" else ""
    return f"{budget}{task.strings:,} strings of {language_title(task)}"


PAGE = Page(
    "grammar", "Grammar lab", ":material/account_tree:", Section.LABS, 3, lab(_look),
    caption="A network reads strings of a formal language. All that is true of them is known, and stands above what "
    "the network makes of it.",
    card=Card("Learn a language", "Brackets, automata, toy English: what may come is known, so all is checked."),
    opens=Opens("grammar-ndfa", tasks=("grammar",)),
    empty="There is no trained network yet. Press **Train a new one**: ten seconds are enough for brackets.",
    tasks=(TaskView("grammar", string_input, Wording(language_title, _strings, lambda task: "token", "new strings",
                                                     lambda task: task.source.floor())),),
    form=TrainForm(grammar_settings, recipe="{recipe}"))
