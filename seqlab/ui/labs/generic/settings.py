"""A form made from the settings that a task declares."""

from typing import Any, Literal, get_args, get_origin

import streamlit as st
from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from seqlab.tasks import Task
from seqlab.training.config import RunConfig
from seqlab.ui.runs.forms import Fields, checked, dropout, length, network, optimiser, untouched


def generic_settings(task: Task[Any]) -> RunConfig:
    """Draw the form and read it; raises Fault for what cannot be."""
    recipe = st.selectbox("Recipe", list(task.recipes), format_func=lambda name: task.recipes[name].label,
                          key=f"recipe-{task.name}", help="Where the numbers below start.")
    st.caption(task.recipes[recipe].note)
    fields = Fields(f"{task.name}-{recipe}", task.recipes[recipe])
    left, middle, right = st.columns(3)
    with left:
        st.markdown("**Task**")
        values: dict[str, Any] = {"task": _task(task, fields)}
    with middle:
        st.markdown("**Network**")
        values["network"] = network(fields, "Symbols enter as") | {"dropout": dropout(fields)}
    with right:
        st.markdown("**Training**")
        values |= {"optimiser": optimiser(fields)} | length(fields)
    return checked(values)


def usual_of(task: Task[Any]) -> RunConfig:
    """What the form makes where nobody has touched it."""
    return untouched(next(iter(task.recipes.values())))


def _task(task: Task[Any], fields: Fields) -> dict[str, Any]:
    """Every setting of a kind that a widget shows; the others stay as the recipe has them."""
    start: dict[str, object] = fields.start["task"]
    return start | {name: _field(fields, name, field) for name, field in task.config.model_fields.items()
                    if name in start and (get_origin(field.annotation) is Literal
                                          or field.annotation in (bool, int, float, str))}


def _field(fields: Fields, name: str, field: FieldInfo) -> Any:
    label, path = field.title or name.replace("_", " ").capitalize(), f"task.{name}"
    if get_origin(field.annotation) is Literal:
        return fields.choice(label, path, {value: str(value) for value in get_args(field.annotation)})
    if field.annotation is bool:
        return fields.switch(label, path)
    if field.annotation is str:
        return fields.text(label, path)
    return fields.number(label, path, **_bounds(field))


def _bounds(field: FieldInfo) -> dict[str, int | float]:
    """Limits of a number, for its widget; the config checks them again."""
    whole, bounds = field.annotation is int, dict[str, int | float]()
    for rule in field.metadata:
        if isinstance(rule, Ge):
            bounds["min_value"] = _plain(rule.ge, whole)
        elif isinstance(rule, Gt):
            bounds["min_value"] = _plain(rule.gt, whole) + (1 if whole else 0)
        elif isinstance(rule, Le):
            bounds["max_value"] = _plain(rule.le, whole)
        elif isinstance(rule, Lt):
            bounds["max_value"] = _plain(rule.lt, whole) - (1 if whole else 0)
    return bounds


def _plain(value: Any, whole: bool) -> int | float:
    return int(value) if whole else float(value)
