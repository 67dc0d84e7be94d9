"""The form from which a sweep is made, and the ready-made one: a base, and lists of values for some of its settings."""

from collections.abc import Mapping

import streamlit as st
from pydantic import ValidationError

from seqlab.errors import Fault
from seqlab.tasks import tasks
from seqlab.training.config import RunConfig, explain
from seqlab.training.sweep import MOST_POINTS, Sweep, define, settings, short, written
from seqlab.ui.runs.picker import candidates, label
from seqlab.ui.shell import acting
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.foreign import literal

LISTS = 3
MOST_LETTERS = 4000
CHAPTER = "text/chapter"
CHAPTER_GRID = {"task.num_steps": (8, 16, 32, 64, 128), "network.hidden": (8, 16, 32, 64, 128),
                "optimiser.lr": (0.01, 0.1, 1.0, 10.0)}
EPOCH = 10  # steps of an epoch of the chapter's recipe


def chapter_card() -> None:
    """Draw the chapter's grid, which one press starts."""
    with st.container(border=True, key="chapter-card"):
        st.subheader("The chapter's grid: 100 points")
        st.markdown("How many characters a window has, how many hidden units, which learning rate? The exercise of the "
                    "*Time Machine* chapter: 5 × 5 × 4 values, the chapter's own RNN at each point.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            steps = st.number_input("Steps for each point", 1, 100_000, 200, step=10, key="chapter-steps", width=180,
                                    help=f"{EPOCH} steps are one epoch; the chapter trains 1,000.")
            st.button("Train the chapter's grid", type="primary", icon=":material/grid_on:", key="chapter-start",
                      on_click=attempt, args=(lambda: _start(_chapter(int(steps))),))


def _chapter(steps: int) -> Sweep:
    over = {**CHAPTER_GRID, "steps": (steps,), "evaluate_every": (max(1, steps // 10),)}
    return define("The chapter's grid", _base(CHAPTER), over)


def sweep_form() -> None:
    """Draw the form, say what it makes, and start it; a fragment, so that typing moves nothing else."""
    st.fragment(_form)()


def _form() -> None:
    bases = _bases()
    st.selectbox("Start from", list(bases), format_func=bases.__getitem__, key="sweep-base",
                 help="Every setting that no list changes stays as it is there.")
    base = st.session_state["sweep-base"]
    try:
        over = _lists(_base(base))
        name = st.text_input("Name", key="sweep-name", max_chars=80, placeholder="Such as: how large a network?",
                             help="What the sweep is called in lists.")
        sweep, fault = (define(name, _base(base), over), "") if over else (None, "")
    except Fault as error:
        sweep, fault = None, str(error)
    if fault:
        st.error(literal(fault))
    elif sweep:
        st.caption(f"This makes **{len(sweep.points)} points**, each an ordinary run of {sweep.base.steps:,} steps"
                   f"{'' if 'steps' not in sweep.axes else ' or as listed'}. The time shows when the first has ended.")
    else:
        st.caption(f"Choose a setting and list its values, such as 8, 16, 32. At most {MOST_POINTS} points.")
    if st.button("Train this sweep", type="primary", icon=":material/play_arrow:", key="sweep-start",
                 disabled=sweep is None) and sweep:
        attempt(lambda: _start(sweep))
        st.rerun()


def _lists(base: RunConfig) -> dict[str, str]:
    """Draw a setting and its values in each of three rows; returns those that are filled in."""
    names, over = settings(base), dict[str, str]()
    current = base.model_dump()
    for row in range(LISTS):
        left, right = st.columns([1, 1.4])
        path: str | None = left.selectbox(
            "Setting" if row == 0 else f"Setting {row + 1}", list(names), index=None, key=f"sweep-path-{row}",
            format_func=lambda path: f"{names[path][0].upper()}{names[path][1:]} · {short(path)}",
            placeholder="Choose a setting" if row == 0 else "None",
            help="What differs from point to point; all else stays as it is.")
        text = right.text_input(
            "Values, with commas" if row == 0 else f"Values of setting {row + 1}", key=f"sweep-values-{row}",
            max_chars=MOST_LETTERS, disabled=path is None,
            placeholder=f"Now {_at(current, path)}" if path else "8, 16, 32, 64",
            help="One network is trained for each value, or for each pair of values.")
        if path in over:
            raise Fault(f"The {names[path]} is chosen twice; put all its values into one list.")
        if path and text.strip():
            over[path] = text
    return over


def _at(config: Mapping[str, object], path: str) -> str:
    value: object = config
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return written(value)


def _bases() -> dict[str, str]:
    """Recipes of all tasks, then own and shipped runs, by what stands for them."""
    recipes = {f"{task.name}/{name}": f"{task.label}: {recipe.label}"
               for task in tasks().values() for name, recipe in task.recipes.items()}
    first = {CHAPTER: recipes.pop(CHAPTER)} if CHAPTER in recipes else {}
    return first | recipes | {run.id: f"As the run {label(run)}" for run in candidates().values()}


def _base(name: str) -> RunConfig:
    """The config that a sweep starts from: of a recipe or of a run; raises Fault."""
    task, slash, recipe = name.partition("/")
    if not slash:
        run = candidates().get(name)
        if run is None:
            raise Fault("This run is gone; choose another to start from.")
        return run.config.model_copy(update={"name": ""})
    try:
        return RunConfig(**tasks()[task].recipes[recipe].config)
    except ValidationError as error:
        raise Fault(explain(error)) from None


def _start(sweep: Sweep) -> None:
    st.query_params["sweep"] = acting.go_on_sweep(sweep).id
    st.query_params.pop("point", None)
