"""Strings of a grammar as ids: those to train on, and others held out to validate with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Int

from seqlab.data.grammar import BUILT_IN, Grammar, read
from seqlab.data.vocabulary import Level, Vocabulary
from seqlab.errors import Fault

HELD_OUT = 2000  # strings to validate with
NAMED = 8  # symbols that an error lists
_TRAINING, _HELD_OUT = 0, 1  # parts of what a seed gives


@dataclass(frozen=True)
class Source:
    """Where strings come from: a built-in grammar's name or a grammar's text, and the seed they are drawn by.

    None has more tokens than ``longest``; the distribution is the grammar's own, given that.
    """

    grammar: str
    level: Level = "character"
    longest: int = 200
    seed: int = 0

    @property
    def language(self) -> Grammar:
        """The grammar, read; raises Fault with line and column."""
        return read(BUILT_IN.get(self.grammar, self.grammar), self.level)

    @property
    def alphabet(self) -> Vocabulary:
        """The marks .pad .start .end .unk, then the grammar's tokens."""
        return Vocabulary.of_tokens(self.language.tokens, self.level)

    def training(self, count: int) -> "EncodedStrings":
        """Draw the strings to train on; raises Fault where hardly any is so short."""
        return _sampled(self, _TRAINING, count)

    def held_out(self) -> list[tuple[str, ...]]:
        """Draw the strings to validate with, as tokens: not those trained on, though short ones may be equal."""
        sampled = _sampled(self, _HELD_OUT, HELD_OUT)
        symbols = np.array(self.alphabet.symbols, object)[sampled.ids].tolist()
        return [tuple(symbols[first + 1:first + length]) for first, length in
                zip(sampled.starts.tolist(), sampled.lengths.tolist(), strict=True)]

    def floor(self) -> float:
        """Mean surprise of the held-out strings, in nats a token: no model of the language can do better for long."""
        return _floor(self)

    def possible(self) -> None:
        """Raise Fault where the grammar has no string that is so short, or hardly any."""
        _possible(self.grammar, self.level, self.longest)


@dataclass(frozen=True)
class EncodedStrings:
    """Ids of strings one after another, BEGIN and END around each; ``lengths`` count tokens with END."""

    ids: Int[np.ndarray, " ids"]
    lengths: Int[np.ndarray, " string"]

    @property
    def starts(self) -> Int[np.ndarray, " string"]:
        """Where each begins."""
        return np.asarray(np.cumsum(self.lengths + 1) - self.lengths - 1)


@lru_cache(maxsize=8)
def _sampled(source: Source, part: int, count: int) -> EncodedStrings:
    language, alphabet = source.language, source.alphabet
    sampled = language.draw_ids(np.random.default_rng((source.seed, part)), count, source.longest)
    ends, (begin, end) = np.cumsum(sampled.lengths + 2), np.array([alphabet.begin, alphabet.end])
    ids = np.full(int(ends[-1]), end, np.int16)
    inside = np.ones(len(ids), bool)
    inside[ends - 1] = inside[ends - sampled.lengths - 2] = False
    ids[inside] = sampled.tokens + len(alphabet) - len(language.tokens)
    ids[ends - sampled.lengths - 2] = begin
    return EncodedStrings(ids, sampled.lengths + 1)


@lru_cache(maxsize=32)
def _floor(source: Source) -> float:
    return source.language.floor(source.held_out())


@lru_cache(maxsize=64)
def _possible(grammar: str, level: Level, longest: int) -> None:
    Source(grammar, level).language.draw_ids(np.random.default_rng(0), 1, longest)


def padded(strings: Sequence[Int[np.ndarray, " _"]], alphabet: Vocabulary) -> Int[np.ndarray, "string time"]:
    """Write ids of strings as rows: BEGIN, the string, END, and PAD up to the longest."""
    rows = np.full((len(strings), 2 + max(map(len, strings))), alphabet.pad, np.int64)
    for row, ids in zip(rows, strings, strict=True):
        row[:len(ids) + 2] = np.array([alphabet.begin, *ids, alphabet.end])
    return rows


def check_prompt(language: Grammar, prompt: str, longest: int) -> None:
    """Raise Fault for a seed sequence outside the alphabet, or longer than any string may be."""
    tokens, known = language.cut(prompt), set(language.tokens)
    unknown = [token for token in dict.fromkeys(tokens) if token not in known]
    if unknown:
        kind = "characters" if language.level == "character" else "words"
        listed = ", ".join(map(repr, unknown[:NAMED])) + (" …" if len(unknown) > NAMED else "")
        raise Fault(f"The seed sequence has {kind} that are not in the alphabet of this grammar: {listed}.")
    if len(tokens) > longest:
        raise Fault(f"The seed sequence has {len(tokens)} tokens, more than the {longest} of the longest string.")
