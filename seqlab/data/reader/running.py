"""Running texts: decoded, and without the header and the licence of Project Gutenberg if a person leaves that on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from seqlab.data.reader.changes import Change, Tally, changes
from seqlab.data.reader.encodings import Broken, checked_bytes, checked_text, detect, opened
from seqlab.errors import Fault

MOST_BYTES = 20_000_000
FIRST = 5  # lines that are shown
_EDGE = 60_000  # characters in which a header ends
_LINE = re.MULTILINE | re.IGNORECASE
_START = re.compile(r"^(?:\*{3} ?)?START OF (?:THE|THIS) PROJECT GUTENBERG E-?(?:BOOK|TEXT).*$"
                    r"|^\*END\*? ?THE SMALL PRINT.*$", _LINE)
_END = re.compile(r"^(?:\*{3} ?END OF (?:THE|THIS)|END OF (?:THE |THIS )?PROJECT GUTENBERG).*$", _LINE)


@dataclass(frozen=True)
class TextForm:
    """How a text is read: its encoding, and whether Project Gutenberg's header and licence are taken off."""

    encoding: str
    licence_off: bool = True


@dataclass(frozen=True)
class TextReading:
    """A text as it was read, and what was lost or changed on the way."""

    form: TextForm
    text: str
    changes: tuple[Change, ...]
    licensed: bool

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.text.count("\n") + (not self.text.endswith("\n"))

    @property
    def first(self) -> Sequence[str]:
        """The first lines that have something in them."""
        return list(islice((line for line in self.text[:_EDGE].split("\n") if line.strip()), FIRST))


def propose_text(data: bytes) -> TextForm:
    """Guess how a text is written; raises Fault for what is too large, or no text."""
    checked_bytes(data, MOST_BYTES, "text")
    return TextForm(detect(data))


def read_text(data: bytes, form: TextForm | None = None) -> TextReading:
    """Read a text as a form says, or as it seems to be written; its lines end in a line feed alone. Raises Fault."""
    form = form or propose_text(data)
    checked_bytes(data, MOST_BYTES, "text")
    broken = Broken(data, form.encoding)
    text = "".join(broken.watch(opened(data, form.encoding)))
    checked_text(text[:100_000], form.encoding)
    if not text.strip():
        raise Fault("The text is empty; take one with at least a few lines.")
    head, body, tail = parts(text)
    licence = Tally("lost", "line is Project Gutenberg's header or licence", "lines are Project Gutenberg's header and "
                    "licence")
    if form.licence_off and (head or tail):
        off = [part.strip() for part in (head, tail) if part.strip()]
        licence.add(0, off[0], sum(len(part.split("\n")) for part in off))
        text = body
    if not text.strip():
        raise Fault("Nothing is left of this text without its licence; take one with at least a few lines.")
    return TextReading(form, text, changes(broken.tally, licence, _line_ends(data, form.encoding)),
                       bool(head or tail))


def parts(text: str) -> tuple[str, str, str]:
    """Cut a book of Project Gutenberg into its header, the book and its licence; of another text both are empty."""
    starts = list(_START.finditer(text, 0, min(len(text), _EDGE)))
    start = starts[-1].end() if starts else 0
    end = _END.search(text, start)
    stop = end.start() if end else len(text)
    return text[:start], text[start:stop], text[stop:]


def _line_ends(data: bytes, encoding: str) -> Tally:
    """Count the line ends of a file that were not a line feed alone."""
    tally = Tally("changed", "line end (CR or CR LF) became a line feed", "line ends (CR or CR LF) became line feeds")
    wide = {"utf-16-le": b"\r\0", "utf-16-be": b"\0\r"}.get(encoding, b"\r")
    if count := data.count(wide):
        tally.add(0, "", count)
    return tally
