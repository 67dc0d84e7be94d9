"""Gradient clipping by the joint length of all gradients."""

import numpy as np

from seqlab.checking.exercise import Arguments, CodingExercise, Mistake, Output
from seqlab.checking.recurrent import HEAD, PEN
from seqlab.reference import course_training, optim

SIZES = ((1, 2, 3), (3, 4, 5), (4, 3, 2), (6, 2, 4), (3, 3, 3))  # number of gradients, and two sizes
SHARES = (0.5, 0.3, 2.0, 0.9, 0.05)  # the limit, as a share of the length
_FACTOR = """    norm = np.sqrt(sum((g * g).sum() for g in gradients))
    factor = min(1.0, limit / norm)
"""
_SCALED = "[g * factor for g in gradients]"
_CODE = f"{HEAD}def clip_gradients(gradients, limit):\n{{factor}}    return {_SCALED}, norm\n"


def draw(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw (gradients, limit): matrices and vectors in turn, and a limit above or below their length."""
    count, rows, columns = sizes
    gradients = [rng.normal(size=(rows, columns) if place % 2 == 0 else columns) * 2 for place in range(count)]
    length = float(np.sqrt(sum((g * g).sum() for g in gradients)))
    share = SHARES[SIZES.index(sizes)] if sizes in SIZES else 0.5
    return gradients, round(share * length, 2)


def _mistake(cause: str, title: str, advice: str, old: str, new: str, classic: bool = False) -> Mistake:
    return Mistake(cause, title, advice, ((old, new),), classic)


EXERCISE = CodingExercise(
    "clip", "Clipping", 9, "clip_gradients",
    (("gradients", "list of arrays", "the gradient of each weight"),
     ("limit", "one number", "the most that their joint length may be")),
    (Output("gradients", "list of arrays", "all scaled by one factor", ("row", "column"), many=True),
     Output("norm", "one number", "the length before; may be left out", (), optional=True)),
    (r"\text{norm} &= \sqrt{\textstyle\sum g^2} \quad \text{over all numbers of all gradients}",
     r"g &\leftarrow g \cdot \min(1, \text{limit} / \text{norm})"),
    course_training.clip_gradients, draw, SIZES, ("gradients", "rows", "columns"), (2, 1, 2),
    _CODE.format(factor=PEN.format(s="s", what="norm and factor")[4:]), _CODE.format(factor=_FACTOR),
    (
        _mistake("each by itself", "each gradient by itself", "Every gradient is clipped by its own length, which "
                 "turns the direction of the step; one factor from the length of all is meant.", _SCALED,
                 "[g * min(1.0, limit / np.sqrt((g * g).sum())) for g in gradients]", classic=True),
        _mistake("each number", "each number by itself", "Every number is cut off at ±limit; all are to be scaled by "
                 "one factor.", _SCALED, "[np.clip(g, -limit, limit) for g in gradients]"),
        _mistake("no root", "root missing", "The length is the square root of the sum of squares.", "np.sqrt(sum(",
                 "(sum("),
        _mistake("always scaled", "scaled up as well", "Gradients shorter than the limit must stay as they are: "
                 "min(1, limit / norm).", "min(1.0, limit / norm)", "limit / norm"),
        _mistake("limit missing", "length 1 for the limit", "The length becomes 1; it must become the limit.",
                 "limit / norm", "1.0 / norm"),
        _mistake("norm missing", "not divided by the length", "The factor is limit / norm, not the limit itself.",
                 "limit / norm", "limit"),
        _mistake("turned", "norm / limit", "The factor is limit / norm, the other way round.", "limit / norm",
                 "norm / limit"),
        _mistake("not clipped", "nothing clipped", "The gradients come back as they were.", _SCALED, "gradients"),
        _mistake("sum of lengths", "sum of the lengths", "The squares of all numbers are added, and one root is taken "
                 "of the sum.", "np.sqrt(sum((g * g).sum() for g in gradients))",
                 "sum(np.sqrt((g * g).sum()) for g in gradients)"),
        _mistake("largest", "the largest number for the length", "The length is √Σ g², not the largest |g|.",
                 "np.sqrt(sum((g * g).sum() for g in gradients))", "max(abs(g).max() for g in gradients)"),
    ),
    (course_training.clip_gradients, optim.clip), tolerance=1e-5)
