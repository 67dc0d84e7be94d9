"""The one function that shows a text of others (a name, a title, a cell, a symbol, a message that quotes one)."""

import re

_JOINER = "\u2060"  # has no width; what stands on its two sides is no address, icon or arrow any more
_MARKS = re.compile(r"[\\`*_{}\[\]<>#!|~$:&]|^[-+=]")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_PAIRS = re.compile(r"(?<=:)(?=\S)|(?<=[wW])(?=\.)|(?<=@)|(?<=[-<>=~])(?=[-<>=~])")


def literal(text: object) -> str:
    """Write a text so that Markdown shows just its characters, in one line: no link, picture, icon, colour or formula.

    Every text that did not come with seqlab goes through here before it stands in a label, a caption or a message.
    """
    words = " ".join(str(text).encode(errors="replace").decode().split())
    escaped = _MARKS.sub(r"\\\g<0>", _PAIRS.sub(_JOINER, words))
    return _NUMBERED.sub(r"\1\\\2", escaped)
