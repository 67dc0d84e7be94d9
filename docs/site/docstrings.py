"""Docstrings as they are written here: plain sentences with ``code``, formulas on lines of their own, examples."""

import inspect
import re
from itertools import groupby
from typing import Any

from sphinx.application import Sphinx

_FORMULA = re.compile(r"\S[^=]* = \S")
_CODE = re.compile(r"(``.+?``)", re.DOTALL)
_MARKUP = re.compile(r"[\\*|`]|(?<=\w)_(?!\w)")


def setup(app: Sphinx) -> None:
    """Have Sphinx read them so."""
    app.connect("autodoc-process-docstring", _read)
    app.connect("autodoc-process-signature", _signed)


def marked(lines: list[str]) -> list[str]:
    """Write a docstring's lines as reStructuredText that looks as they do."""
    result = list[str]()
    for filled, group in groupby(lines, key=lambda line: bool(line.strip())):
        paragraph = list(group)
        result += _paragraph(paragraph) if filled else [""]
    return result


def _paragraph(lines: list[str]) -> list[str]:
    if lines[0].startswith(">>>"):
        return lines
    if all(_FORMULA.match(line) or line.startswith("  ") for line in lines):
        return ["::", "", *(f"    {line}" for line in lines), ""]
    parts = _CODE.split("\n".join(lines))
    prose = [part if place % 2 else _MARKUP.sub(lambda sign: f"\\{sign[0]}", part) for place, part in enumerate(parts)]
    for place in range(2, len(prose), 2):  # what stands right behind code, as the s of several
        prose[place] = re.sub(r"^(?=\w)", r"\\ ", prose[place])
    return "".join(prose).split("\n")


def _read(app: Sphinx, what: str, name: str, value: object, options: object, lines: list[str]) -> None:
    lines[:] = marked(lines)


def _signed(app: Sphinx, what: str, name: str, value: Any, options: object, signature: str | None,
            returned: str | None) -> tuple[str | None, str | None]:
    """Leave out what nobody calls: the signature of a protocol."""
    if inspect.isclass(value) and getattr(value, "_is_protocol", False):
        return "", None
    return signature, returned
