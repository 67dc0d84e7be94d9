"""Linear maps and the two ways to turn a symbol into a vector."""

import numpy as np
from jaxtyping import Float, Int


def linear(x: Float[np.ndarray, "*shape input"], weight: Float[np.ndarray, "output input"],
           bias: Float[np.ndarray, " output"]) -> Float[np.ndarray, "*shape output"]:
    """Apply y = x Wᵀ + b, with the weight as torch keeps it (output × input)."""
    return x @ weight.T + bias


def one_hot(ids: Int[np.ndarray, "*shape"], size: int, dtype: np.dtype) -> Float[np.ndarray, "*shape {size}"]:
    """Write a 1 at each id and 0 elsewhere; raises IndexError for an id outside 0 … size-1."""
    return np.eye(size, dtype=dtype)[checked(ids, size)]


def embedding(ids: Int[np.ndarray, "*shape"],
              weight: Float[np.ndarray, "symbols width"]) -> Float[np.ndarray, "*shape width"]:
    """Look up a row for each id: one_hot(ids) W without the product; raises IndexError for an unknown id."""
    return weight[checked(ids, len(weight))]


def checked(ids: Int[np.ndarray, "*shape"], size: int) -> Int[np.ndarray, "*shape"]:
    """Pass ids through that are in 0 … size-1; raises IndexError for others, where NumPy would read -1 as the last."""
    if ids.size and (ids.min() < 0 or ids.max() >= size):
        raise IndexError(f"ids run from {ids.min()} to {ids.max()}; the alphabet has 0 to {size - 1}")
    return ids


def linear_gradient(x: Float[np.ndarray, "*shape input"], weight: Float[np.ndarray, "output input"],
                    gradient: Float[np.ndarray, "*shape output"]) -> tuple[
                        Float[np.ndarray, "*shape input"], Float[np.ndarray, "output input"],
                        Float[np.ndarray, " output"]]:
    """Go back through y = x Wᵀ + b: dL/dx = dL/dy W, dL/dW = Σ dL/dyᵀ x, dL/db = Σ dL/dy, summed over all places."""
    rows = gradient.reshape(-1, gradient.shape[-1])
    return gradient @ weight, rows.T @ x.reshape(-1, x.shape[-1]), rows.sum(axis=0)


def embedding_gradient(ids: Int[np.ndarray, "*shape"], size: int,
                       gradient: Float[np.ndarray, "*shape width"]) -> Float[np.ndarray, "{size} width"]:
    """Go back through a look-up: each row gathers the gradients of all places where it was read."""
    rows = np.zeros((size, gradient.shape[-1]), gradient.dtype)
    np.add.at(rows, checked(ids, size), gradient)
    return rows
