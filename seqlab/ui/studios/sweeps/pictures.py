"""The pictures of a sweep: the grid of scores, the curves over each other, the table."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from seqlab.figures.sweep import Course, Scale, SweepPoint, courses, grid
from seqlab.training.config import plain_name
from seqlab.training.outcome import Outcome, ranked, score
from seqlab.training.run import Run
from seqlab.training.setting_words import described
from seqlab.training.sweep import Sweep, short, written
from seqlab.ui.shell.columns import explained, meanings
from seqlab.ui.shell.services import library
from seqlab.ui.widgets import grid as grid_component
from seqlab.ui.widgets.moving_slider import moving_choice
from seqlab.ui.widgets.plot import plot

CURVES = {"validation": "Validation", "loss": "Training loss", "evaluation": "Accuracy"}


def choose(place: int) -> None:
    """Make a point the chosen one, here and in the address."""
    st.query_params["point"] = str(place)


def scores(sweep: Sweep, found: Sequence[Outcome], chosen: Outcome, leader: Outcome | None, loss: bool) -> None:
    """Draw the grid of two settings, and what says which two, and at which values of the others."""
    paths = list(sweep.varying)
    across, down = _axes(sweep, paths)
    others = {path: _other(sweep, path, chosen) for path in paths if path not in (across, down)}
    rows = [[_cell(_find(found, others | {across: x} | ({down: y} if down else {})), loss)
             for x in sweep.axes[across]] for y in (sweep.axes[down] if down else (None,))]
    scale = Scale.of(np.array([score(one, loss) for one in found]), loss, _guess(sweep))
    where = ", ".join(f"{short(path)} = {written(value)}" for path, value in others.items())
    picture = grid(rows, _named(sweep, across), _named(sweep, down) if down else ("", ("",)), scale,
                   chosen.point.place, leader.point.place if leader else -1, f"Here {where}." if where else "")
    grid_component.grid(picture, key=f"grid-{sweep.id}", on_pick=choose)


def _axes(sweep: Sweep, paths: list[str]) -> tuple[str, str | None]:
    """Choose which setting goes across and which down; with up to two there is nothing to choose."""
    if len(paths) < 3:
        return paths[-1], paths[0] if len(paths) == 2 else None
    left, right = st.columns(2)
    across = left.selectbox("Across", paths, 1, format_func=_capital, key=f"across-{sweep.id}",
                            help="The setting along the map's width.")
    rest = [path for path in paths if path != across]
    down = right.selectbox("Down", rest, format_func=_capital, key=f"down-{sweep.id}-{across}",
                           help="The setting along the map's height.")
    return across, down


def _other(sweep: Sweep, path: str, chosen: Outcome) -> Any:
    """Choose the value of a setting that is on neither axis; it follows the point that a person chooses."""
    values, key = sweep.axes[path], f"at-{sweep.id}-{path}"
    asked = st.query_params.get("point", "")
    if key not in st.session_state or st.session_state.get(f"{key}-of") != asked:
        st.session_state[f"{key}-of"] = asked
        st.session_state[key] = values.index(chosen.point.values[path])
    at = moving_choice(_capital(path), range(len(values)), format_func=lambda k: written(values[k]), key=key,
                       help=described(path, sweep.base.task["name"]))
    return values[at]


def _find(found: Sequence[Outcome], values: dict[str, Any]) -> Outcome:
    return next(one for one in found if values.items() <= one.point.values.items())


def _cell(one: Outcome, loss: bool) -> SweepPoint:
    return SweepPoint(one.point.place, one.state, score(one, loss), one.point.label)


def _named(sweep: Sweep, path: str) -> tuple[str, tuple[str, ...]]:
    return plain_name(path), tuple(map(written, sweep.axes[path]))


def _guess(sweep: Sweep) -> float:
    """Loss of guessing evenly among all symbols, in nats."""
    config = sweep.points[0].config
    return math.log(max(2, config.task_spec.dimensions(config.task_config).classes))


def _capital(path: str) -> str:
    name = plain_name(path)
    return name[0].upper() + name[1:]


def curves(sweep: Sweep, found: Sequence[Outcome], chosen: Outcome, leader: Outcome | None, loss: bool) -> None:
    """Lay the curves of all points over each other."""
    offered = [name for name in CURVES if loss or name != "validation"]
    column = st.segmented_control("Curves", offered, format_func=CURVES.__getitem__, default=offered[0], required=True,
                                  key=f"curves-{sweep.id}", label_visibility="collapsed")
    label = {"validation": "Validation perplexity", "loss": "Loss on the batches (nats)",
             "evaluation": "Accuracy on fresh data"}[column]
    told = [_course(one, column) for one in found if one.step]
    picture = courses(told, chosen.point.place, leader.point.place if leader else -1, label,
                      perplexity=column == "validation", share=column == "evaluation", most=_guess(sweep))
    plot(picture, key=f"courses-{sweep.id}")


def _course(one: Outcome, column: str) -> Course:
    table = Run(library().root / one.point.id).metrics()
    return Course(one.point.place, one.point.label, table["step"], table[column])


def table(sweep: Sweep, found: Sequence[Outcome], loss: bool, going: bool) -> None:
    """Draw all points in a table that can be sorted; a tick chooses one. While it goes on, no row changes its place."""
    head = st.container(horizontal=True, vertical_alignment="center")
    head.header("All points", width="content")
    order = list(found) if going else ranked(found, loss)
    key = f"points-{sweep.id}-{going}"

    def ticked() -> None:
        rows = st.session_state[key].selection.rows
        if rows:
            choose(order[rows[0]].point.place)

    task = str(sweep.base.task["name"])
    columns: dict[str, Any] = {short(path): st.column_config.Column(help=described(path, task))
                               for path in sweep.varying}
    columns |= {"Perplexity": st.column_config.NumberColumn(format="%.3f", help="Least on validation data."),
                "Nats": st.column_config.NumberColumn(format="%.4f", help="The same as a loss."),
                "Accuracy": st.column_config.NumberColumn(format="%.1f %%", help="Best on fresh data."),
                "Seconds": st.column_config.NumberColumn(format="%.1f")}
    rows = [row(one, sweep, loss) for one in order]
    columns = explained(rows, columns)
    with head:
        meanings(columns)
    st.dataframe(rows, column_config=columns, hide_index=True, key=key,
                 on_select=ticked, selection_mode="single-row", width="stretch", height=400)


def row(one: Outcome, sweep: Sweep, loss: bool) -> dict[str, Any]:
    """A point as a row of the table."""
    values = {short(path): one.point.values[path] for path in sweep.varying}
    known = loss and math.isfinite(score(one, loss))
    told = {"Perplexity": math.exp(min(one.loss, 700.0)) if known else None, "Nats": one.loss if known else None,
            "At step": one.at if known else None} if loss else {}
    accuracy = 100 * one.accuracy if math.isfinite(one.accuracy) else None
    return values | told | {"Accuracy": accuracy, "State": one.state, "Step": one.step, "Seconds": one.seconds}

