"""Linear maps and the two ways to turn a symbol into a vector."""

import numpy as np
from jaxtyping import Float, Int

TERMS, OUTPUTS, ROWS = 12, 12, 4  # fewer terms, and fewer outputs or rows, are added one after another
FEW = 400  # fewer multiplications between two matrices are added so too


def product(x: Float[np.ndarray, "*shape input"],
            W_T: Float[np.ndarray, "input output"]) -> Float[np.ndarray, "*shape output"]:
    """Multiply rows by a matrix, adding up in the order that comes closest to torch's in single precision.

    torch's library adds a small product from left to right and rounds each term first; in a larger one it fuses
    multiplication and addition, as NumPy's does where the matrix lies row by row in memory. Measured with torch 2.13 on
    an AMD EPYC: added in turn, 1 to 3 terms are equal to the last bit, of 4 to 11 terms 40 to 90 % of the numbers
    (35 to 60 % by @); beyond these sizes @ is equal to the last bit, but for a single row and for more than 128 terms.
    """
    terms, outputs = W_T.shape
    small = x.ndim > 1 and terms < TERMS and (outputs < OUTPUTS or x.size < ROWS * terms)
    return in_turn(x, W_T) if small else x @ W_T


def matrices(left: Float[np.ndarray, "*left rows terms"],
             right: Float[np.ndarray, "*right terms columns"]) -> Float[np.ndarray, "*both rows columns"]:
    """Multiply matrices of a batch, adding up in torch's order: products of few numbers are a plain loop there."""
    terms = left.shape[-1]
    small = terms < TERMS and terms * left.shape[-2] * right.shape[-1] < FEW
    return in_turn(left, right) if small else left @ right


def in_turn(left: Float[np.ndarray, "*left rows terms"],
            right: Float[np.ndarray, "*right terms columns"]) -> Float[np.ndarray, "*both rows columns"]:
    """Multiply matrices and add the terms from left to right, each rounded before it is added."""
    if not left.shape[-1]:
        return left @ right
    total = left[..., :1] * right[..., :1, :]
    for term in range(1, left.shape[-1]):
        total += left[..., term:term + 1] * right[..., term:term + 1, :]
    return total


def linear(x: Float[np.ndarray, "*shape input"], weight: Float[np.ndarray, "output input"],
           bias: Float[np.ndarray, " output"]) -> Float[np.ndarray, "*shape output"]:
    """Apply y = x Wᵀ + b, with the weight as torch keeps it (output × input).

    It is laid out row by row for the last bits of single precision alone: sampling, which computes in double, comes
    here with every character, and a copy would cost it more than the product.
    """
    W_T = np.ascontiguousarray(weight.T) if x.dtype == np.float32 else weight.T
    return product(x, W_T) + bias


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
