"""A text sampled from a network, packed for the sampling studio in the browser, and as files.

The bytes are laid out as in ``figures.film``: ``ids`` uint16 ``count``, ``logits`` float32 ``count vocab`` (those that
each symbol was drawn from) and ``draws`` float64 ``count`` (the uniform numbers that chose them).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypedDict

import numpy as np
from jaxtyping import Float, Int

from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.film import pack
from seqlab.files import npz
from seqlab.reference.sampling import Choice


@dataclass(frozen=True)
class SampledText:
    """A sampled text: its prompt, its settings, and for each symbol its id, logits and uniform number."""

    prompt: str
    vocabulary: Vocabulary
    choice: Choice
    seed: int
    ids: Int[np.ndarray, " count"]
    logits: Float[np.ndarray, "count vocab"]
    draws: Float[np.ndarray, " count"]

    @property
    def text(self) -> str:
        """The prompt and the sampled symbols as plain text; the mark for the end is left out."""
        symbols = [self.vocabulary.symbols[at] for at in self.ids if at != self.vocabulary.end]
        return self.vocabulary.joined([*([self.prompt] if self.prompt else []), *symbols])


class Column(TypedDict):
    """The text that the same draws give at another temperature, in symbols."""

    temperature: float
    text: list[str]


class StudioHeader(TypedDict):
    """Header of a sampled text: ``masked`` are the ids that cannot be drawn, ``unit`` is a character or a word."""

    channel: str
    colour: str
    play: bool
    prompt: str
    seed: int
    symbols: list[str]
    unit: str
    masked: list[int]
    end: int | None
    choice: dict[str, float | bool | None]
    column: list[Column]


def studio(text: SampledText, column: Mapping[float, Int[np.ndarray, " short"]], *, channel: str,
           colour: str = "surprise", play: bool = True) -> bytes:
    """Pack a text, and beside it what the same draws give at other temperatures, by temperature.

    Raises ValueError when ids, logits and draws differ in number, or logits and vocabulary in size.
    """
    count, vocab = len(text.ids), len(text.vocabulary)
    if text.logits.shape != (count, vocab) or text.draws.shape != (count,):
        raise ValueError(f"{count} symbols of {vocab} need as many logits and draws, got {text.logits.shape} and "
                         f"{text.draws.shape}")
    choice, spelt = asdict(text.choice), text.vocabulary.spelt
    choice["divide"] = choice.pop("divide_probabilities")
    header: StudioHeader = {
        "channel": channel, "colour": colour, "play": play, "prompt": _opening(text), "seed": text.seed,
        "symbols": list(spelt), "unit": text.vocabulary.level, "masked": sorted(text.vocabulary.masked),
        "end": text.vocabulary.end, "choice": choice,
        "column": [{"temperature": temperature, "text": [spelt[at] for at in ids]}
                   for temperature, ids in column.items()],
    }
    return pack(header, [({"name": "logits"}, text.logits.astype(np.float32)),
                         ({"name": "draws"}, text.draws.astype(np.float64)),
                         ({"name": "ids"}, text.ids.astype(np.uint16))])


def _opening(text: SampledText) -> str:
    """The prompt as it stands before the text."""
    return text.prompt + (text.vocabulary.gap if text.prompt else "")


def sampled_npz(text: SampledText) -> bytes:
    """Pack ids, logits and draws as ``numpy.savez`` does, for ``numpy.load``, with alphabet, prompt and settings."""
    arrays = {"ids": text.ids, "logits": text.logits, "draws": text.draws,
                              "seed": np.array(text.seed), "prompt": np.array(text.prompt),
                              "alphabet": np.array(list(text.vocabulary.symbols))}
    arrays |= {name: np.array(value) for name, value in asdict(text.choice).items()}
    return npz(arrays)
