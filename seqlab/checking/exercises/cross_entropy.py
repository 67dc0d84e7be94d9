"""Softmax and cross-entropy, which must stay finite for logits of any size."""

from collections.abc import Mapping, Sequence

import numpy as np

from seqlab.checking.exercise import Arguments, CodingExercise, Hint, Mistake, Output, Parts
from seqlab.checking.recurrent import HEAD, PEN
from seqlab.reference import activations, course_training, loss

SIZES = ((1, 3), (2, 5), (6, 4), (5, 9), (4, 4))  # B, V
HUGE = 3  # the case with logits up to 1,000 and more
_LOG = """    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
"""
_PICKED = "log_p[np.arange(len(targets)), targets]"
_CODE = HEAD + "def softmax_cross_entropy(logits, targets):\n{log}    loss = -" + _PICKED + """.mean()
    return np.exp(log_p), loss                # [B, V], one number
"""
_MEAN = "The loss is the mean over the rows: divide the sum by B."


def draw(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw (logits, targets); in one case the logits are large, up and down."""
    B, V = sizes
    logits = rng.normal(size=(B, V)) * 2
    if sizes == SIZES[HUGE]:
        logits = logits + rng.choice([-1000.0, 0.0, 1000.0], size=(B, 1))
    return logits, rng.integers(V, size=B)


def overflow(cases: Sequence[Arguments], answers: Sequence[Parts], returned: Mapping[int, Parts]) -> Hint | None:
    """Notice that no number comes out where the logits are large, and there alone."""
    finite = {case: all(np.isfinite(part).all() for part in parts) for case, parts in returned.items()}
    if finite.get(HUGE, True) or not all(fine for case, fine in finite.items() if case != HUGE):
        return None
    return Hint("exp overflows", "Only the case with logits of ±1,000 fails, and there NaN or infinity comes out: "
                "e^1000 is too large for a float. Subtract the largest logit of each row first: softmax stays the "
                "same.",
                ("overflow",))


EXERCISE = CodingExercise(
    "cross_entropy", "Loss", 7, "softmax_cross_entropy",
    (("logits", "[B, V]", "a row of scores for each example, of any size"),
     ("targets", "[B]", "the right class of each row, 0 … V − 1")),
    (Output("p", "[B, V]", "softmax of each row", ("row", "class")),
     Output("loss", "one number", "mean of −log p(target), in nats", ())),
    (r"p_{bk} &= e^{y_{bk}} / \textstyle\sum_j e^{y_{bj}}",
     r"\text{loss} &= -\tfrac{1}{B} \textstyle\sum_b \log p_{b,\text{target}_b}"),
    course_training.softmax_cross_entropy, draw, SIZES, ("B", "V"), (1, 2),
    _CODE.format(log=PEN.format(s="s", what="log_p [B, V], finite for any logits")[4:]), _CODE.format(log=_LOG),
    (
        Mistake("axis", "softmax over the wrong axis", "Softmax runs over the rows; each row must sum to 1: axis=1.",
                (("axis=1", "axis=0"),), classic=True),
        Mistake("axis", "softmax over the wrong axis", "Softmax runs over the whole array; each row must sum to 1: "
                "axis=1, keepdims=True.", (("axis=1", "axis=None"),)),
        Mistake("sum for mean", "sum for mean", _MEAN, ((".mean()", ".sum()"),)),
        Mistake("mean of all", "mean over rows and classes", _MEAN, ((".mean()", ".sum() / logits.size"),)),
        Mistake("sign", "sign", "The loss is −log p, which is positive.", ((f"-{_PICKED}", _PICKED),)),
        Mistake("base", "logarithm to base 2", "The loss is in nats: np.log, not np.log2.",
                ((f"-{_PICKED}", f"-{_PICKED} / np.log(2)"),)),
        Mistake("base", "logarithm to base 10", "The loss is in nats: np.log, not np.log10.",
                ((f"-{_PICKED}", f"-{_PICKED} / np.log(10)"),)),
        Mistake("no log", "logarithm missing", "The loss is −log p, not −p.",
                ((f"-{_PICKED}", f"-np.exp({_PICKED})"),)),
        Mistake("entropy", "entropy for cross-entropy", "The loss looks at p of the target alone, not at Σ p log p.",
                ((f"-{_PICKED}.mean()", "-(np.exp(log_p) * log_p).sum(axis=1).mean()"),)),
        Mistake("logs returned", "log p for p", "Return p itself, not its logarithm.",
                (("np.exp(log_p), ", "log_p, "),)),
    ),
    (course_training.softmax_cross_entropy, activations.log_softmax, loss.cross_entropy), (overflow,))
