"""What is left of a text before a network reads it: all of it, or only some of its characters."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from seqlab.data.vocabulary import counts

_AROUND = 16  # characters beside one in an example


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


@dataclass(frozen=True)
class Losses:
    """Characters of a text of which a preparation leaves nothing or only a space, and a word of it before and after."""

    letters: Counter[str]  # and digits
    signs: Counter[str]
    example: tuple[str, str] | None


def losses(text: str, prepare: Callable[[str], str]) -> Losses:
    """Count what a preparation loses of a text; white space that becomes other white space is no loss."""
    letters, signs = Counter[str](), Counter[str]()
    for character, count in counts(text).items():
        if not character.isspace() and not prepare(f"a{character}a")[1:-1].strip():
            (letters if character.isalnum() else signs)[character] = count
    first = re.search(f"[{re.escape(''.join(letters or signs))}]", text) if letters or signs else None
    if first is None:
        return Losses(letters, signs, None)
    before, after = text[max(0, first.start() - _AROUND):first.end()], text[first.end():first.end() + _AROUND]
    word = re.split(r"\s", before)[-1] + re.split(r"\s", after)[0]
    return Losses(letters, signs, (word, prepare(word)))


# Curly quotation marks, dashes and the like, as a typewriter has them.
_TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})

PREPARATIONS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"letters": letters, "plain": plain, "whole": whole})
LABELS: Mapping[str, str] = MappingProxyType(
    {"letters": "letters only, lower case", "plain": "plain ASCII with punctuation", "whole": "as it is"})
