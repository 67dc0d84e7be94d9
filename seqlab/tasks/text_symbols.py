"""The symbols that a network of the text task knows where its config names none: those of its training part."""

from collections.abc import Mapping
from functools import lru_cache
from string import ascii_lowercase

from seqlab.data import corpora, pieces
from seqlab.data.vocabulary import letters_of, words_of
from seqlab.data.windows import spans
from seqlab.errors import Fault
from seqlab.tasks import LONGEST_TOKEN, MOST_LETTERS, MOST_TOKENS

LETTERS = f" {ascii_lowercase}"
FEWEST_TOKENS, USUAL_TOKENS = 16, 1000


def field(values: Mapping[str, object]) -> str:
    """Name the setting that holds them: letters for a network that reads characters, else tokens."""
    return "letters" if values.get("unit", "character") == "character" else "tokens"


def learned(values: Mapping[str, object], corpus: str) -> str | tuple[str, ...]:
    """Give them by settings that are not checked yet, ``corpus`` where they name none.

    Raises Fault or KeyError for settings that cannot be.
    """
    unit, preparation = str(values.get("unit", "character")), str(values.get("preparation", "letters"))
    if unit == "character" and preparation == "letters":
        return LETTERS
    most = values.get("most", USUAL_TOKENS)
    if not isinstance(most, int) or not FEWEST_TOKENS <= most <= MOST_TOKENS:
        raise Fault(f"The vocabulary can have {FEWEST_TOKENS} to {MOST_TOKENS:,} tokens.")
    return _learned(corpora.checked_name(str(values.get("corpus", corpus))), preparation, unit, most)


@lru_cache(maxsize=16)
def _learned(corpus: str, preparation: str, unit: str, most: int) -> str | tuple[str, ...]:
    """Symbols of the training part, where a text is split by position."""
    text = corpora.prepared(corpus, preparation)
    part = text[:spans(len(text), "position", 0)[0].stop]
    if unit == "character":
        return letters_of([part], MOST_LETTERS)
    tokens = (words_of(part, most, LONGEST_TOKEN) if unit == "word" else
              pieces.learn(part, most, letters_of([part], MOST_LETTERS), LONGEST_TOKEN))
    if not tokens:
        raise Fault(f"The text has no {unit}s; take another one, or another preparation.")
    return tokens
