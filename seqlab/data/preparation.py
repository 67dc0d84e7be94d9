"""From the bytes of a file to the text that a network reads."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from seqlab.errors import Fault

MOST_BYTES = 20_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_START = re.compile(r"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK.*$", re.MULTILINE | re.IGNORECASE)
_END = re.compile(r"^(?:\*\*\* ?END OF (?:THE|THIS)|End of (?:the )?Project Gutenberg).*$",
                  re.MULTILINE | re.IGNORECASE)


def decode(data: bytes, most: int = MOST_BYTES) -> str:
    """Read a file as UTF-8, else as Latin-1, with line feeds alone as line ends; raises Fault for what is no text.

    ``most`` is how many bytes it may have.
    """
    if len(data) > most:
        raise Fault(f"The text has {len(data) / 1e6:.0f} MB; take one of at most {most // 1_000_000} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    # A text has hardly any control characters; an image or an archive is full of them.
    if len(_CONTROL.findall(text[:100_000])) > len(text[:100_000]) / 200:
        raise Fault("This file is no plain text; take a .txt file in UTF-8 or Latin-1.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Fault("The text is empty; take one with at least a few lines.")
    return text


def without_licence(text: str) -> str:
    """Cut off Project Gutenberg's header and licence; a text without them comes back as it is."""
    start, end = _START.search(text), _END.search(text)
    return text[start.end() if start else 0:end.start() if end and (not start or end.start() > start.end()) else None]


def letters(text: str) -> str:
    """Keep the letters a to z, lower case, and make every run of anything else one space, as d2l does."""
    return re.sub(r"[^A-Za-z]+", " ", text).lower()


def plain(text: str) -> str:
    """Keep letters, digits and common punctuation in ASCII, and every run of white space as one space."""
    ascii_text = re.sub(r"[^\x20-\x7e\n]+", " ", text.translate(_TYPOGRAPHY))
    return re.sub(r"\s+", " ", ascii_text)


def whole(text: str) -> str:
    """Keep every character."""
    return text


# Curly quotation marks, dashes and the like, as a typewriter has them.
_TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})

PREPARATIONS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"letters": letters, "plain": plain, "whole": whole})
LABELS: Mapping[str, str] = MappingProxyType(
    {"letters": "letters only, lower case", "plain": "plain ASCII with punctuation", "whole": "as it is"})
