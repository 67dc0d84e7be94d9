"""Drawing ids from logits at a temperature, with the uniform numbers given."""

import numpy as np

from seqlab.checking.exercise import Arguments, CodingExercise, Mistake, Output
from seqlab.checking.recurrent import HEAD, PEN
from seqlab.reference import course_training, sampling

SIZES = ((1, 3), (60, 5), (80, 11), (90, 7), (40, 40))  # B, V
TEMPERATURES = (1.0, 0.4, 2.5, 0.7, 1.6)
HUGE = 3  # the case with logits of 1,000 and more
_SHARE = """    scaled = logits / temperature
    p = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
"""
_DRAWN = "(np.cumsum(p, axis=1) <= u[:, None]).sum(axis=1)"
_CODE = f"{HEAD}def sample(logits, temperature, u):\n{{share}}    return {_DRAWN}\n"


def draw(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw (logits, temperature, u)."""
    B, V = sizes
    logits = rng.normal(size=(B, V)) * 2 + 1000.0 * (sizes == SIZES[HUGE])
    temperature = TEMPERATURES[SIZES.index(sizes)] if sizes in SIZES else 0.5
    return logits, temperature, rng.random(B)


def _mistake(cause: str, title: str, advice: str, old: str, new: str, classic: bool = False) -> Mistake:
    return Mistake(cause, title, advice, ((old, new),), classic)


EXERCISE = CodingExercise(
    "sample", "Sampling", 8, "sample",
    (("logits", "[B, V]", "a row of scores for each draw, of any size"),
     ("temperature", "one number", "above 0: divides the logits"),
     ("u", "[B]", "a uniform number in [0, 1) for each row")),
    (Output("ids", "[B]", "the smallest id whose cumulative probability exceeds u", ("row",)),),
    (r"p &= \text{softmax}(y / T)", r"\text{id} &= \min \{ k : p_0 + \dots + p_k > u \}"),
    course_training.sample, draw, SIZES, ("B", "V"), (2, 3),
    _CODE.format(share=PEN.format(s="s", what="p [B, V], the probabilities to draw from")[4:]),
    _CODE.format(share=_SHARE),
    (
        _mistake("divided probabilities", "temperature without effect", "Dividing the probabilities by the temperature "
                 "and normalising again takes it out; it must divide the logits.", "logits / temperature", "logits",
                 classic=True),
        _mistake("scale multiplied", "multiplied by the temperature", "The logits are multiplied by the temperature; "
                 "they must be divided by it.", "/ temperature", "* temperature"),
        _mistake("argmax", "the draw is not used", "The likeliest id comes out whatever u is.", _DRAWN,
                 "p.argmax(axis=1)"),
        _mistake("off by one", "one id too low", "The first id is 0: the one at which the sum first exceeds u.", _DRAWN,
                 f"{_DRAWN} - 1"),
        _mistake("off by one", "one id too high", "The id is the one at which the sum first exceeds u, not the next.",
                 _DRAWN, f"{_DRAWN} + 1"),
        _mistake("turned", "drawn from the other end", "The cumulative probability must exceed u, not 1 − u.",
                 "u[:, None]", "1 - u[:, None]"),
        _mistake("axis", "sum over the wrong axis", "Softmax runs over the rows; each row must sum to 1: axis=1.",
                 "p.sum(axis=1", "p.sum(axis=0"),
        _mistake("one draw", "the first draw for every row", "Each row has its own u.", "u[:, None]", "u[0]"),
        _mistake("not normalised", "probabilities that do not sum to 1", "Divide by the sum before the ids are drawn.",
                 "    p = p / p.sum(axis=1, keepdims=True)\n", ""),
    ),
    (course_training.sample, sampling.shape, sampling.draw))
