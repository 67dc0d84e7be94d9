"""A text that was drawn from a network, packed for the sampling studio in the browser, and as files.

The bytes are laid out as in ``figures.film``: ``ids`` uint16 ``count``, ``logits`` float32 ``count vocab`` (those that
each symbol was drawn from) and ``draws`` float64 ``count`` (the uniform numbers that chose them).
"""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.film import pack
from seqlab.reference.sampling import Choice


@dataclass(frozen=True)
class Drawn:
    """A text, symbol by symbol: what it goes on from, how it was drawn, and the numbers that it was drawn from."""

    prompt: str
    vocabulary: Vocabulary
    choice: Choice
    seed: int
    ids: Int[np.ndarray, " count"]
    logits: Float[np.ndarray, "count vocab"]
    draws: Float[np.ndarray, " count"]

    @property
    def text(self) -> str:
        """The prompt and what was drawn after it, as a plain text; the mark for the end is left out."""
        drawn = [self.vocabulary.symbols[at] for at in self.ids if at != self.vocabulary.end]
        return self.vocabulary.joined([*([self.prompt] if self.prompt else []), *drawn])


def studio(drawn: Drawn, column: Mapping[float, Int[np.ndarray, " short"]], *, channel: str, colour: str = "surprise",
           play: bool = True) -> bytes:
    """Pack a text, and beside it what the same draws give at other temperatures, by temperature.

    Raises ValueError when ids, logits and draws differ in number, or logits and vocabulary in size.
    """
    count, vocab = len(drawn.ids), len(drawn.vocabulary)
    if drawn.logits.shape != (count, vocab) or drawn.draws.shape != (count,):
        raise ValueError(f"{count} symbols of {vocab} need as many logits and draws, got {drawn.logits.shape} and "
                         f"{drawn.draws.shape}")
    choice, spelt = asdict(drawn.choice), drawn.vocabulary.spelt
    choice["divide"] = choice.pop("divide_probabilities")
    header: dict[str, Any] = {
        "channel": channel, "colour": colour, "play": play, "prompt": _opening(drawn), "seed": drawn.seed,
        "symbols": list(spelt), "unit": drawn.vocabulary.level, "unsaid": sorted(drawn.vocabulary.masked),
        "end": drawn.vocabulary.end, "choice": choice,
        "column": [{"temperature": temperature, "text": [spelt[at] for at in ids]}
                   for temperature, ids in column.items()],
    }
    return pack(header, [({"name": "logits"}, drawn.logits.astype(np.float32)),
                         ({"name": "draws"}, drawn.draws.astype(np.float64)),
                         ({"name": "ids"}, drawn.ids.astype(np.uint16))])


def _opening(drawn: Drawn) -> str:
    """The prompt as it stands before the text."""
    return drawn.prompt + " " * (drawn.vocabulary.level == "word" and bool(drawn.prompt))


def drawn_npz(drawn: Drawn) -> bytes:
    """Pack ids, logits and draws as ``numpy.savez`` does, for ``numpy.load``, with alphabet, prompt and settings."""
    arrays: dict[str, Any] = {"ids": drawn.ids, "logits": drawn.logits, "draws": drawn.draws,
                              "seed": np.array(drawn.seed), "prompt": np.array(drawn.prompt),
                              "alphabet": np.array(list(drawn.vocabulary.symbols))}
    arrays |= {name: np.array(value) for name, value in asdict(drawn.choice).items()}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()
