"""Doing an exercise: its runs start as ordinary ones, are followed while they train, and are then measured."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.studies.chapter.exercise import Exercise, ended, runs_there
from seqlab.studies.results import StoredResult
from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.waiting import Pending
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell import acting
from seqlab.ui.shell.faults import attempt, show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import own_place, visible
from seqlab.ui.shell.services import engine
from seqlab.ui.studios.exercises import cost
from seqlab.ui.studios.exercises.predicted import opened

SECONDS = 0.7  # between two looks at runs that train


def configs(exercise: Exercise) -> Mapping[str, RunConfig]:
    """The configs of an exercise's runs, on texts that the visitor may read; raises Fault where they cannot be made."""
    return exercise.configs() if exercise.configs_on is None else exercise.configs_on(visible(corpora.names()))


def needed(exercise: Exercise, known: Mapping[str, Run]) -> dict[str, Run]:
    """Find the runs of an exercise that are there; raises Fault where its configs cannot be made."""
    return runs_there(configs(exercise), known)


def bench(exercise: Exercise, stored: StoredResult | None, there: Mapping[str, Run],
          more: Callable[[], None]) -> None:
    """Draw the button of an exercise or, while its runs train, how far they are; ``more`` draws the ones beside it."""
    active = any(goes_on(run) for run in there.values()) or exercise.name in _asked()
    paced = not active and cost.waits(exercise, cost.missing(configs(exercise), there), stored)
    st.fragment(_bench, run_every=SECONDS if active or paced else None)(
        exercise, stored, dict(there), more, active, paced)


@show_fault_inline
def _bench(exercise: Exercise, stored: StoredResult | None, there: dict[str, Run], more: Callable[[], None],
           was_active: bool, was_paced: bool) -> None:
    active = [run for run in there.values() if goes_on(run)]
    asked = exercise.name in _asked()
    if active and (asked or len(there) == len(configs(exercise))):
        _progress(exercise, there, active, more)
        return
    if active:  # runs that it shares with another exercise, or that were made by themselves
        st.caption(f":material/info: {counted(len(active), 'run')} that it shares with another exercise "
                   f"{'is' if len(active) == 1 else 'are'} training now.")
        _button(exercise, stored, there, more)
        return
    if asked and _ready(exercise, there) and not _measured(exercise, there):
        return
    if asked or was_active:
        for run in there.values():
            if not ended(run):
                st.toast(literal(f"{run.name}: {run.status.message or run.status.state}"), icon=":material/error:")
        if asked and _ready(exercise, there):
            opened(exercise.name)
        _asked().discard(exercise.name)
        st.rerun()  # the whole page: the table, the links, and no timer any more
    if was_paced and not cost.waits(exercise, cost.missing(configs(exercise), there), stored):
        st.rerun()  # the same
    _button(exercise, stored, there, more)


def _button(exercise: Exercise, stored: StoredResult | None, there: Mapping[str, Run],
            more: Callable[[], None]) -> None:
    ready = _ready(exercise, there)
    own = stored is not None and stored.origin == "own"
    said = ("Measure again" if own else "Measure") if ready else "Run it"
    if not ready:
        said_cost = cost.said(exercise, cost.missing(configs(exercise), there), stored)
        st.caption(f":material/timer: {said_cost}")
    with st.container(horizontal=True, key=f"bench-{exercise.name}"):
        pressed = st.button(said, type="secondary" if own else "primary", icon=":material/play_arrow:",
                            key=f"run-{exercise.name}", help=_help(exercise, there, ready))
        more()
    if pressed:
        _begin(exercise, there)
        st.rerun()


def _ready(exercise: Exercise, there: Mapping[str, Run]) -> bool:
    """Whether an exercise can be measured."""
    return len(there) == len(configs(exercise)) and all(ended(run) for run in there.values())


def _help(exercise: Exercise, there: Mapping[str, Run], ready: bool) -> str:
    if ready:
        return "Its runs are there already, so nothing needs training."
    names = ", ".join(config.name for config in cost.missing(configs(exercise), there))
    return f"Trains {literal(names)}; runs that are there already are not trained again."


def _begin(exercise: Exercise, there: Mapping[str, Run]) -> None:
    """Fetch what the exercise reads and start the runs that are not there; raises Fault."""
    for name in exercise.corpora:
        with st.spinner(f"Fetching {literal(corpora.title(name))} …"):
            corpora.corpus(name)
    _asked().add(exercise.name)
    for key, config in configs(exercise).items():
        run = there.get(key)
        if run is None:
            acting.start(config)
        elif run.status.state == "interrupted":
            acting.resume(run)


def _asked() -> set[str]:
    """Names of the exercises that this session has begun."""
    asked: set[str] = st.session_state.setdefault("exercises-asked", set())
    return asked


def _measured(exercise: Exercise, there: Mapping[str, Run]) -> bool:
    """Have a worker measure an exercise, for some need torch; whether it is done with it."""
    waiting: dict[str, Pending[None]] = st.session_state.setdefault("exercises-measured", {})
    if exercise.name not in waiting:
        paths = {key: str(run.path) for key, run in there.items()}
        waiting[exercise.name] = client.exercise(exercise.name, paths, str(own_place()))
    if not waiting[exercise.name].done():
        st.caption(":material/hourglass_top: Measuring; with many runs or books that takes minutes.")
        return False
    try:
        waiting.pop(exercise.name).result()
    except Fault as fault:
        st.toast(literal(fault), icon=":material/error:")
    return True


def _progress(exercise: Exercise, there: Mapping[str, Run], active: list[Run], more: Callable[[], None]) -> None:
    status = [run.status for run in there.values()]
    # What a run that ended early, as one that diverged, has left undone needs no doing.
    steps = sum(now.steps if now.active else now.step for now in status)
    done = sum(now.step for now in status)
    whole = len(configs(exercise))
    place = f" · run {len(there) - len(active) + 1} of {whole}" if whole > 1 else ""
    st.progress(done / max(1, steps), f"{literal(_doing(active[0]))}{place}")
    with st.container(horizontal=True, key=f"bench-{exercise.name}"):
        st.button("Stop", icon=":material/stop:", key=f"stop-{exercise.name}", on_click=_stop, args=(active,))
        more()


def _doing(run: Run) -> str:
    now = run.status
    if now.state == "running":
        return f"{run.name}: step {now.step:,} of {now.steps:,}"
    if now.state == "paused":
        return f"{run.name} is paused"
    if engine().awaited:
        return engine().awaited
    return f"{run.name} waits for a worker"


def _stop(runs: list[Run]) -> None:
    for run in runs:
        attempt(partial(acting.steer, run, "stop"))
