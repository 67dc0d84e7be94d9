"""A race: several models learn the same task at once, and the same word is echoed by each while they learn."""

import time
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab.figures.race import GOAL, Lane, curves
from seqlab.numerals import number
from seqlab.tasks import echo
from seqlab.training.run import Run
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.passes import PASSES, Passes
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell import acting
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import attempt, show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.services import engine
from seqlab.ui.shell.style import style
from seqlab.ui.studios.compare import entrants
from seqlab.ui.widgets.plot import plot

ADDRESS, PACE = "race", 0.5
FIRST_PACE, FIRST = 0.1, 3.0  # seconds between two looks until every curve has begun, for so many seconds at most
FIRST_LOOK, GLANCE = 0.35, 0.01  # seconds that the press's own picture waits for the curves, and between two looks then
MARKS = {"right": "ok", "wrong": "no"}


def race(corner: DeltaGenerator) -> None:
    """Draw who takes part, and the race that is on or was last; a ``corner`` says how many train at once."""
    style(Path(__file__).with_name("race.css"))
    _form(corner)
    known = entrants.races()
    if not known:
        st.info("There is no race yet. **Start the race**, and all of them learn to repeat each letter some letters "
                "later, from the same strings and the same seed.")
        return
    titles = {name: _title(runs) for name, runs in known.items()}
    left, middle, right = st.columns([3, 2, 1.4])
    name = choose(left.selectbox, "Race", titles, ADDRESS, label_visibility="collapsed")
    word = middle.text_input("The word that all of them echo", "remember", key="raceword", live=True,
                             bind="query-params", placeholder="Type a word, a to z", label_visibility="collapsed")
    seconds = choose(right.segmented_control, "Over", {"step": "steps", "second": "seconds"}, "over", required=True,
                     label_visibility="collapsed", width="stretch") == "second"
    st.session_state["race-begins"] = _still_begins(known[name])
    pace = FIRST_PACE if st.session_state["race-begins"] else PACE
    st.fragment(_panel, run_every=pace if any(map(goes_on, known[name])) else None)(known[name], word or "", seconds)


def _form(corner: DeltaGenerator) -> None:
    models, delay, press = st.columns([5, 1.3, 1.4], vertical_alignment="bottom")
    labels = {name: core.label for name, core in entrants.offered().items()}
    chosen = models.multiselect("Who takes part", list(labels), list(entrants.USUAL), format_func=labels.__getitem__,
                                key="entrants",
                                help="The models that are trained side by side, each from the same recipe.")
    delay.number_input("Delay", 0, entrants.FURTHEST, entrants.DELAY, key="race-delay",
                       help="How many letters each must wait before it repeats one.")
    # A callback, so that the page that shows the race is the next one to be drawn.
    press.button("Start the race", type="primary", icon=":material/flag:", key="start-race", width="stretch",
                 disabled=not chosen, on_click=attempt, args=(_start,))
    if len(chosen) > engine().trainers:
        corner.caption(f"{engine().trainers} at once here, in turns of a tenth of a second.")


def _start() -> None:
    asked = st.session_state
    st.query_params[ADDRESS] = entrants.start(asked["entrants"], int(asked["race-delay"]))


def _title(runs: Sequence[Run]) -> str:
    return f"{', '.join(run.core.label for run in runs)} · delay {runs[0].config.task_config.delay}"


@show_fault_inline
def _panel(runs: Sequence[Run], word: str, seconds: bool) -> None:
    going = [run for run in runs if goes_on(run)]
    lanes = [_lane(run) for run in runs]
    slot = st.container(key="badge-slot-race", gap=None)
    plot(curves(lanes, seconds=seconds, last=1.0 if seconds else 100.0), key="race-curves")
    letters, note = echo.read(word, entrants.LONGEST_WORD)
    if note:
        st.caption(f":material/info: {literal(note)}")
    passes = _echoes(runs, lanes, letters)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_state(runs, going))
        if going:
            st.button("Stop the race", icon=":material/stop:", key="stop-race", on_click=attempt,
                      args=(lambda: _stop(going),))
        elif len(runs) > 1 and all(run.snapshots() for run in runs[:2]):
            link("compare", "Compare the first two inside", a=runs[0].id, b=runs[1].id, show="two")
    for sentence in dict.fromkeys(run.status.message for run in runs if run.status.state == "failed"):
        st.warning(literal(sentence), icon=":material/error:")
    if passes:
        prove(PASSES, *passes, key="badge-race", slot=slot, symbols=("h", "p"), run=going[0] if going else None)
    if not going and st.session_state.pop("race-goes-on", False):
        st.rerun()  # the whole page: it stops this timer
    st.session_state["race-goes-on"] = bool(going)
    if st.session_state["race-begins"] and not _begins(runs):
        st.rerun()  # likewise: there is time between two looks now


def _still_begins(runs: Sequence[Run]) -> bool:
    """Wait a moment for the first points, so that one picture has them all; whether some are still to come."""
    until = time.monotonic() + FIRST_LOOK
    while (begins := _begins(runs)) and time.monotonic() < until:
        time.sleep(GLANCE)
    return begins


def _begins(runs: Sequence[Run]) -> bool:
    """Whether it was started just now, and one of them has no curve yet."""
    fresh = time.time() - max(run.status.started for run in runs) < FIRST
    return fresh and any(goes_on(run) and not len(run.metrics()["step"]) for run in runs)


def _stop(runs: Sequence[Run]) -> None:
    for run in runs:
        acting.steer(run, "stop")


def _lane(run: Run) -> Lane:
    columns = run.metrics()
    return Lane(run.core.label, columns["step"], columns["seconds"], columns["evaluation"], columns["accuracy"])


def _echoes(runs: Sequence[Run], lanes: Sequence[Lane], word: str) -> list[Passes]:
    """Draw what each network makes of the word now, and when it was right; returns the passes that are drawn."""
    delay = runs[0].config.task_config.delay
    ids, target = echo.inputs_for(word or "a", delay), echo.target_for(word or "a", delay)
    read = "".join(f"<td>{escape(letter)}</td>" for letter in (word or "a") + "·" * delay)
    head = (f"<tr><th scope=row>reads</th>{read}<th scope=col>accuracy</th>"
            f"<th scope=col>{100 * GOAL:g} % after</th></tr>")
    passes, rows = list[Passes](), [head]
    for run, lane in zip(runs, lanes, strict=True):
        cells = f"<td colspan={len(target)}></td>"
        if run.snapshots():
            passes.append(Passes.of(run, [run.newest], ids[0], None))
            cells = _cells(passes[-1].reference()[0]["p"][0], target)
        rows.append(f"<tr><th scope=row>{escape(lane.label)}</th>{cells}{_figures(run, lane)}</tr>")
    st.html('<div class="race" role="group" tabindex="0" aria-label="What each network echoes"><table>'
            f"{''.join(rows)}</table></div>")
    return passes


def _cells(p: np.ndarray, target: str) -> str:
    symbols = [echo.ALPHABET.symbols[best] for best in np.nan_to_num(p).argmax(-1)]
    return "".join(f'<td class="{"" if wanted == "·" else "ok" if symbol == wanted else "no"}">{escape(symbol)}</td>'
                   for symbol, wanted in zip(symbols, target, strict=True))


def _figures(run: Run, lane: Lane) -> str:
    """Two cells: the accuracy now, and how long it took to be high, or how it stands."""
    known, reached = lane.evaluated, lane.reached()
    share = f"{int(1000 * known.accuracy[-1]) / 10:.1f} %" if len(known.accuracy) else "–"
    status = run.status
    how = status.state if status.state != "finished" else f"not in {status.step:,} steps"
    after = f"{number(reached[0], 3)} s, step {reached[1]:,}" if reached else how
    return f"<td class=number>{share}</td><td class=number>{after}</td>"


def _state(runs: Sequence[Run], going: Sequence[Run]) -> str:
    """Say who trains and who waits, or how long all of it took."""
    if going:
        waiting = sum(engine().position(run.id) > 0 for run in going)
        return engine().awaited or (f"{len(going) - waiting} of {len(runs)} in training" + (
            f", {waiting} in the queue: {engine().places} train at once here." if waiting else "."))
    spent, begun = [run.status for run in runs], min(run.status.started for run in runs)
    wall = max(status.updated for status in spent) - begun
    return (f"From the press to the last one's end {number(wall, 3)} s; their own seconds of training add up to "
            f"{number(sum(status.seconds for status in spent), 3)} s. All saw the same strings, seed "
            f"{runs[0].config.seed}.")
