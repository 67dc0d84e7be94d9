"""Strings of a grammar as a network reads them: drawn, written as ids, and some kept to judge by."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Int

from seqlab.data.grammar import BUILT_IN, Grammar, read
from seqlab.data.vocabulary import Level, Vocabulary
from seqlab.errors import Fault

HELD = 2000  # strings that judge
NAMED = 8  # symbols that an error lists
_LEARNED, _HELD = 0, 1  # parts of what a seed gives


@dataclass(frozen=True)
class Source:
    """Where strings come from: a built-in grammar's name or a grammar's text, and which strings chance gives.

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

    def learned(self, count: int) -> "Strings":
        """Draw the strings to learn from; raises Fault where hardly any is so short."""
        return _drawn(self, _LEARNED, count)

    def held(self) -> list[tuple[str, ...]]:
        """Draw the strings that judge, as tokens: others than those learned from, though short ones may be equal."""
        found = _drawn(self, _HELD, HELD)
        symbols = np.array(self.alphabet.symbols, object)[found.ids].tolist()
        return [tuple(symbols[first + 1:first + length]) for first, length in
                zip(found.starts.tolist(), found.lengths.tolist(), strict=True)]

    def floor(self) -> float:
        """Mean surprise of the strings that judge, in nats a token: no model of the language can do better for long."""
        return _floor(self)

    def possible(self) -> None:
        """Raise Fault where the grammar has no string that is so short, or hardly any."""
        _possible(self.grammar, self.level, self.longest)


@dataclass(frozen=True)
class Strings:
    """Ids of strings one after another, BEGIN and END around each; ``lengths`` count tokens with END."""

    ids: Int[np.ndarray, " ids"]
    lengths: Int[np.ndarray, " string"]

    @property
    def starts(self) -> Int[np.ndarray, " string"]:
        """Where each begins."""
        return np.cumsum(self.lengths + 1) - self.lengths - 1


@lru_cache(maxsize=8)
def _drawn(source: Source, part: int, count: int) -> Strings:
    language, alphabet = source.language, source.alphabet
    found = language.draw_ids(np.random.default_rng((source.seed, part)), count, source.longest)
    ends, (begin, end) = np.cumsum(found.lengths + 2), np.array([alphabet.begin, alphabet.end])
    ids = np.full(int(ends[-1]), end, np.int16)
    inside = np.ones(len(ids), bool)
    inside[ends - 1] = inside[ends - found.lengths - 2] = False
    ids[inside] = found.tokens + len(alphabet) - len(language.tokens)
    ids[ends - found.lengths - 2] = begin
    return Strings(ids, found.lengths + 1)


@lru_cache(maxsize=32)
def _floor(source: Source) -> float:
    return source.language.floor(source.held())


@lru_cache(maxsize=64)
def _possible(grammar: str, level: Level, longest: int) -> None:
    Source(grammar, level).language.draw_ids(np.random.default_rng(0), 1, longest)


def padded(found: Sequence[Int[np.ndarray, " _"]], alphabet: Vocabulary) -> Int[np.ndarray, "string time"]:
    """Write ids of strings as rows: BEGIN, the string, END, and PAD up to the longest."""
    rows = np.full((len(found), 2 + max(map(len, found))), alphabet.pad, np.int64)
    for row, ids in zip(rows, found, strict=True):
        row[:len(ids) + 2] = np.array([alphabet.begin, *ids, alphabet.end])
    return rows


def check_prompt(language: Grammar, prompt: str, longest: int) -> None:
    """Raise Fault for a seed sequence outside the alphabet, or longer than any string may be."""
    tokens, known = language.cut(prompt), set(language.tokens)
    strange = [token for token in dict.fromkeys(tokens) if token not in known]
    if strange:
        kind = "characters" if language.level == "character" else "words"
        listed = ", ".join(map(repr, strange[:NAMED])) + (" …" if len(strange) > NAMED else "")
        raise Fault(f"The seed sequence has {kind} that are not in the alphabet of this grammar: {listed}.")
    if len(tokens) > longest:
        raise Fault(f"The seed sequence has {len(tokens)} tokens, more than the {longest} of the longest string.")
