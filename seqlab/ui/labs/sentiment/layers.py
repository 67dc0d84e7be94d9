"""The ways to colour a review's words: by what reading them changed, by the units they won, by what they pull."""

import numpy as np
from jaxtyping import Float

from seqlab.figures.sentiment import WordLayer
from seqlab.training.run import Run
from seqlab.ui.labs.sentiment.readings import ReviewReading
from seqlab.ui.labs.sentiment.watched import Watched

CHANGE = 0.5  # of a probability, at the ends of the scale; the same for every review
PULL = 3.0  # of the difference of the logits
SHARE = 0.1  # of the units


def as_read(run: Run, reading: ReviewReading, label: Watched) -> WordLayer | None:
    """Colour each word by how far reading it moved the answer; None where the words after it are seen too."""
    if run.core.sees == "all":
        return None
    p = reading.prefixes()[1][:, label.place].astype(np.float64)
    before = np.concatenate(([1 / label.count], p[:-1]))
    hover = [f"{label.name} {old:.0%} → {new:.0%}" for old, new in zip(before, p, strict=True)]
    return WordLayer("As it was read", "signed", p - before, CHANGE, label.ends, hover,
                     "How the answer moved at each word. The first one moves it from an even chance.")


def units_won(reading: ReviewReading, label: Watched) -> WordLayer | None:
    """Colour each word by how many units of the max pool it won; None without a pool."""
    won = reading.won()
    if won is None:
        return None
    size, difference = len(won.word), label.pull(won.pulls)
    hover = [f"{count} of {size} units, {pull:+.2f} for {label.name}".replace("-", "−") if count else "won no unit"
             for count, pull in zip(won.counts.tolist(), difference, strict=True)]
    ends = "no unit", f"{SHARE:.0%} of all"
    note = ("Each unit keeps its highest value of the whole review: the word where that stands has won it. A word that "
            "won nothing could be any other.")
    return WordLayer("Won the max pool", "count", won.counts.astype(float), SHARE * size, ends, hover, note)


def pulled(reading: ReviewReading, label: Watched) -> WordLayer | None:
    """Colour each word by what its won units add to the answer; None without a pool."""
    won = reading.won()
    if won is None:
        return None
    difference = label.pull(won.pulls)
    hover = [f"{pull:+.2f} for {label.name}, by {count} units".replace("-", "−") if count else "won no unit"
             for pull, count in zip(difference.tolist(), won.counts.tolist(), strict=True)]
    ends = (f"for {label.against}" if label.against else f"against {label.name}"), f"for {label.name}"
    return WordLayer("What these units add", "signed", difference, PULL, ends, hover,
                     f"The units a word won, times the weights that read them: what it adds to the logit of "
                     f"{label.name} less {label.other}. With the bias these numbers add up to the whole answer.")


def left_out(reading: ReviewReading, label: Watched) -> WordLayer | None:
    """Colour each word by what the answer loses without it; None where that was not worked out."""
    shortened = reading.without()
    if shortened is None:
        return None
    whole, without = float(reading.prefixes()[1][-1, label.place]), shortened[:, label.place].astype(np.float64)
    effect = _log_odds(np.full(len(without), whole)) - _log_odds(without)
    hover = [f"{label.name} {whole:.1%}, without it {other:.1%}" for other in without]
    ends = f"speaks {f'for {label.against}' if label.against else f'against {label.name}'}", f"speaks for {label.name}"
    return WordLayer("Left out", "signed", effect, PULL, ends, hover,
                 "The whole review is read again without this one word, for each word in turn. Coloured by the change "
                 "of the log-odds, ln p / (1 − p), so that it shows where the answer is nearly sure, too.")


def _log_odds(p: Float[np.ndarray, " word"]) -> Float[np.ndarray, " word"]:
    near = np.clip(p, 1e-7, 1 - 1e-7)  # single precision hover no more
    return np.log(near / (1 - near))
