"""The browser's code of the components in ``ui/widgets``, as text: for Streamlit, and for files that leave."""

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from seqlab import paths
from seqlab.figures.linking import linked, sheets
from seqlab.figures.presented import growing
from seqlab.figures.theme import tokens

if TYPE_CHECKING:
    Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
else:
    Json = object  # what checks calls while they run takes no type that holds itself

HERE = paths.PACKAGE / "ui" / "widgets"


def script(name: str) -> str:
    """A component's modules as one, behind the palettes, so that colours have one source."""
    return f"const THEME = {json.dumps(tokens())};\n{linked(entry(name))}"


def standalone(name: str) -> tuple[str, str]:
    """The same for a script that is no module's text: without its last line, and what that would have exported."""
    text, _, last = script(name).rstrip().rpartition("\nexport default ")
    return text, last.rstrip(";")


def entry(name: str) -> Path:
    """Where the module stands by which a component begins."""
    return HERE / name / f"{name}.js"


def style(name: str) -> str:
    """A component's style sheet with those that it imports, its type growing where the page is presented.

    One that has no picture of its own has none.
    """
    sheet = HERE / name / f"{name}.css"
    return growing(sheets(sheet)) if sheet.exists() else ""


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
