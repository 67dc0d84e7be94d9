"""The command line as it explains itself: what ``--help`` prints, of each command and of each task to train."""

import io
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress

from seqlab.command_line import app

WIDTH = 80  # characters of a line
_BELOW = re.compile(r"(?:\]\s+|\[)\{([\w,-]+)\}\]?$")  # what may follow a command, at the end of its usage


def document() -> str:
    """Every command with all its options, as one document."""
    os.environ["COLUMNS"] = str(WIDTH)
    parts = (f"## {' '.join(names)}\n\n```text\n{said}\n```\n" for names, said in _explained(("seqlab",), set()))
    return "# Commands and their options\n\nWhat each says with `--help`.\n\n" + "\n".join(parts)


def _explained(names: tuple[str, ...], known: set[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """A command and those below it; what says the same as an earlier one is left out."""
    said = _help(*names[1:])
    usage, _, rest = said.partition("\n\n")
    if rest in known:
        return
    yield names, said
    known.add(rest)
    below = _BELOW.search(usage)
    for name in below[1].split(",") if below else ():
        yield from _explained((*names, name), known)


def _help(*names: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out), suppress(SystemExit):
        app.cli(prog="seqlab", args=[*names, "--help"])
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())
