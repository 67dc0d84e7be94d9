"""A word and a delay for an echo network."""

import random
from dataclasses import replace
from typing import Any

import streamlit as st

from seqlab.tasks import echo
from seqlab.training.run import Run
from seqlab.training.task_input import UNSCORED, TaskInput
from seqlab.ui.runs.inputs import notes, nothing_typed
from seqlab.ui.shell.choices import Draw, choose_number
from seqlab.ui.widgets.moving_slider import moving_slider

FIRST_WORD = "remember"
SURPRISES = ("hippopotamus", "zigzag", "abracadabra", "quicksand", "banana", "jukebox", "mississippi", "rhythm",
             "lollipop", "backpack", "kayak", "whirlpool", "ouagadougou", "pizzazz", "sphinx", "tattoo")


def echo_input(run: Run, key: str) -> TaskInput:
    """Draw the word and the delay."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        typed = _word(key)
    with right:
        delay = _delay(run.config.task_config, f"{key}delay")
    return _given(run.config.task_config, typed, delay)


def echo_input_of_picture(run: Run) -> TaskInput:
    """Draw the word and a button that types another one; the delay's slider is the picture's own."""
    config = run.config.task_config
    with st.container(horizontal=True, wrap=False, vertical_alignment="bottom"):
        typed = _word("", label_visibility="collapsed")
        st.button("Surprise me", icon=":material/casino:", key="surprise", on_click=_surprise, args=("word",))
    delay = config.delay if len(config.delays) == 1 else _delay_of_picture(config, "delay")
    given = _given(config, typed, delay)
    return replace(given, at_delays=tuple(_given(config, typed, other, quiet=True) for other in config.delays))


def _word(key: str, **options: Any) -> str:
    return st.text_input("Your word", FIRST_WORD, key=f"{key}word", live=True, bind="query-params",
                         placeholder="Type a word, a to z", **options,
                         help="What the network reads, letter by letter; everything below is about this word.") or ""


def _given(config: echo.EchoConfig, typed: str, delay: int, *, quiet: bool = False) -> TaskInput:
    word, note = echo.read(typed)
    if not quiet:
        notes(note)
    condition = delay if config.form == "variable" else None
    if not word:
        return nothing_typed(tuple(echo.ALPHABET.symbols), condition)
    return TaskInput(echo.inputs_for(word, delay), condition, word + UNSCORED * delay, echo.target_for(word, delay),
                     echo.ALPHABET.symbols, delay)


def _surprise(key: str) -> None:
    st.session_state[key] = random.choice([word for word in SURPRISES if word != st.session_state.get(key)])


def _delay(config: echo.EchoConfig, key: str) -> int:
    if len(config.delays) == 1:
        st.text_input("Delay", f"{config.delay} letters", key=f"fixed-{key}-{config.delay}", disabled=True,
                      help="This network was trained for this delay alone.")
        return config.delay
    return _chosen_delay(moving_slider, config, key, format="%d letters",
                         help="How many letters the network must wait before it repeats.")


def _delay_of_picture(config: echo.EchoConfig, key: str) -> int:
    """Read the delay that the picture's slider, or the address, says; nothing is drawn for it here."""
    return _chosen_delay(lambda label, low, high, key: st.session_state[key], config, key)


def _chosen_delay(draw: Draw, config: echo.EchoConfig, key: str, **options: Any) -> int:
    # A network with a smaller largest delay may have been chosen since the slider was set.
    if st.session_state.get(key, 0) > config.delay:
        st.session_state[key] = config.delay
    return int(choose_number(draw, "Delay", 0, config.delay, min(3, config.delay), key, **options))
