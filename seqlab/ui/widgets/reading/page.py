"""A text coloured by its surprise, alone: random logits that know some of its characters."""

import numpy as np

from seqlab.figures.reading import ScoredText, reading_bytes
from seqlab.reference.reading import surprise
from seqlab.ui.widgets.reading import reading

SYMBOLS = "\ufffd abcdefghijklmnopqrstuvwxyz"
TEXT = "the quick brown fox jumps over the lazy dog and the cat sat on the mat " * 3


def sample() -> bytes:
    """Sample data: a text, and what was expected at each of its characters but the first."""
    ids = np.array([SYMBOLS.index(character) for character in TEXT])
    logits = np.random.default_rng(1).normal(0, 2, (len(TEXT) - 1, len(SYMBOLS)))
    logits[np.arange(0, len(TEXT) - 1, 2), ids[1::2]] += 5.0
    return reading_bytes(ScoredText(TEXT, ids, np.arange(len(TEXT)) > 0, logits, surprise(logits, ids[1:]), SYMBOLS))


if __name__ == "__main__":
    reading(sample(), key="sample")
