"""A string read token by token, with the grammar's distribution before each of them."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Walk:
    """What is true before each token of a string and at its end.

    ``expected`` holds the distribution of the next token given all before it, its last column that of the end: row t
    stands before token t, the last row after the last token. ``surprise`` is that of each token and of the end in nats,
    -log p: infinity where the string leaves the language, NaN behind that. ``left`` is the place of the first token
    that cannot stand there, the number of tokens where the string ends too early, and None where it is in the language;
    rows after it are zero.
    """

    expected: Float[np.ndarray, "time next"]
    surprise: Float[np.ndarray, " time"]
    left: int | None

    @property
    def valid(self) -> bool:
        """Whether the string is in the language."""
        return self.left is None

    @property
    def entropy(self) -> Float[np.ndarray, " time"]:
        """Nats of what comes next, on the average: -Σ p log p; 0 where it is certain."""
        p = self.expected
        return np.asarray(-np.sum(p * np.log(np.where(p > 0, p, 1)), axis=1) + 0.0)
