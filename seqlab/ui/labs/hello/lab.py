"""The hello lab: one word in, another one out, and every weight of the network that learned it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from seqlab.export.exports import Leaving
from seqlab.figures.film import evenly, film_id
from seqlab.figures.lesson import epochs_csv, lesson, lesson_npz, losses
from seqlab.figures.rounding import Arrays
from seqlab.tasks.hello import RECIPES
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.labs.hello.choice import Choice, choose, published, recipe_of, shown, shown_before
from seqlab.ui.lenses.view import ask_network
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.passes import PASSES, Passes, Traces
from seqlab.ui.runs.changes import changes_made, list_changes
from seqlab.ui.runs.following import goes_on, weights_to_show
from seqlab.ui.runs.take_away import Numbers, take_away
from seqlab.ui.runs.training_panel import draw_curves
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.services import engine, library
from seqlab.ui.widgets.hello import hello

CHANNEL = "hello"
MOST_EPOCHS = 31  # a list of more would be longer than a page; the shipped runs have 16
PRINTED = "the printed loss"


@show_fault_inline
def hello_lab() -> None:
    """Draw the choice of words and network, and the run of it; a run that trains is followed to its end."""
    with st.container(key="asked"):
        choice = choose()
    run = shown(choice)
    if run is None:
        st.info("There is no trained network yet. Press **Train**: it takes a moment.")
        return
    active, kept = goes_on(run), weights_to_show(run)
    st.fragment(_follow, run_every=0.3 if active else None)(run, choice, active, bool(kept))
    # Until a new run has something to show, the one before stays, so that nothing jumps.
    drawn = run if kept else shown_before()
    if drawn is None:
        st.info("The first picture appears as soon as training starts." if active else
                "This run kept no weights, so there is nothing to look at.")
        return
    st.session_state["hello-shown"] = drawn.id
    steps = drawn.snapshots()
    _draw(drawn, [steps[place] for place in evenly(len(steps), MOST_EPOCHS)])
    if not active:
        list_changes(changes_made(drawn), drawn.symbols)
        ask_network(drawn, _given(drawn))
        with st.expander("How it was trained", icon=":material/show_chart:"):
            draw_curves(drawn, drawn.status)


@show_fault_inline
def _follow(run: Run, choice: Choice, was_active: bool, had_picture: bool) -> None:
    """Say how the run stands; where it has ended, or has its first picture, draw the whole page again."""
    if was_active and (not goes_on(run) or (not had_picture and weights_to_show(run))):
        st.rerun()
    with st.container(key="second-line"):
        st.caption(_line(run, choice))


def _line(run: Run, choice: Choice) -> str:
    """Say what is wrong with what was typed, else which network is shown, and what to do where it is another one.

    It is one line in every case, so that the picture below does not move.
    """
    task, status = run.config.task_config, run.status
    if choice.fault and choice.recipe:
        return f":red[:material/error: {literal(choice.fault)}] Still shown: {task.word} → {task.target}."
    if status.state != "running" and goes_on(run):
        waits = engine().awaited or "The workers are busy. This run starts by itself in a moment."
        return f":material/hourglass_top: {waits}"
    if status.state in ("failed", "diverged", "interrupted"):
        return f":material/error: {literal(status.message or f'This run is {status.state}.')}"
    origin = "shipped with seqlab" if library().is_shipped(run) else "trained here"
    if choice.recipe is None or choice.made(run):
        recipe = recipe_of(run)
        about = f" · {RECIPES[recipe].note.rstrip('.')}" if recipe else f" · {run.core.label}"
        return f"**{task.word} → {task.target}**{about} · seed {run.config.seed}, {origin}"
    return (f":material/arrow_upward: Press **Train** to teach {RECIPES[choice.recipe].label} **{choice.word} → "
            f"{choice.target}**. Until then, below: **{task.word} → {task.target}**, "
            f"{literal(run.name.partition(',')[0])}.")


def _draw(run: Run, steps: list[int]) -> None:
    slot = st.container(key=f"badge-slot-{CHANNEL}", gap=None)
    config, reduction = run.config.task_config, run.config.reduction
    passes = Passes.of(run, steps, config.inputs[0], None)
    traces, weights = passes.reference(), [run.weights(step) for step in steps]
    fresh = st.session_state.get("hello-fresh") == run.id
    packed = lesson(traces, weights, core=run.core, config=config, steps=steps, reduction=reduction, channel=CHANNEL,
                    published=published(run), autoplay=fresh)
    hello(packed, key="hello")
    with st.container(horizontal=True, vertical_alignment="center", key="hello-further"):
        take_away(Leaving(run, steps[-1], _given(run)), "html-hello", Numbers(
            "All numbers, for numpy.load", lambda: lesson_npz(traces, weights, steps, config), f"{run.id}.npz",
            "Weights and passes of every epoch."), Numbers(
            "Epochs, as CSV", lambda: epochs_csv(traces, steps, config, reduction), f"{run.id}.csv",
            "The output after each epoch, and the loss."), key=CHANNEL)
        link("stepper", "Step by step", run=run.id)
        link("runs", "All runs")
    prove(EPOCHS, passes, key=f"badge-{CHANNEL}", slot=slot, channel=CHANNEL, film=film_id(packed),
          symbols=run.core.views, run=run)


def _given(run: Run) -> TaskInput:
    """The word that the network learned, as it reads it."""
    config = run.config.task_config
    return TaskInput(config.inputs, None, config.word, config.target, list(config.alphabet.symbols))


def with_loss(passes: Passes, precision: str) -> Sequence[Arrays]:
    """Quantities in NumPy; in single precision, in which torch trained, with the loss of each epoch it printed."""
    traces, config, printed = passes.reference(precision), passes.run.config, trained_losses(passes.run)
    return _with(passes, precision, traces, dict(zip(passes.steps, losses(traces, config.task_config, config.reduction),
                                                     strict=True)), printed)


def with_printed_loss(passes: Passes, answer: Traces, precision: str) -> Sequence[Arrays]:
    """Quantities in torch, with the losses that it printed while it trained."""
    printed = trained_losses(passes.run)
    return _with(passes, precision, [Trace(values) for values in answer[precision]], printed, printed)


def _with(passes: Passes, precision: str, traces: Sequence[Trace], values: Mapping[int, float],
          printed: Mapping[int, float]) -> Sequence[Arrays]:
    return [{**trace, **({PRINTED: np.array([values[step]])} if precision == "float32" and step in printed else {})}
            for trace, step in zip(traces, passes.steps, strict=True)]


EPOCHS = replace(
    PASSES, name="hello epochs", reference=with_loss, torch=with_printed_loss,
    compares="The badge compares all quantities of this pass, one by one, and the loss of each epoch with the one that "
             "torch printed while it trained.")


def trained_losses(run: Run) -> dict[int, float]:
    """Loss of the network after so many updates, as torch had it in the next one, where that was published alone."""
    columns = run.metrics()
    alone = np.diff(columns["step"], prepend=0) == 1  # a row of several updates holds their mean
    rows = zip(columns["step"][alone], columns["loss"][alone], strict=True)
    return {int(step) - 1: float(loss) for step, loss in rows}
