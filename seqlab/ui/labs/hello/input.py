"""A word of the letters that a hello network knows."""

from collections.abc import Sequence

import streamlit as st

from seqlab.data.vocabulary import Vocabulary
from seqlab.training.run import Run
from seqlab.training.task_input import UNSCORED, TaskInput
from seqlab.ui.runs.inputs import LONGEST, listed, notes
from seqlab.ui.shell.foreign import literal


def hello_input(run: Run, key: str) -> TaskInput:
    """Draw the word; its answer is scored where the network was trained on that word."""
    config = run.config.task_config
    alphabet: Vocabulary = config.alphabet
    typed = st.text_input("Your word", config.word, key=f"{key}word", live=True, bind="query-params",
                          placeholder=f"Letters of {alphabet.symbols}",
                          help=f"This network knows the letters {literal(' '.join(alphabet.symbols))}.") or ""
    typed = typed.lower()
    word = "".join(letter for letter in typed if letter in alphabet.symbols)
    cut = f"Only the first {LONGEST} of {len(word):,} letters are shown" if len(word) > LONGEST else ""
    notes(_left_out(typed, alphabet.symbols), cut)
    word = word[:LONGEST]
    target = config.target if word == config.word else UNSCORED * len(word)
    return TaskInput(alphabet.encode(word)[None], None, word, target, alphabet.symbols)


def _left_out(typed: str, known: Sequence[str]) -> str:
    odd = sorted({letter for letter in typed if letter not in known and not letter.isspace()})
    return f"This network knows {' '.join(known)}, so {listed(odd)} was left out" if odd else ""
