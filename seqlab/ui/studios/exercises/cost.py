"""What doing an exercise costs on this machine, said before it is pressed: steps, and seconds that were measured."""

from collections.abc import Mapping
from contextlib import suppress

import streamlit as st

from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.numerals import counted, duration
from seqlab.studies import durations, results
from seqlab.studies.chapter.exercise import Exercise, ended, key
from seqlab.studies.results import StoredResult
from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.waiting import Pending
from seqlab.ui.shell.services import engine, everything

MOST_MEASURED = 256
_MEASURED: dict[str, float | None] = {}  # seconds of a training by its config, for all sessions; None: cannot be said
_ASKED = "exercise-pace"  # in the session's state: the config whose moment a worker measures


def missing(wanted: Mapping[str, RunConfig], there: Mapping[str, Run]) -> list[RunConfig]:
    """The configs whose runs must still be trained."""
    return [config for name, config in wanted.items() if name not in there or not ended(there[name])]


def waits(exercise: Exercise, wanted: list[RunConfig], stored: StoredResult | None) -> bool:
    """Have a worker measure a moment of each training whose pace nobody knows, one at a time; whether it still does."""
    if _earlier(stored) is not None or not all(map(corpora.at_hand, exercise.corpora)):
        return False
    asked: tuple[str, Pending[float]] | None = st.session_state.get(_ASKED)
    if asked is not None:
        if not asked[1].done():
            return True
        del st.session_state[_ASKED]
        _note(*asked)
    for config in wanted:
        if key(config) not in _MEASURED and _by_runs(config) is None:
            if not engine().ready:  # asked now, the page itself would wait for workers that are still waking up
                return True
            st.session_state[_ASKED] = key(config), client.training_seconds(config)
            return True
    return False


def _note(config: str, answer: Pending[float]) -> None:
    """Keep what a worker measured, or that it cannot be said."""
    seconds = None
    with suppress(Fault):
        seconds = answer.result()
    _MEASURED[config] = seconds
    while len(_MEASURED) > MOST_MEASURED:
        del _MEASURED[next(iter(_MEASURED))]


def said(exercise: Exercise, wanted: list[RunConfig], stored: StoredResult | None) -> str:
    """Say what a press on the button trains, and how long that takes here."""
    trains = f"Trains {counted(len(wanted), 'run')}, {counted(sum(config.steps for config in wanted), 'step')} in all"
    if (seconds := _earlier(stored)) is not None and stored:
        return f"{trains}. All of it took {duration(seconds)} of training here on {stored.result.day}."
    if not all(map(corpora.at_hand, exercise.corpora)):
        return f"{trains}. Its text is fetched first; how long it takes shows when the first run trains."
    by_runs = [_by_runs(config) for config in wanted]
    moments = [_MEASURED.get(key(config)) for config in wanted]
    known = [first if first is not None else second for first, second in zip(by_runs, moments, strict=True)]
    if None in known:
        waiting = st.session_state.get(_ASKED) is not None or not engine().ready
        return f"{trains}: measuring how long that takes here …" if waiting else (
            f"{trains}. How long that takes shows when the first one trains.")
    how = "by runs that were trained here" if None not in by_runs else "by a moment of each, measured now"
    total = sum(seconds for seconds in known if seconds is not None)
    return f"{trains}: about {duration(max(1, total))} of training here, {how}."


def _earlier(stored: StoredResult | None) -> float | None:
    """Seconds of training that the same exercise took on this machine."""
    here = stored is not None and stored.origin == "own" and stored.result.machine == results.machine()
    return stored.result.seconds or None if stored and here else None


def _by_runs(config: RunConfig) -> float | None:
    own = everything()
    return durations.by_runs(config, [run for run in own.runs() if not own.is_shipped(run)])
