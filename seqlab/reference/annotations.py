"""What can be asked of every character of a text: whether it stands inside quotes, how deep in brackets, and the like.

An annotation is a value for each character, 0 or 1 or an amount; NaN where it has no meaning.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float, Int

Values = Float[np.ndarray, " character"]

VOWELS = "aeiouAEIOU"
_OPEN, _CLOSE, _ENDS = "([{<", ")]}>", ".?!"


@dataclass(frozen=True)
class Annotation:
    """Something that is true or an amount at each character; ``label`` goes on "units that follow …".

    A text without any of its ``signs``, where it has some, has no place for it. ``within``: it differs within a word,
    so it says nothing of words as a whole.
    """

    label: str
    read: Callable[[str], Values]
    signs: str = ""
    within: bool = False

    def possible(self, text: str, level: str) -> bool:
        """Whether a text has any of its signs, and symbols that are small enough."""
        return not (self.within and level == "word") and (not self.signs or any(map(text.__contains__, self.signs)))


def inside_quotes(text: str) -> Values:
    """1 from the sign that opens a quotation to the last character before the one that closes it.

    Straight signs open and close in turn, curly ones by their shape. At an empty line a quotation is over, so that one
    that was never closed does not turn the rest of the text around.
    """
    values, inside = np.zeros(len(text)), False
    for place, character in enumerate(text):
        if character == '"':
            inside = not inside
        elif character in "“”":
            inside = character == "“"
        elif character == "\n" and text[place - 1:place] == "\n":
            inside = False
        values[place] = inside
    return values


def bracket_depth(text: str) -> Values:
    """How many brackets are open after each character; one that closes what was never opened counts for nothing."""
    depth, values = 0, np.zeros(len(text))
    for place, character in enumerate(text):
        depth = max(0, depth + (character in _OPEN) - (character in _CLOSE))
        values[place] = depth
    return values


def after_vowel(text: str) -> Values:
    """1 where the character before is a vowel; NaN at the first character."""
    return _moved(_among(text, VOWELS).astype(float), 1)


def letters_into_word(text: str) -> Values:
    """How many letters of its word have come, this one among them; 0 between words."""
    return _since(~_that(text, str.isalnum))


def word_ends_here(text: str) -> Values:
    """1 at the last letter of a word; NaN at the end of the text, behind which nobody knows what comes."""
    letter = _that(text, str.isalnum)
    values = np.full(len(text), np.nan)
    values[:-1] = letter[:-1] & ~letter[1:]
    return values


def characters_into_line(text: str) -> Values:
    """How many characters of its line have come, this one among them; 0 at its end; NaN in a text of one line."""
    ends = _among(text, "\n")
    return _since(ends) if ends.any() else np.full(len(text), np.nan)


def words_into_sentence(text: str) -> Values:
    """Which word of its sentence this is, from 1 on; NaN in a text without the signs that end sentences."""
    ends, letter = _among(text, _ENDS), _that(text, str.isalnum)
    if not ends.any():
        return np.full(len(text), np.nan)
    begins = letter & ~np.r_[False, letter[:-1]]
    counted = np.cumsum(begins)
    return (counted - np.maximum.accumulate(np.where(ends, counted, 0))).astype(float)


ANNOTATIONS: Mapping[str, Annotation] = MappingProxyType({
    "quotes": Annotation("inside quotes", inside_quotes, '"“'),
    "depth": Annotation("how many brackets are open", bracket_depth, _OPEN),
    "vowel": Annotation("after a vowel", after_vowel, VOWELS, within=True),
    "letters": Annotation("letters into the word", letters_into_word, within=True),
    "ends": Annotation("the word ends here", word_ends_here, within=True),
    "line": Annotation("characters into the line", characters_into_line, "\n"),
    "words": Annotation("words into the sentence", words_into_sentence, _ENDS),
})


def inside(spans: Int[np.ndarray, "span 2"], length: int) -> Values:
    """1 within spans of a text, which do not overlap, each from its first character to the one behind its last."""
    steps = np.zeros(length + 1)
    np.add.at(steps, spans[:, 0], 1)
    np.add.at(steps, spans[:, 1], -1)
    return np.cumsum(steps[:-1])


def by_symbol(values: Values, ends: Int[np.ndarray, " symbol"]) -> Float[np.ndarray, " symbol"]:
    """Take the value after each symbol: that of its last character, whose place behind it ``ends`` gives."""
    return values[ends - 1]


def _among(text: str, characters: str) -> Bool[np.ndarray, " character"]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return np.isin(codes, [ord(character) for character in characters])


def _that(text: str, test: Callable[[str], bool]) -> Bool[np.ndarray, " character"]:
    """Whether each character passes a test, which every different one takes once."""
    return _among(text, "".join(character for character in set(text) if test(character)))


def _moved(values: Values, by: int) -> Values:
    return np.r_[np.full(min(by, len(values)), np.nan), values[:-by]]


def _since(ends: Bool[np.ndarray, " character"]) -> Values:
    """Characters since the last end, 0 on it."""
    at = np.arange(1, len(ends) + 1)
    return (at - np.maximum.accumulate(np.where(ends, at, 0))).astype(float) if len(ends) else np.zeros(0)
