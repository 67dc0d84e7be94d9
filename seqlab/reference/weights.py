"""Weights by their names, and the shapes of weights, the types that formulas, cores and passes share."""

from collections.abc import Mapping

import numpy as np

Weights = Mapping[str, np.ndarray]
Shapes = dict[str, tuple[int, ...]]
