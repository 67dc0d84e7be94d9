"""Training, live: the button that starts it, and the curves of a run while it trains and afterwards."""

from datetime import datetime
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab import remote
from seqlab.errors import Fault
from seqlab.figures.download import curves_csv
from seqlab.numerals import duration, number
from seqlab.reference.core import core_of
from seqlab.tasks import Recipe, echo
from seqlab.training.bands import of_run
from seqlab.training.config import RunConfig
from seqlab.training.metrics import is_other
from seqlab.training.run import Run
from seqlab.training.status import Status
from seqlab.ui.runs.following import goes_on, new_figures
from seqlab.ui.runs.forms import untouched
from seqlab.ui.runs.normal import drawn, said
from seqlab.ui.runs.picker import show
from seqlab.ui.runs.seeds import seed_is_used
from seqlab.ui.runs.steering import go_on, pending, steer
from seqlab.ui.runs.tasks import wording
from seqlab.ui.shell import acting
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import address
from seqlab.ui.shell.pacing import paced
from seqlab.ui.shell.services import engine, library
from seqlab.ui.widgets.live import live

PACE = 1.0  # seconds of training that tell how fast it is
MOST_OWN = 4  # curves of numbers that only a person's own loop knows
MOST_NAME = 70  # characters of a run's name, and its time of day


def train_button(place: DeltaGenerator) -> bool:
    """Draw the button that trains; whether it was pressed."""
    return place.button("Train a new one", type="primary", icon=":material/play_arrow:", width="stretch", key="train",
                        help="Trains a network here and now; every setting has a sensible default.")


def train(config: RunConfig) -> None:
    """Start a run under a name of its own, and show it; raises Fault."""
    show(acting.start(config, name_of(config)).id)
    seed_is_used()


def train_one_button() -> None:
    """Draw a button that trains a network with every default and goes to where it can be watched."""
    if st.button("Train a network", icon=":material/play_arrow:", type="primary", key="train-one", width="stretch"):
        try:
            run = start_usual()
        except Fault as fault:
            st.error(literal(fault))
        else:
            st.switch_page(address("echo"), query_params={"run": run.id})


def start_usual() -> Run:
    """Start a network with every default; raises Fault."""
    config = untouched(echo.RECIPES["fast"])
    run = acting.start(config, name_of(config))
    seed_is_used()
    return run


def name_of(config: RunConfig) -> str:
    """Name a new run by what sets it apart: model, delays or text, the recipe where it is one, and the time."""
    parts = [core_of(config.network).label, wording(config).name_part(config.task_config)]
    recipe = next((known.label.rpartition(", ")[2] for known in config.task_spec.recipes.values()
                   if _like(known, config)), "")
    if recipe.casefold() not in map(str.casefold, parts):
        parts.append(recipe)
    return _unlike_others(f"{', '.join(filter(None, parts))[:MOST_NAME]} · {datetime.now():%H:%M}")


def _unlike_others(name: str) -> str:
    """The name with a number behind it where runs of the same minute have it already."""
    taken = {run.name for run in library().runs()}
    names = (name, *(f"{name}, no. {count}" for count in range(2, len(taken) + 2)))
    return next(one for one in names if one not in taken)


def _like(recipe: Recipe, config: RunConfig) -> bool:
    """Whether a config is a recipe's, whatever its seed; one with another text is none, and its text is not opened."""
    usual = config.task_spec.config.model_fields.get("corpus")
    own = recipe.config["task"].get("corpus", usual.default if usual else None)
    other = own != config.task.get("corpus")
    return not other and RunConfig(**recipe.config | {"seed": config.seed}) == config


def stays_above(run: Run) -> bool:
    """Whether a run's curves stand above its pictures: while it trains, and on until another run has been chosen.

    So nothing moves on the page at the moment when a training ends.
    """
    if run.status.active:
        st.session_state["watched"] = run.id
    return st.session_state.get("watched") == run.id


def training_panel(run: Run) -> None:
    """Draw a run's curves and controls, and keep them moving while it trains."""
    going = goes_on(run)
    st.fragment(paced(_panel, new_figures(run)), run_every=0.4 if going else None)(run, going)


@show_fault_inline
def _panel(run: Run, was_active: bool) -> None:
    status = run.status
    with st.container(horizontal=True, vertical_alignment="center", key="steering"):
        st.header("Training" if status.active else "How it was trained")
        if status.active:
            steer(run, status)
        else:
            go_on(run, status)
            _download(run)
    _line(run, status)
    draw_curves(run, status)
    if was_active and not status.active and not goes_on(run):
        st.rerun()  # the whole page: it stops this timer and shows all snapshots


def draw_curves(run: Run, status: Status) -> None:
    """Draw a run's curves on their band, and under them what is to be said of that."""
    bands = None if status.recorded else of_run(run.config, library().shipped)
    live(_curves(run, status) | {"bands": bands and drawn(bands)}, key=f"live-{run.id}")
    if not status.recorded:
        said(run, bands)


def _line(run: Run, status: Status) -> None:
    """One line, always, so that the curves under it never move: what is awaited, else what went wrong, else what."""
    waits = (remote.trouble(run.path) if status.active else "") or pending(run, status) or _queue(run, status)
    if waits:
        st.caption(f":material/hourglass_top: {literal(waits)}")
    elif status.state in ("failed", "diverged", "interrupted"):
        st.warning(literal(status.message or f"This run is {status.state}."), icon=":material/error:")
    else:
        st.caption(literal(_made_of(run, status)))


def _queue(run: Run, status: Status) -> str:
    """What a run waits for that is to be trained; an empty text where it trains or is over."""
    place = engine().position(run.id)
    if status.recorded or not (status.state == "queued" or place or (status.active and not engine().ready)):
        return ""
    if engine().awaited:
        return engine().awaited
    if not place:
        return "A worker is taking this run."
    seconds = engine().expected(run.id)
    when = "by itself" if seconds is None else f"in about {duration(max(1, seconds))}"
    return f"This run is number {place} in the queue and starts {when}."


def _made_of(run: Run, status: Status) -> str:
    """Device, seed, time and recipe of a run, as far as they are known."""
    config, passport = run.config, run.passport
    network, optimiser = config.network, config.optimiser
    device = " ".join(str(part) for part in (passport.get("device"), status.device and f"({status.device})") if part)
    layers = f"{network.layers} layers of " if network.layers > 1 else ""
    sequences = wording(config).sequences(config.task_config)
    settings = [", ".join(filter(None, (f"batch {config.batch}", sequences))),
                f"{optimiser.name} at {number(optimiser.lr, 4)}{_steered(run, status)}", f"seed {config.seed}"]
    parts = [
        f"{run.core.label}, {layers}{network.hidden} units",
        *([] if status.recorded else settings),  # its own loop alone knows them
        f"on {device}" if device else "",
        f"{status.seconds:.1f} s" if not status.active and status.seconds else "",
        time_left(config, status, engine().remaining(run.id)),
        "" if _went_as_planned(config, status) else status.message.rstrip("."),
    ]
    return " · ".join(part for part in parts if part)


def _went_as_planned(config: RunConfig, status: Status) -> bool:
    return status.state in ("finished", "running") and status.step >= config.steps and not status.recorded


def _steered(run: Run, status: Status) -> str:
    """The learning rate of this moment where it is no longer the one that the run began with."""
    now = status.lr
    return f", now {number(now, 4)}" if status.active and now and now != run.config.optimiser.lr else ""


def time_left(config: RunConfig, status: Status, rest: float | None = None) -> str:
    """Say how long a run still trains: ``rest`` seconds beside all others, else as long as its own pace says.

    Nothing before it has a pace.
    """
    if status.state != "running" or not 0 < status.step < config.steps or status.seconds < PACE:
        return ""
    if rest is None:
        rest = (config.steps - status.step) * status.seconds / status.step
    return f"{'at most' if config.stop_at else 'about'} {duration(rest)} left"


def _curves(run: Run, status: Status) -> dict[str, Any]:
    config, words, columns = run.config, wording(run.config), run.metrics()
    own = [name for name in columns if is_other(name)][:MOST_OWN]
    return {"steps": max(config.steps, status.step), "state": status.state, "step": status.step, "columns": columns,
            "marks": [], "recorded": status.recorded, "own": own,
            "chance": _chance(config), "clip": None if status.recorded else config.optimiser.clip,
            "perplexity": config.task_spec.next_symbol(config.task_config), "unit": words.unit(config.task_config),
            "fresh": words.evaluated_on,
            "valid": words.floor is not None, "floor": words.floor and words.floor(config.task_config)}


def _chance(config: RunConfig) -> float | None:
    """The accuracy of guessing: evenly among the labels, where a task has them."""
    spec = config.task_spec
    return 1 / len(spec.labels(config.task_config)) if spec.labels else spec.chance or None


def _download(run: Run) -> None:
    st.download_button("Curves", lambda: curves_csv(run.metrics()), f"{run.id}.csv", "text/csv", on_click="ignore",
                       icon=":material/download:", key="curves", help="All published figures of this run, as CSV.")
