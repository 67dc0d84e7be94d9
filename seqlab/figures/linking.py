"""One script of the ES modules of a component, and one style of its sheets, as Streamlit takes them.

Streamlit's components take one text of JavaScript each, and a browser finds no module beside a text. So the modules
that a component's entry imports are put one after the other, each in a scope of its own, those that are imported first.
The modules stay plain ES modules, which an editor, a type checker and Node read as they are; what is read here is the
part of the language that they use, and anything else is refused.
"""

import re
from collections.abc import Iterator
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
_DEFAULT = re.compile(r"^export default (.+);\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|(?:async )?function\*?) (\w+))", re.MULTILINE)
_SHEET = re.compile(r'^@import "(\.[^"]+)";\n', re.MULTILINE)
_UNREAD = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class CannotLink(ValueError):
    """A module that is written in a way which is not read here, imports a name that is not there, or itself."""


def linked(entry: Path) -> str:
    """Put a module and all that it imports into one text, which exports what the entry does."""
    modules = list(_ordered(entry.resolve(), _IMPORT, 2))
    names = {path: f"module_{k}" for k, path in enumerate(modules)}
    exported: dict[Path, set[str]] = {}
    parts = [_scoped(path, names, exported) for path in modules]
    last, given = names[modules[-1]], exported[modules[-1]]
    default = [f"export default {last}.default;"] if "default" in given else []
    named = [f"export const {{ {', '.join(sorted(given - {'default'}))} }} = {last};"] if given - {"default"} else []
    return "\n".join([*parts, *named, *default, ""])


def sheets(entry: Path) -> str:
    """Put a style sheet behind all that it imports, each of them once."""
    return "".join(_SHEET.sub("", path.read_text(encoding="utf-8")) for path in _ordered(entry.resolve(), _SHEET, 1))


def _ordered(path: Path, pattern: re.Pattern[str], group: int, above: tuple[Path, ...] = (),
             done: set[Path] | None = None) -> Iterator[Path]:
    """Files that are imported, each once and before those that import it."""
    done = set() if done is None else done
    if path in above:
        raise CannotLink(f"{path.name} imports itself, by way of {above[-1].name}")
    if path in done:
        return
    for found in pattern.finditer(path.read_text(encoding="utf-8")):
        yield from _ordered((path.parent / found[group]).resolve(), pattern, group, (*above, path), done)
    done.add(path)
    yield path


def _scoped(path: Path, names: dict[Path, str], exported: dict[Path, set[str]]) -> str:
    """A module as a function that is called at once and returns what the module exports."""

    def taken(match: re.Match[str]) -> str:
        source = (path.parent / match[2]).resolve()
        wanted = [part.split(" as ") for part in re.split(r"\s*,\s*", match[1].strip(" \n,"))]
        if missing := {name for name, *_ in wanted} - exported[source]:
            raise CannotLink(f"{path.name} imports {', '.join(sorted(missing))}, which {source.name} does not export")
        return f"const {{ {', '.join(': '.join(part) for part in wanted)} }} = {names[source]};\n"

    text = path.read_text(encoding="utf-8")
    given = set(_EXPORT.findall(text)) | ({"default"} if _DEFAULT.search(text) else set())
    body = _EXPORT.sub("", _DEFAULT.sub(r"const $default = \1;\n", _IMPORT.sub(taken, text)))
    if unread := _UNREAD.search(body):
        raise CannotLink(f"{path.name} has a line that is not read here: {unread[0]}")
    exported[path] = given
    listed = ", ".join("default: $default" if name == "default" else name for name in sorted(given))
    return f"const {names[path]} = (() => {{\n{body}return {{ {listed} }};\n}})();"
