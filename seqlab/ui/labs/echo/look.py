"""The echo lab: a word in, its echo out, and everything inside the network in between."""

import random

import streamlit as st

from seqlab.figures.download import traces_npz
from seqlab.figures.film import evenly, film, film_id, frames_that_fit
from seqlab.tasks import echo
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.ui.proof.passes import Passes
from seqlab.ui.proof.proving import prove
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.widgets.explorer import explorer

MOST_FRAMES = 24  # enough for the story; each frame costs about 3 ms of NumPy on every move of a slider
FIRST_WORD = "remember"
SURPRISES = ("hippopotamus", "zigzag", "abracadabra", "quicksand", "banana", "jukebox", "mississippi", "rhythm",
             "lollipop", "backpack", "kayak", "whirlpool", "ouagadougou", "pizzazz", "sphinx", "tattoo")


def look_inside(run: Run, channel: str, *, autoplay: bool = False) -> None:
    """Draw the word, the delay, the explorer and its badge; a fragment, so that a slider moves nothing else."""
    st.fragment(_look_inside)(run, channel, autoplay)


@show_fault_inline
def _look_inside(run: Run, channel: str, autoplay: bool) -> None:
    word, delay = _word_and_delay(run)
    # A live run's view follows its newest snapshot by a timer of its own, which leaves the widgets alone.
    st.fragment(_look, run_every=0.5 if run.status.active else None)(run, word, delay, channel, autoplay)


def _word_and_delay(run: Run) -> tuple[str, int]:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left, st.container(horizontal=True, wrap=False, vertical_alignment="bottom"):
        typed = st.text_input("Your word", FIRST_WORD, key="word", live=True, bind="query-params",
                              placeholder="Type a word, a to z")
        st.button("Surprise me", icon=":material/casino:", key="surprise", on_click=_surprise)
    with right:
        delay = _delay(run.config.task_config)
    word, note = echo.read(typed or "")
    if note:
        st.caption(f":material/info: {note}")
    return word, delay


@show_fault_inline
def _look(run: Run, word: str, delay: int, channel: str, autoplay: bool) -> None:
    snapshots, active = run.snapshots(), run.status.active
    if snapshots:
        steps = snapshots[-1:] if active else _frames(run, snapshots, len(word) + delay)
        traces = _draw(run, steps, word, delay, channel, autoplay)
        if traces and not active:
            _download(run, traces, steps, word, delay)
    elif active:
        st.info("The first picture appears as soon as training starts.")
    else:
        st.info("This run kept no weights, so there is nothing to look at.")


def _draw(run: Run, steps: list[int], word: str, delay: int, channel: str, autoplay: bool) -> list[Trace]:
    slot = st.container(key=f"badge-slot-{channel}", gap=None)
    known = delay if run.config.task_config.form == "variable" else None
    passes = Passes.of(run, steps, echo.inputs_for(word, delay)[0], known) if word else None
    traces = passes.reference() if passes else []
    picture = film(traces, core=run.core, steps=steps, total=run.config.steps, alphabet=echo.LETTERS,
                   inputs=_inputs(word, delay), target=echo.target_for(word, delay) if word else "", delay=delay,
                   channel=channel, autoplay=autoplay)
    explorer(picture, key=f"explorer-{channel}")
    if passes:
        prove(run, passes, slot, film_id(picture), channel)
    return traces


def _inputs(word: str, delay: int) -> str:
    return word + echo.ALPHABET.symbols[echo.BLANK] * delay if word else ""


def _download(run: Run, traces: list[Trace], steps: list[int], word: str, delay: int) -> None:
    def packed() -> bytes:
        return traces_npz(traces, steps, _inputs(word, delay), echo.target_for(word, delay), echo.LETTERS)

    st.download_button("Download these numbers", packed, f"{run.id}-{word}-{delay}.npz", "application/octet-stream",
                       icon=":material/download:", key="numbers", on_click="ignore", type="tertiary",
                       help="Every quantity in these pictures, at every snapshot, for numpy.load.")


def _frames(run: Run, snapshots: list[int], time: int) -> list[int]:
    network = run.config.network
    room = frames_that_fit(time, network.hidden, len(run.core.views) * network.layers, len(echo.ALPHABET))
    return [snapshots[place] for place in evenly(len(snapshots), min(room, MOST_FRAMES))]


def _surprise() -> None:
    st.session_state["word"] = random.choice([word for word in SURPRISES if word != st.session_state.get("word")])


def _delay(config: echo.EchoConfig) -> int:
    if len(config.delays) == 1:
        st.text_input("Delay", f"{config.delay} letters", key=f"fixed-delay-{config.delay}", disabled=True,
                      help="This network was trained for this delay alone.")
        return config.delay
    # A network with a smaller largest delay may have been chosen since the slider was set.
    if st.session_state.get("delay", 0) > config.delay:
        st.session_state["delay"] = config.delay
    return st.slider("Delay", 0, config.delay, min(3, config.delay), key="delay", bind="query-params",
                     format="%d letters", help="How many letters the network must wait before it repeats.")
