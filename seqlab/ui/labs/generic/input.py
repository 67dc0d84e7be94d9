"""An input for any task: an example that the task itself draws, whose symbols can be changed."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from seqlab.data.vocabulary import UNKNOWN
from seqlab.tasks import Example
from seqlab.training.run import Run
from seqlab.training.task_input import UNSCORED, TaskInput
from seqlab.ui.proof import client
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import wait_for
from seqlab.ui.runs.inputs import LONGEST, notes
from seqlab.ui.shell.choices import choose_number
from seqlab.ui.shell.foreign import literal

MOST_EXAMPLES = 9999


def example_input(run: Run, key: str) -> TaskInput:
    """Draw the number of an example and its symbols; changed symbols are read, but no answer to them is scored."""
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    chosen = choose_number(left.number_input, "Example", 0, MOST_EXAMPLES, 0, f"{key}example",
                           help="Each number is another example, drawn as in training.")
    example = _example(str(run.path), int(chosen or 0))
    symbols = [run.symbols[place] for place in example.ids[0]][:LONGEST]
    typed = right.text_input("Its symbols", _joined(symbols), key=f"{key}symbols-{run.id}-{chosen}", live=True,
                             help=f"Change it: this network knows {literal(', '.join(list(run.symbols)[:12]))}.") or ""
    read = _separate(typed, run.symbols)
    known = [symbol for symbol in read if symbol in set(run.symbols)]
    odd = sorted(set(read) - set(run.symbols))
    notes(f"This network does not know {' '.join(odd[:8])}, so it was left out" if odd else "",
          f"Only the first {LONGEST} of {len(known)} symbols are shown" if len(known) > LONGEST else "")
    known = known[:LONGEST]
    ids = np.array([[list(run.symbols).index(symbol) for symbol in known]], np.int64).reshape(1, -1)
    target = _target(run, example)[:LONGEST] if known == symbols else [UNSCORED] * len(known)
    return TaskInput(ids, example.condition, known, target, run.classes)


@ANSWERS.cached
def _example(path: str, number: int) -> Example:
    return wait_for(client.example(path, number))


def _target(run: Run, example: Example) -> list[str]:
    scored = [run.classes[right] if counts else UNSCORED
              for right, counts in zip(example.targets[0], example.scored[0], strict=True)]
    return [UNSCORED] * (example.ids.shape[1] - len(scored)) + scored


def _joined(symbols: list[str]) -> str:
    return ("" if all(len(symbol) == 1 for symbol in symbols) else " ").join(symbols)


def _separate(text: str, symbols: Sequence[str]) -> list[str]:
    if all(len(symbol) == 1 for symbol in symbols):
        return [letter for letter in text if letter in symbols or not letter.isspace()]
    return [word if word.isprintable() else UNKNOWN for word in text.split()]
