"""What the inputs of tasks share: a field for text, signs for invisible characters, notes on what was left out."""

import numpy as np
import streamlit as st
from jaxtyping import Int

from seqlab.data.vocabulary import Vocabulary
from seqlab.training.task_input import PASSAGE, UNSCORED, TaskInput, visible
from seqlab.ui.shell.foreign import literal

LONGEST = 60  # symbols


def nothing_typed(letters_out: tuple[str, ...], condition: int | None = None) -> TaskInput:
    """The input of an empty field."""
    return TaskInput(np.zeros((1, 0), np.int64), condition, "", "", letters_out)


def text_field(key: str, help: str, start: str = PASSAGE) -> str:
    """Draw the field for a text; what is typed stands in the address."""
    return st.text_input("Your text", start, key=f"{key}word", live=True, bind="query-params",
                         placeholder="Type a few words", help=help) or ""


def notes(*sentences: str) -> None:
    """Draw the sentences that are not empty as one line."""
    lines = [sentence.rstrip(".") for sentence in sentences if sentence]
    if lines:
        st.caption(f":material/info: {literal('. '.join(lines))}.")


def listed(symbols: list[str], most: int = 8) -> str:
    """Write the first few of some symbols."""
    return " ".join(symbols[:most]) + (" …" if len(symbols) > most else "")


def scored_by_next(text: str, alphabet: Vocabulary, otherwise: str) -> TaskInput:
    """A text whose every symbol is the target of the one before; ``otherwise`` says what becomes of unknown symbols."""
    unknown, odd, cut = alphabet.unknown_symbols(text), "", ""
    if unknown:
        odd = f"This network never saw {listed([visible(symbol) for symbol in unknown])}, so it {otherwise}"
    if alphabet.unknown is None:
        text = alphabet.without_unknown(text)
    ids = alphabet.encode(text)
    if len(ids) > LONGEST:
        cut = f"Only the first {LONGEST} of {len(ids):,} {alphabet.level}s are shown"
        ids = ids[:LONGEST]
    notes(odd, cut)
    return predicted_next(np.append(alphabet.begin, ids) if alphabet.begin is not None and len(ids) else ids, alphabet)


def predicted_next(ids: Int[np.ndarray, " time"], alphabet: Vocabulary) -> TaskInput:
    """Symbols of which each is the target of the one before it."""
    shown = tuple(visible(symbol) for symbol in alphabet.symbols)
    read = tuple(shown[number] for number in ids)
    return TaskInput(ids[None], None, read, (*read[1:], *([UNSCORED] if read else [])), shown)
