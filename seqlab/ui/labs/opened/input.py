"""What an opened network reads: a text of its own symbols, and its condition where it is given one."""

from dataclasses import replace

import numpy as np
import streamlit as st

from seqlab.data.vocabulary import Vocabulary
from seqlab.tasks.opened import OpenedConfig
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput, known_text, targets, visible
from seqlab.ui.runs.inputs import LONGEST, listed, notes, scored_by_next
from seqlab.ui.shell.choices import choose_number
from seqlab.ui.shell.foreign import literal


def opened_input(run: Run, key: str) -> TaskInput:
    """Draw the field, and the condition's where there is one; what is repeated is scored by what was read."""
    config: OpenedConfig = run.config.task_config
    shown = [visible(symbol) for symbol in config.alphabet.symbols]
    left, right = st.columns([4, 1.3], vertical_alignment="bottom") if config.conditions else [st.container()] * 2
    typed = left.text_input("Your text", _example(run), key=f"{key}word-{run.id}", live=True,
                            placeholder="Type a few symbols",
                            help=f"This network knows {literal(', '.join(shown[:60]))}"
                                 f"{' and more' if len(shown) > 60 else ''}.") or ""
    with right:
        condition = _condition(config, key)
    if config.answers == "next":
        read_on = scored_by_next(typed[:4 * LONGEST * LONGEST], config.alphabet, "leaves it out")
        return replace(read_on, condition=condition)
    ids = _ids(config.alphabet, typed)
    read = [shown[place] for place in ids]
    delay = config.repeats_after(condition)
    return TaskInput(ids[None], condition, read, targets(read, delay), [visible(label) for label in run.classes], delay)


def _condition(config: OpenedConfig, key: str) -> int | None:
    if not config.conditions:
        return None
    last = config.conditions - 1
    return int(choose_number(st.number_input, "Condition", 0, last, min(3, last), f"{key}delay",
                             help="The number that it is given beside every symbol, such as a delay."))


def _ids(alphabet: Vocabulary, typed: str) -> np.ndarray:
    unknown = alphabet.unknown_symbols(typed)
    ids = alphabet.encode(typed if alphabet.unknown is not None else alphabet.without_unknown(typed))
    notes(f"This network does not know {listed([visible(symbol) for symbol in unknown])}, so it "
          f"{'leaves it out' if alphabet.unknown is None else 'reads it as one symbol'}" if unknown else "",
          f"Only the first {LONGEST} of {len(ids):,} symbols are shown" if len(ids) > LONGEST else "")
    return np.asarray(ids[:LONGEST])


def _example(run: Run) -> str:
    """A text of symbols that it knows."""
    text = known_text(run)
    return text if isinstance(text, str) else run.config.task_config.alphabet.joined(text)
