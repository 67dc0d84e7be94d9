"""Weights by their names, and the shapes of weights, the types that formulas, cores and passes share."""

from collections.abc import Mapping

import numpy as np

Weights = Mapping[str, np.ndarray]
Shapes = dict[str, tuple[int, ...]]


def is_bias(name: str) -> bool:
    """Whether a weight of a core is a bias, by its name: ``bias_ih_l0``, ``ln1.bias``, ``attention.b_q``."""
    last = name.rpartition(".")[2]
    return "bias" in last or last.startswith("b_")
