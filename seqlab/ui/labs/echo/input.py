"""A word and a delay for an echo network."""

import random

import streamlit as st

from seqlab.tasks import echo
from seqlab.training.run import Run
from seqlab.training.task_input import UNSCORED, TaskInput
from seqlab.ui.runs.inputs import notes, nothing_typed
from seqlab.ui.shell.choices import choose_number

FIRST_WORD = "remember"
SURPRISES = ("hippopotamus", "zigzag", "abracadabra", "quicksand", "banana", "jukebox", "mississippi", "rhythm",
             "lollipop", "backpack", "kayak", "whirlpool", "ouagadougou", "pizzazz", "sphinx", "tattoo")


def echo_input(run: Run, key: str, *, surprise: bool = False) -> TaskInput:
    """Draw the word and the delay; with ``surprise`` also a button that types another word."""
    config = run.config.task_config
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left, st.container(horizontal=True, wrap=False, vertical_alignment="bottom"):
        typed = st.text_input("Your word", FIRST_WORD, key=f"{key}word", live=True, bind="query-params",
                              placeholder="Type a word, a to z")
        if surprise:
            st.button("Surprise me", icon=":material/casino:", key="surprise", on_click=_surprise, args=(f"{key}word",))
    with right:
        delay = _delay(config, f"{key}delay")
    word, note = echo.read(typed or "")
    notes(note)
    condition = delay if config.form == "variable" else None
    if not word:
        return nothing_typed(tuple(echo.ALPHABET.symbols), condition)
    return TaskInput(echo.inputs_for(word, delay), condition, word + UNSCORED * delay, echo.target_for(word, delay),
                     echo.ALPHABET.symbols, delay)


def echo_input_with_surprise(run: Run) -> TaskInput:
    """Draw the word, the delay and the button that types another word."""
    return echo_input(run, "", surprise=True)


def _surprise(key: str) -> None:
    st.session_state[key] = random.choice([word for word in SURPRISES if word != st.session_state.get(key)])


def _delay(config: echo.EchoConfig, key: str) -> int:
    if len(config.delays) == 1:
        st.text_input("Delay", f"{config.delay} letters", key=f"fixed-{key}-{config.delay}", disabled=True,
                      help="This network was trained for this delay alone.")
        return config.delay
    # A network with a smaller largest delay may have been chosen since the slider was set.
    if st.session_state.get(key, 0) > config.delay:
        st.session_state[key] = config.delay
    return int(choose_number(st.slider, "Delay", 0, config.delay, min(3, config.delay), key, format="%d letters",
                             help="How many letters the network must wait before it repeats."))
