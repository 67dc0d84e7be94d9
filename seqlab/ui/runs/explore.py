"""The explorer of a run: an input, what the network makes of it at every time step and snapshot, and the proof."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from seqlab.export.exports import Leaving
from seqlab.figures.download import traces_npz
from seqlab.figures.film import evenly, film, film_id, frames_that_fit
from seqlab.figures.trails import trail_parts
from seqlab.reference.changed import Changes
from seqlab.trace import Trace
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.pinned import say_in_words
from seqlab.ui.lenses.view import ask_network
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.explored import EXPLORED, Explored
from seqlab.ui.proof.passes import PASSES, Passes
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.trails import AT_ONCE, Trails
from seqlab.ui.runs.changes import changes_made, list_changes
from seqlab.ui.runs.delays import delay_films
from seqlab.ui.runs.following import goes_on, new_weights, weights_to_show
from seqlab.ui.runs.take_away import Numbers, take_away
from seqlab.ui.runs.tasks import task_input
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.pacing import paced
from seqlab.ui.widgets.explorer import PinnedNumber, explorer

MOVED = "delay-moved"  # in the session's state: the picture's slider rests at another delay
MOST_FRAMES = 24  # enough for the story; each frame costs about 3 ms of NumPy on every move of a slider


def explore(run: Run, channel: str, ask: Callable[[Run], TaskInput] = task_input, *, autoplay: bool = False) -> None:
    """Draw the input, the explorer and its badge; a fragment, so that a slider moves nothing else."""
    st.fragment(_explore)(run, channel, ask, autoplay)


@show_fault_inline
def _explore(run: Run, channel: str, ask: Callable[[Run], TaskInput], autoplay: bool) -> None:
    with st.container(key="asked"):
        given = ask(run)
    made = changes_made(run) if weights_to_show(run) else ()
    list_changes(made, run.symbols)
    # A live run's view follows its newest snapshot by a timer of its own, which leaves the widgets alone.
    follow = paced(_look, new_weights(run))
    st.fragment(follow, run_every=0.5 if goes_on(run) else None)(run, given, channel, autoplay, made)
    ask_network(run, given)


@show_fault_inline
def _look(run: Run, given: TaskInput, channel: str, autoplay: bool, made: Changes) -> None:
    snapshots, active = weights_to_show(run), goes_on(run)
    if st.session_state.pop(MOVED, False):
        st.rerun()  # the input stands outside of this fragment, and it has another delay now
    if snapshots:
        steps = snapshots[-1:] if active else _frames(run, snapshots, given)
        traces = _draw(run, steps, given, channel, autoplay, made)
        if traces and not active:
            _in_words(run, snapshots, given, channel, made)
            _leave(run, traces, steps, given, made)
    elif active:
        st.info("The first picture appears as soon as training starts.")
    else:
        st.info("This run kept no weights, so there is nothing to look at.")


def _draw(run: Run, steps: list[int], given: TaskInput, channel: str, autoplay: bool,
          made: Changes) -> list[Trace]:
    slot = st.container(key=f"badge-slot-{channel}", gap=None)
    passes = Passes.of(run, steps, given.ids[0], given.condition, made) if given.letters_in else None
    traces, trails = passes.reference() if passes else [], _trails(run, steps[-1], given, made)
    picture = _film(passes, trails, given, channel, autoplay) if passes else film(
        [], core=run.core, steps=steps, alphabet=(), inputs=(), target=(), channel=channel)
    explorer(picture, key=f"explorer-{channel}", on_delay=_move_delay,
             on_pin=lambda pin: st.session_state.__setitem__(f"pin-{channel}", pin))
    shown: dict[str, Any] = {"key": f"badge-{channel}", "slot": slot, "channel": channel, "film": film_id(picture),
                             "symbols": run.core.views, "run": run}
    if passes and trails:
        prove(EXPLORED, Explored(passes, trails), **shown)
    elif passes:
        prove(PASSES, passes, **shown)
    return traces


@PICTURES.cached
def _film(passes: Passes, trails: Trails | None, given: TaskInput, channel: str, autoplay: bool) -> bytes:
    """Pack all that a hand can reach in the picture, once for all sessions that look at the same."""
    run, last = passes.run, passes.steps[-1]
    lit = trail_parts(trails.reference(), trails.positions, run.core) if trails else []
    return film(passes.reference(), core=run.core, steps=passes.steps, total=run.planned, alphabet=given.letters_out,
                inputs=given.letters_in, target=given.letters_target, delay=given.delay, channel=channel,
                autoplay=autoplay, trailed=trails.positions if trails else (),
                more=[*lit, *delay_films(run, last, given, channel, passes.changes)])


def _trails(run: Run, step: int, given: TaskInput, made: Changes) -> Trails | None:
    """Ask for the trails of all letters, where they cost no more than a hand waits for."""
    if not given.letters_in:
        return None
    asked = Trails.of_all(Question.of(run, step, given, made), given.letters_in)
    return asked if asked.positions and asked.cost <= AT_ONCE else None


def _in_words(run: Run, snapshots: list[int], given: TaskInput, channel: str, made: Changes) -> None:
    """Say in words what the pinned number means, where one is pinned."""
    pin: PinnedNumber | None = st.session_state.get(f"pin-{channel}")
    if pin is not None and pin.step in snapshots:
        say_in_words(Passes.of(run, [pin.step], given.ids[0], given.condition, made), pin.name, pin.t, pin.unit,
                     given, f"{channel}-pin-")


def _move_delay(delay: int) -> None:
    st.session_state["delay"], st.session_state[MOVED] = delay, True


def _leave(run: Run, traces: list[Trace], steps: list[int], given: TaskInput, made: Changes) -> None:
    def packed() -> bytes:
        return traces_npz(traces, steps, given.letters_in, given.letters_target, given.letters_out)

    word = "".join(filter(str.isalnum, "".join(given.letters_in)))
    name = "-".join(filter(None, (run.id, word, "" if given.delay is None else str(given.delay))))
    take_away(Leaving(run, steps[-1], given, changes=made), "html", Numbers(
        "These numbers, for numpy.load", packed, f"{name}.npz", "Every quantity in these pictures, at every snapshot."),
        key="explorer")


def _frames(run: Run, snapshots: list[int], given: TaskInput) -> list[int]:
    network = run.config.network
    room = frames_that_fit(len(given.letters_in), network.hidden, len(run.core.views) * network.layers,
                           len(given.letters_out))
    return [snapshots[place] for place in evenly(len(snapshots), min(room, MOST_FRAMES))]
