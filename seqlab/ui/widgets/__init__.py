"""Components that draw in the browser: one folder each, with its Python wrapper, its modules, its style and its page.

A component's folder has its own name: ``badge/__init__.py`` mounts ``badge/badge.js`` with ``badge/badge.css``, and
``badge/page.py`` shows it alone. What they share, the charts above all, is in ``kit``.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import streamlit as st

from seqlab.figures.theme import tokens
from seqlab.ui.widgets.linking import linked, sheets

if TYPE_CHECKING:
    Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
else:
    Json = object  # what checks calls while they run takes no type that holds itself

HERE = Path(__file__).parent


def component(name: str, root: str | None = None) -> Callable[..., object]:
    """Register the component of a folder; it draws in one element, whose classes are ``root`` (else the name)."""
    mount = st.components.v2.component(f"seqlab_{name}", html=f'<div class="{root or name}"></div>', css=style(name),
                                       js=script(name))

    def mounted(*, data: object, **more: Any) -> object:
        # In a mapping Streamlit looks for tables, for which it imports pandas: half a second and 48 MB. Not in a list.
        return mount(data=[data] if isinstance(data, dict) else data, **more)
    return mounted


def script(name: str) -> str:
    """A component's modules as one, behind the palettes, so that colours have one source."""
    return f"const THEME = {json.dumps(tokens())};\n{linked(HERE / name / f'{name}.js')}"


def style(name: str) -> str:
    """A component's style sheet with those that it imports; none where it has no picture of its own."""
    sheet = HERE / name / f"{name}.css"
    return sheets(sheet) if sheet.exists() else ""


def finite(value: object) -> Json:
    """Make plain data of anything made of mappings, lists, arrays and numbers; NaN and infinity become None.

    JSON has no words for those two, and a browser refuses a message that holds them.
    """
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, Mapping):
        return {str(key): finite(part) for key, part in value.items()}
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Iterable):
        return [finite(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    raise TypeError(f"{type(value).__name__} cannot be sent to the browser")
