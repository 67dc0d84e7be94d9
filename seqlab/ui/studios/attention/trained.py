"""The attention of a trained transformer, on an input of its task that a person types."""

import streamlit as st

from seqlab.errors import Fault
from seqlab.export.exports import Leaving
from seqlab.figures.attention import Targets, attention_film, frames_that_fit, maps_npz
from seqlab.figures.film import evenly, film_id
from seqlab.reference.changed import without_heads
from seqlab.tasks import echo
from seqlab.trace import Trace
from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.passes import PASSES, Passes
from seqlab.ui.runs.following import goes_on, new_weights, weights_to_show
from seqlab.ui.runs.picker import show
from seqlab.ui.runs.seeds import next_seed, seed_is_used
from seqlab.ui.runs.take_away import Numbers, take_away
from seqlab.ui.runs.tasks import task_input
from seqlab.ui.shell import acting
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.pacing import paced
from seqlab.ui.studios.attention.heads import Heads, forget_for_another, heads_off, switch
from seqlab.ui.widgets.attention import attention

MODES = {"trained": "A trained transformer", "free": "Free weights"}
MOST_FRAMES = 16  # each costs some 2 ms of NumPy on every move of a slider, twice when a head is off
CHANNEL = "attention"
SYMBOLS = ("query", "key", "value", "scores", "attention", "heads", "attended", "p")


def choose_mode() -> str:
    """Draw the choice between a trained network and free weights; it stands in the address."""
    return choose(st.segmented_control, "Whose attention", MODES, "weights", required=True,
                  label_visibility="collapsed")


def trained_attention(run: Run | None) -> None:
    """Draw what a transformer attends to, on an input that can be edited; without one, how to get one."""
    if run is None:
        _nothing_yet()
        return
    forget_for_another(run.id)
    st.fragment(show_fault_inline(_look_inside))(run)


def _nothing_yet() -> None:
    st.info("There is no trained transformer yet. Train one, which takes under a minute, or look at **free weights**.")
    recipe = echo.RECIPES.get("transformer")
    if recipe is None:
        link("echo", "Train one in the Echo lab: choose the model Transformer")
    elif st.button("Train a transformer", type="primary", icon=":material/play_arrow:", key="train-transformer"):
        try:
            run = acting.start(RunConfig(**recipe.config | {"seed": next_seed()}), name=recipe.label)
        except Fault as fault:
            st.error(literal(fault))
        else:
            seed_is_used()
            show(run.id)
            st.rerun()


def _look_inside(run: Run) -> None:
    given = task_input(run)
    # A live run's view follows its newest snapshot by a timer of its own, which leaves the widgets alone.
    st.fragment(paced(show_fault_inline(_look), new_weights(run)), run_every=0.5 if goes_on(run) else None)(run, given)


def _look(run: Run, given: TaskInput) -> None:
    snapshots, network = weights_to_show(run), run.config.network
    if not snapshots:
        st.info("The first picture appears as soon as training starts." if goes_on(run) else
                "This run kept no weights, so there is nothing to look at.")
        return
    off, note = heads_off(network.layers, network.heads)
    if note:
        st.warning(literal(note), icon=":material/link_off:")
    steps = snapshots[-1:] if goes_on(run) else _frames(run, snapshots, len(given.letters_in))
    traces = _draw(run, steps, given, off)
    if traces and not goes_on(run):
        maps = Numbers("These maps, for numpy.load", lambda: maps_npz(traces, list(given.letters_in), steps, off),
                       f"{run.id}-attention.npz", "All heads at every snapshot, with queries, keys and values.")
        take_away(Leaving(run, steps[-1], given, changes=without_heads(off)), "html-attention", maps, key=CHANNEL)


def _draw(run: Run, steps: list[int], given: TaskInput, off: Heads) -> list[Trace]:
    slot = st.container(key=f"badge-slot-{CHANNEL}", gap=None)
    passes = Passes.of(run, steps, given.ids[0], given.condition, without_heads(off)) if given.letters_in else None
    traces = passes.reference() if passes else []
    picture = attention_film(
        traces, tokens=list(given.letters_in), steps=steps, total=run.planned, channel=CHANNEL,
        causal=run.core.sees == "past", off=off, whole=passes.whole.reference() if passes else None,
        targets=Targets(given.letters_target, given.letters_out),
        invitation="Type a word, and its letters ask each other here.")
    attention(picture, key=CHANNEL, on_switch=switch)
    if passes:
        prove(PASSES, *passes.shown, key=f"badge-{CHANNEL}", slot=slot, channel=CHANNEL, film=film_id(picture),
              symbols=SYMBOLS, run=run)
    return traces


def _frames(run: Run, snapshots: list[int], time: int) -> list[int]:
    network = run.config.network
    room = frames_that_fit(time, network.layers, network.heads, network.hidden // network.heads)
    return [snapshots[place] for place in evenly(len(snapshots), min(room, MOST_FRAMES))]


def explanation_or_not() -> None:
    """Draw the caution that belongs to every picture of attention."""
    st.caption(
        "**Attention is not an explanation.** A weight says how much of a value a head mixes in, not why the network "
        "answers as it does: values differ in length, later layers mix again, and other weights can give the same "
        "answer. Switching a head off is a better question, and even that has only this input for a witness. See Jain "
        "and Wallace 2019, [Attention is not explanation](https://arxiv.org/abs/1902.10186), and the reply by "
        "Wiegreffe and Pinter 2019, [Attention is not not explanation](https://arxiv.org/abs/1908.04626).")
