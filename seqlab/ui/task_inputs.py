"""What a person may give to a trained network, task by task: widgets in, symbols, condition and letters out.

A new task plugs in by one entry in ``INPUTS``; a page that uses ``task_input`` then works with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from jaxtyping import Int

from seqlab.data.preparation import LABELS, PREPARATIONS
from seqlab.data.sentences import tidy
from seqlab.data.vocabulary import UNKNOWN, Vocabulary
from seqlab.errors import Fault
from seqlab.tasks import echo
from seqlab.tasks.sentences import SentencesConfig
from seqlab.tasks.text import TextConfig
from seqlab.training.run import Run

UNJUDGED = echo.ALPHABET.symbols[echo.BLANK]  # stands in a target where no answer is judged
LONGEST = 60  # letters
PASSAGE = "the time traveller"
SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}  # as people see them where they stand alone


@dataclass(frozen=True)
class TaskInput:
    """One sequence as the network reads it and as a person does.

    ``letters_target`` is as long as ``letters_in``, with ``·`` where no answer is judged; ``letters_out`` are the
    symbols that the network can say, in the order of its logits. No letters: nothing was typed.
    """

    ids: Int[np.ndarray, "batch time"]
    condition: int | None
    letters_in: str
    letters_target: str
    letters_out: str
    delay: int | None = None


def task_input(run: Run, key: str = "") -> TaskInput:
    """Draw the widgets of a run's task and return what was typed, with a word on what was left out.

    ``key`` stands before the names of the widgets and in the address (``word``, ``delay``), so that a page may have
    two inputs. Raises Fault for a task that no entry knows.
    """
    name = run.config.task["name"]
    if name not in INPUTS:
        raise Fault(f"There is no way yet to type an input for the task {name}; choose another network.")
    return INPUTS[name](run.config.task_config, key)


def _echo(config: echo.EchoConfig, key: str) -> TaskInput:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    typed = left.text_input("Your word", "remember", key=f"{key}word", live=True, bind="query-params",
                            placeholder="Type a word, a to z")
    with right:
        delay = _delay(config, f"{key}delay")
    word, note = echo.read(typed or "")
    if note:
        st.caption(f":material/info: {note}")
    told = delay if config.form == "variable" else None
    if not word:
        return TaskInput(np.zeros((1, 0), np.int64), told, "", "", echo.ALPHABET.symbols, delay)
    return TaskInput(echo.inputs_for(word, delay), told, word + UNJUDGED * delay, echo.target_for(word, delay),
                     echo.ALPHABET.symbols, delay)


def _delay(config: echo.EchoConfig, key: str) -> int:
    if len(config.delays) == 1:
        st.text_input("Delay", f"{config.delay} letters", key=f"fixed-{key}-{config.delay}", disabled=True,
                      help="This network was trained for this delay alone.")
        return config.delay
    # A network with a smaller largest delay may have been chosen since the slider was set.
    if st.session_state.get(key, 0) > config.delay:
        st.session_state[key] = config.delay
    return st.slider("Delay", 0, config.delay, min(3, config.delay), key=key, bind="query-params",
                     format="%d letters", help="How many letters the network must wait before it repeats.")


def _hello(config: Any, key: str) -> TaskInput:
    """A word of the letters that the network knows; the answer is judged where it was trained on that word."""
    alphabet: Vocabulary = config.alphabet
    typed = st.text_input("Your word", config.word, key=f"{key}word", live=True, bind="query-params",
                          placeholder=f"Letters of {alphabet.symbols}",
                          help=f"This network knows the letters {' '.join(alphabet.symbols)}.") or ""
    typed = typed.lower()
    word = "".join(letter for letter in typed if letter in alphabet.symbols)
    note = _left_out(typed, word, alphabet.symbols)
    if note:
        st.caption(f":material/info: {note}")
    word = word[:LONGEST]
    target = config.target if word == config.word else UNJUDGED * len(word)
    return TaskInput(alphabet.encode(word)[None], None, word, target, alphabet.symbols)


def _left_out(typed: str, word: str, known: str) -> str:
    odd = sorted({letter for letter in typed if letter not in known and not letter.isspace()})
    notes = []
    if odd:
        notes.append(f"This network knows {' '.join(known)}, so {' '.join(odd[:8])}{' …' if len(odd) > 8 else ''} "
                     "was left out")
    if len(word) > LONGEST:
        notes.append(f"Only the first {LONGEST} of {len(word)} letters are shown")
    return ". ".join(notes) + ("." if notes else "")


def _text(config: TextConfig, key: str) -> TaskInput:
    """Running text, prepared as the network is used to; each character is judged by the next one."""
    prepare = PREPARATIONS[config.preparation]
    typed = _typed(key, f"This network reads its text with {LABELS[config.preparation]}.")
    return _foretold(prepare(typed), config.alphabet, "reads it as the mark �")


def _sentence(config: SentencesConfig, key: str) -> TaskInput:
    """The beginning of a sentence, behind the mark that begins one; a character that is not known is left out."""
    typed = _typed(key, "The beginning of a sentence, in plain ASCII.")
    return _foretold(tidy(typed), config.alphabet, "leaves it out")


def _typed(key: str, help: str) -> str:
    return st.text_input("Your text", PASSAGE, key=f"{key}word", live=True, bind="query-params",
                         placeholder="Type a few words", help=help) or ""


def _foretold(text: str, alphabet: Vocabulary, otherwise: str) -> TaskInput:
    strange, notes = alphabet.strange(text), []
    if strange:
        listed = " ".join(map(visible, list(strange)[:8])) + (" …" if len(strange) > 8 else "")
        notes.append(f"This network never saw {listed}, so it {otherwise}")
    if alphabet.unknown is None:
        text = alphabet.kept(text)
    if len(text) > LONGEST:
        notes.append(f"Only the first {LONGEST} of {len(text):,} characters are shown")
    if notes:
        st.caption(f":material/info: {'. '.join(notes)}.")
    ids = alphabet.encode(text[:LONGEST])
    if alphabet.begin is not None and len(ids):
        ids = np.append(alphabet.begin, ids)
    shown = "".join(visible(symbol) for symbol in alphabet.symbols)
    read = "".join(shown[place] for place in ids)
    return TaskInput(ids[None], None, read, read[1:] + UNJUDGED * bool(read), shown)


def visible(symbol: str) -> str:
    """A character as it can be seen alone: a space, a line's end and the like have a sign for them."""
    return SIGNS.get(symbol, symbol if symbol.isprintable() else UNKNOWN)


INPUTS: dict[str, Callable[[Any, str], TaskInput]] = {
    "echo": _echo, "hello": _hello, "text": _text, "sentences": _sentence}
