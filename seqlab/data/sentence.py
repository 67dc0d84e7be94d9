"""A sentence that a person typed, cut into tokens: words, their punctuation apart, or characters as they are seen."""

import re
import unicodedata
from typing import Literal

MOST_TOKENS = 40
LONGEST_TOKEN = 24  # code points; what is longer ends in …
SPACE = "␣"  # a space among characters, so that it can be seen
Cut = Literal["words", "characters"]

_JOINER = "\u200d"
_WORD = re.compile(r"[^\s.,!?;:…]+|[.,!?;:…]+")


def read(text: str, cut: Cut) -> tuple[list[str], str]:
    """Cut what a person typed into at most ``MOST_TOKENS`` tokens.

    Returns them and one plain sentence about what was left out ("" if nothing). Invisible signs, such as those that
    turn the direction of writing, are dropped.
    """
    text = unicodedata.normalize("NFC", "".join(map(_visible, text)))
    tokens = _WORD.findall(text) if cut == "words" else characters(re.sub(r"\s+", SPACE, text.strip()))
    notes = []
    if len(tokens) > MOST_TOKENS:
        notes.append(f"Only the first {MOST_TOKENS} of {len(tokens):,} {cut} are shown")
        tokens = tokens[:MOST_TOKENS]
    if any(len(token) > LONGEST_TOKEN for token in tokens):
        notes.append(f"A token keeps its first {LONGEST_TOKEN} characters")
        tokens = [token if len(token) <= LONGEST_TOKEN else token[:LONGEST_TOKEN - 1] + "…" for token in tokens]
    return tokens, ". ".join(notes) + ("." if notes else "")


def characters(text: str) -> list[str]:
    """Split text into what a reader sees as one character: a letter with its accents, a whole emoji, a flag."""
    clusters: list[str] = []
    for sign in text:
        if clusters and _joins(clusters[-1], sign):
            clusters[-1] += sign
        else:
            clusters.append(sign)
    return clusters


def _joins(before: str, sign: str) -> bool:
    if unicodedata.category(sign).startswith("M") or sign == _JOINER or before[-1] == _JOINER:
        return True
    if 0x1F3FB <= ord(sign) <= 0x1F3FF:  # a tone of skin
        return True
    return _regional(sign) and _regional(before)


def _regional(text: str) -> bool:
    """Whether this is half of a flag."""
    return len(text) == 1 and 0x1F1E6 <= ord(text) <= 0x1F1FF


def _visible(sign: str) -> str:
    if sign.isspace():
        return " "
    return "" if sign != _JOINER and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") else sign
