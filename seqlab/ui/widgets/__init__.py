"""Components that draw in the browser: a Python wrapper, the browser's code and its style, side by side."""

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from seqlab.figures.theme import tokens

_HERE = Path(__file__).parent


def script(*names: str) -> str:
    """Join the palettes, the shared helpers and the named scripts to one module, so that colours have one source."""
    theme = f"const THEME = {json.dumps(tokens())};\n"
    return theme + "\n".join(_read(f"{name}.js") for name in ("common", *names))


def style(*names: str) -> str:
    """Join the shared style and the named ones."""
    return "\n".join(_read(f"{name}.css") for name in ("common", *names))


def _read(name: str) -> str:
    """Read a file of the browser's code by its name, which no other folder of a component has."""
    file, = _HERE.glob(f"*/{name}")
    return file.read_text(encoding="utf-8")


def finite(value: Any) -> Any:
    """Make plain data of anything made of mappings, lists, arrays and numbers; NaN and infinity become None.

    JSON has no words for those two, and a browser refuses a message that holds them.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): finite(part) for key, part in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
