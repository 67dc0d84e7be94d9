"""Layer normalisation and its gradient.

Source: Ba et al. 2016, "Layer normalization".
"""

import numpy as np
from jaxtyping import Float

EPSILON = 1e-5


def layer_norm(x: Float[np.ndarray, "*shape width"], weight: Float[np.ndarray, " width"],
               bias: Float[np.ndarray, " width"]) -> Float[np.ndarray, "*shape width"]:
    """Bring every position to mean 0 and variance 1, then scale and shift: (x - mean) / √(var + ε) ⊙ weight + bias."""
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    return centred / np.sqrt(variance + x.dtype.type(EPSILON)) * weight + bias


def layer_norm_gradient(x: Float[np.ndarray, "*shape width"], weight: Float[np.ndarray, " width"],
                        gradient: Float[np.ndarray, "*shape width"]) -> tuple[
                            Float[np.ndarray, "*shape width"], Float[np.ndarray, " width"],
                            Float[np.ndarray, " width"]]:
    """Go back through y = u ⊙ weight + bias with u = (x - mean) / √(var + ε).

    dL/du = dL/dy ⊙ weight
    dL/dx = (dL/du - mean(dL/du) - u mean(dL/du ⊙ u)) / √(var + ε): moving all units alike, or stretching them, changes
    nothing, so these two directions are taken out
    dL/dweight = Σ dL/dy ⊙ u, dL/dbias = Σ dL/dy
    """
    centred = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + x.dtype.type(EPSILON))
    u, d_u = centred / deviation, gradient * weight
    along = (d_u * u).mean(axis=-1, keepdims=True)
    places = tuple(range(x.ndim - 1))
    return ((d_u - d_u.mean(axis=-1, keepdims=True) - u * along) / deviation, (gradient * u).sum(axis=places),
            gradient.sum(axis=places))
