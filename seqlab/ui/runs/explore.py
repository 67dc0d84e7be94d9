"""The explorer of a run: an input, what the network makes of it at every time step and snapshot, and the proof."""

from collections.abc import Callable

import streamlit as st

from seqlab.export.exports import Leaving
from seqlab.figures.download import traces_npz
from seqlab.figures.film import evenly, film, film_id, frames_that_fit
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.view import ask_network
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.passes import PASSES, Passes
from seqlab.ui.runs.following import goes_on
from seqlab.ui.runs.take_away import Numbers, take_away
from seqlab.ui.runs.tasks import task_input
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.widgets.explorer import explorer

MOST_FRAMES = 24  # enough for the story; each frame costs about 3 ms of NumPy on every move of a slider


def explore(run: Run, channel: str, ask: Callable[[Run], TaskInput] = task_input, *, autoplay: bool = False) -> None:
    """Draw the input, the explorer and its badge; a fragment, so that a slider moves nothing else."""
    st.fragment(_explore)(run, channel, ask, autoplay)


@show_fault_inline
def _explore(run: Run, channel: str, ask: Callable[[Run], TaskInput], autoplay: bool) -> None:
    given = ask(run)
    # A live run's view follows its newest snapshot by a timer of its own, which leaves the widgets alone.
    st.fragment(_look, run_every=0.5 if goes_on(run) else None)(run, given, channel, autoplay)
    ask_network(run, given)


@show_fault_inline
def _look(run: Run, given: TaskInput, channel: str, autoplay: bool) -> None:
    snapshots, active = run.snapshots(), goes_on(run)
    if snapshots:
        steps = snapshots[-1:] if active else _frames(run, snapshots, given)
        traces = _draw(run, steps, given, channel, autoplay)
        if traces and not active:
            _leave(run, traces, steps, given)
    elif active:
        st.info("The first picture appears as soon as training starts.")
    else:
        st.info("This run kept no weights, so there is nothing to look at.")


def _draw(run: Run, steps: list[int], given: TaskInput, channel: str, autoplay: bool) -> list[Trace]:
    slot = st.container(key=f"badge-slot-{channel}", gap=None)
    passes = Passes.of(run, steps, given.ids[0], given.condition) if given.letters_in else None
    traces = passes.reference() if passes else []
    picture = film(traces, core=run.core, steps=steps, total=run.planned, alphabet=given.letters_out,
                   inputs=given.letters_in, target=given.letters_target, delay=given.delay, channel=channel,
                   autoplay=autoplay)
    explorer(picture, key=f"explorer-{channel}")
    if passes:
        prove(PASSES, passes, key=f"badge-{channel}", slot=slot, channel=channel, film=film_id(picture),
              symbols=run.core.views, run=run)
    return traces


def _leave(run: Run, traces: list[Trace], steps: list[int], given: TaskInput) -> None:
    def packed() -> bytes:
        return traces_npz(traces, steps, given.letters_in, given.letters_target, given.letters_out)

    word = "".join(filter(str.isalnum, "".join(given.letters_in)))
    name = "-".join(filter(None, (run.id, word, "" if given.delay is None else str(given.delay))))
    take_away(Leaving(run, steps[-1], given), "html", Numbers(
        "These numbers, for numpy.load", packed, f"{name}.npz", "Every quantity in these pictures, at every snapshot."),
        key="explorer")


def _frames(run: Run, snapshots: list[int], given: TaskInput) -> list[int]:
    network = run.config.network
    room = frames_that_fit(len(given.letters_in), network.hidden, len(run.core.views) * network.layers,
                           len(given.letters_out))
    return [snapshots[place] for place in evenly(len(snapshots), min(room, MOST_FRAMES))]
