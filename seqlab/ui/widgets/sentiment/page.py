"""The words of a review alone, in two colourings: what each did for the answer, and how often each was the largest."""

import numpy as np

from seqlab.figures.sentiment import ReviewData, WordLayer, words
from seqlab.ui.widgets.sentiment import opinion

REVIEW = "a slow start but the ending is wonderful and the actors are never dull qwertz"
WORDS = REVIEW.split()


def sample() -> ReviewData:
    """Sample data: signed numbers and counts for each word."""
    rng = np.random.default_rng(2)
    signed, counts = rng.normal(0, 0.3, len(WORDS)), rng.integers(0, 9, len(WORDS)).astype(float)
    layers = (WordLayer("gradient", "signed", signed, 1.0, ("negative", "positive"),
                        tuple(f"{value:+.2f}" for value in signed), "Sample data."),
              WordLayer("largest", "count", counts, 9.0, ("none", "nine"),
                        tuple(f"largest {value:.0f} times" for value in counts)))
    return words(WORDS, [word != "qwertz" for word in WORDS], layers)


if __name__ == "__main__":
    opinion(sample(), key="sample")
