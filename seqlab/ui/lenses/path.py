"""The lens ``path``: a state over time as a path in two dimensions, and where it would rest while an input is held."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float, Int

from seqlab import notation
from seqlab.errors import Fault
from seqlab.figures.film import evenly
from seqlab.figures.trajectory import rest_mark, trajectory
from seqlab.reference.cells import cells
from seqlab.reference.fixed_points import Rest
from seqlab.reference.horizon import carried
from seqlab.reference.network import network
from seqlab.reference.trajectory import Plane
from seqlab.tasks import MOST_LETTERS
from seqlab.trace import Trace
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.colours import Surroundings, colourings
from seqlab.ui.lenses.resting import resting
from seqlab.ui.lenses.view import LensView
from seqlab.ui.proof import client
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.passes import PASSES, Passes
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS, PICTURES
from seqlab.ui.proof.waiting import wait_for
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import NoAnswer
from seqlab.ui.widgets.trajectory import trajectory as draw_path

MOST_FRAMES, MOST_STATES = 24, 900


@dataclass(frozen=True)
class Cloud:
    """States of other inputs in one layer, the inputs themselves, and the plane that is fitted to the states."""

    ids: Int[np.ndarray, "row time"]
    states: Float[np.ndarray, "row time unit"]
    plane: Plane


@ANSWERS.cached
def drawn_inputs(path: str, condition: int | None) -> np.ndarray:
    """Have a worker draw inputs of a run's task. Raises Fault where its data are not at hand, NoAnswer."""
    try:
        return np.asarray(wait_for(client.drawn_beginnings(path, condition)))
    except TimeoutError:
        raise NoAnswer from None


@PICTURES.cached
def cloud_of(snapshot: Snapshot, condition: int | None, name: str) -> Cloud:
    """Read drawn inputs with a snapshot and fit the plane of one quantity, once for all sessions. Raises Fault."""
    run, ids = snapshot.run, drawn_inputs(snapshot.path, condition)
    given = None if condition is None else np.full(len(ids), condition)
    trace = network(run.core, ids, snapshot.weights(), condition=given, pooling=run.config.network.pooling)
    return Cloud(ids, trace[name], Plane.of(trace[name]))


def draw(question: Question, given: TaskInput, key: str) -> None:
    """Draw the choices, the path and its badge, and what is known of resting points."""
    run = question.run
    steps = [question.step] if goes_on(run) else [run.snapshots()[k] for k in evenly(len(run.snapshots()), MOST_FRAMES)]
    passes = Passes.of(run, steps, given.ids[0], given.condition, question.changes)
    traces = passes.reference()
    row = st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}choices")
    names = [name for name in carried(run.core, traces[-1]) if name != "x"]
    name = choose(row.selectbox, "State", {each: written(each, run) for each in names}, f"{key}state", names[-1],
                  help="The state whose path is drawn, flattened to its two widest directions.")
    cloud, alone = around(question, traces[-1][name], name)
    offered = colourings(run, given, traces, name, None if alone else Surroundings(cloud.ids, cloud.states))
    by = choose(row.selectbox, "Colour", list(offered), f"{key}colour",
                help="What the dots along the path are coloured by.")
    holds = run.core.name in cells() and run.sizes.symbols <= MOST_LETTERS and not alone
    held = hold_choice(row.selectbox, run, key) if holds else None
    slot = st.container(key=f"{key}badge-slot", gap=None)
    points, own, prove_rests = held_rests(question, cloud, name, held, key)
    plane = turned(cloud.plane, run, name, key)
    picture = trajectory(plane, np.stack([trace[name][0] for trace in traces]), _some(cloud.states),
                         steps=steps, letters=given.letters_in, says=_says(traces, given), colouring=offered[by](),
                         rests=[rest_mark(point, plane.place(point.state[own])) for point in points],
                         name=written(name, run), channel=f"{key}path")
    draw_path(picture, key=f"{key}picture")
    if alone:
        st.caption(":material/info: The axes are fitted to this input alone: the data of this network are not at hand.")
    prove(PASSES, passes, key=f"{key}badge", slot=slot, channel=f"{key}path", film=picture.id,
          symbols=(notation.symbol(name).key,), run=run)
    prove_rests()


def around(question: Question, own: np.ndarray, name: str) -> tuple[Cloud, bool]:
    """Give the states of drawn inputs; where none can be drawn those of the question alone, and True."""
    try:
        return cloud_of(Snapshot.of(question.run, question.step), question.condition, name), False
    except NoAnswer:
        raise
    except Fault:
        return Cloud(np.array([question.ids]), own, Plane.of(own)), True


def turned(plane: Plane, run: Run, name: str, key: str) -> Plane:
    """Turn a plane to that of this run and state that was drawn before, so that a run that trains does not flip it."""
    before = st.session_state.get(f"{key}plane")
    plane = plane.turned_to(before[1]) if before is not None and before[0] == (run.id, name) else plane
    st.session_state[f"{key}plane"] = (run.id, name), plane
    return plane


def written(name: str, run: Run) -> str:
    """Write the name of a state: its symbol, and its layer where there are several."""
    symbol, layer = notation.symbol(name), notation.layer(name)
    return f"{symbol.key}, {symbol.name}" + (f", layer {layer}" if run.config.network.layers > 1 else "")


def hold_choice(draw_list: Callable[..., object], run: Run, key: str) -> int | None:
    """Draw the choice of the symbol that is held for ever; None at first."""
    titles = {-1: "Nothing"} | {place: str(symbol) for place, symbol in enumerate(run.symbols)}
    held = choose(draw_list, "Held for ever", titles, f"{key}held", -1, help="Where does the state rest if the network "
                  "reads this symbol again and again?")
    return None if held < 0 else held


def held_rests(question: Question, cloud: Cloud, name: str, held: int | None,
               key: str) -> tuple[list[Rest], slice, Callable[[], object]]:
    """Search for resting points while a symbol is held.

    Gives those points, where a quantity stands in their states, and what draws their badge.
    """
    run, hidden = question.run, cloud.states.shape[-1]
    keys = [f"{part}.{layer}" for part in run.core.state for layer in range(run.config.network.layers)]
    if held is None:
        return [], slice(0), lambda: None
    points, badge = resting(Snapshot.of(run, question.step), held, question.condition, cloud.ids, key)
    if name not in keys:
        return [], slice(0), badge
    return points, slice(keys.index(name) * hidden, (keys.index(name) + 1) * hidden), badge


def _some(states: Float[np.ndarray, "row time unit"]) -> Float[np.ndarray, "state unit"]:
    rows = states.reshape(-1, states.shape[-1])
    return np.asarray(rows[chosen(len(rows))])


def chosen(count: int) -> Int[np.ndarray, " state"]:
    """Places of the states that are drawn, evenly among all."""
    return np.array(evenly(count, MOST_STATES))


def _says(traces: Sequence[Trace], given: TaskInput) -> list[list[str]]:
    return [[given.letters_out[best] for best in trace["p"][0].argmax(-1)] for trace in traces]


LENS = LensView("path", "Its path", "The state as a point that moves, in the two directions in which it varies most "
                "over other inputs. Play the training, or hold a symbol and see where the state comes to rest.", 60,
                lambda run: bool(run.core.views), draw)
