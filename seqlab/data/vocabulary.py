"""Symbols and their ids."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from seqlab.reference.linear import checked


@dataclass(frozen=True)
class Vocabulary:
    """An alphabet: each character's id is its place."""

    symbols: str

    def __len__(self) -> int:
        return len(self.symbols)

    def encode(self, text: str) -> Int[np.ndarray, " time"]:
        """Write ids for characters; raises KeyError naming the first character outside the alphabet."""
        places = {character: place for place, character in enumerate(self.symbols)}
        return np.array([places[character] for character in text], dtype=np.int64)

    def decode(self, ids: Int[np.ndarray, " time"]) -> str:
        """Read ids back as text; raises IndexError for an id outside the alphabet."""
        return "".join(self.symbols[place] for place in checked(ids, len(self)))
