"""A grammar in use: its alphabet, strings sampled from it, and the exact distribution along any string."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from seqlab.data.grammar import notation
from seqlab.data.grammar.built_in import BUILT_IN
from seqlab.data.grammar.checks import check
from seqlab.data.grammar.earley import Chart, Column
from seqlab.data.grammar.network import network
from seqlab.data.grammar.productions import cutter, productions
from seqlab.data.grammar.sampler import SampledStrings, Sampler
from seqlab.data.grammar.tilting import longer
from seqlab.data.grammar.walk import Walk
from seqlab.data.vocabulary import Level
from seqlab.errors import Fault

LONGEST = 3_000  # tokens of a string that is read
MOST_SYMBOLS = 256  # of the alphabet
ATTEMPTS = 8  # at drawing enough strings of some length
MOST_WORK = 500_000  # items that may be put together while one string is read


class Grammar:
    """A probabilistic context-free grammar over characters or words.

    ``tokens`` is its alphabet, sorted; ``name`` that of a built-in grammar, else ""; ``notes`` are sentences on what is
    allowed in its rules but odd. Made by ``read``.
    """

    def __init__(self, text: str, level: Level = "character") -> None:
        self.text, self.level = text, level
        self._cut = cutter(level)
        self.rules = notation.read(text)
        self.notes = tuple(check(self.rules, lambda terminal: len(self._cut(terminal))))
        self.network = network(productions(self.rules, level))
        self.tokens = self.network.tokens
        if not self.tokens:
            raise self.rules.start.position.fault("this grammar has no string but the empty one. Give it a terminal.")
        if len(self.tokens) > MOST_SYMBOLS:
            raise Fault(f"This grammar has {len(self.tokens)} different tokens; the most is {MOST_SYMBOLS}.")
        self.name = next((name for name, known in BUILT_IN.items() if known.strip() == text.strip()), "")
        self._places = {token: place for place, token in enumerate(self.tokens)}
        self._exact, self._rough = Chart(self.network), Chart(self.network, exact=False)
        self._sampler = Sampler(self.rules, level, self.tokens)

    @property
    def chart(self) -> Chart:
        """Its parser without probabilities: one column for beginnings of strings that are read alike."""
        return self._rough

    def joined(self, tokens: Iterable[str]) -> str:
        """Make tokens a text again, words with a space between them."""
        return (" " if self.level == "word" else "").join(tokens)

    def cut(self, text: str) -> tuple[str, ...]:
        """Cut a text into tokens, in the alphabet or not."""
        return self._cut(text)

    def draw_ids(self, rng: np.random.Generator, count: int, longest: int | None = None) -> SampledStrings:
        """Draw strings as ids of their tokens; as ``draw`` does, without making text of them."""
        return self._sampler.draw(rng, count, longest)

    def draw(self, rng: np.random.Generator, count: int, longest: int | None = None) -> list[tuple[str, ...]]:
        """Draw strings from the exact distribution, given that none is longer than ``longest`` tokens.

        Raises Fault where hardly a string is so short, or where the strings are too many.
        """
        return self._texts(self.draw_ids(rng, count, longest))

    def draw_between(self, rng: np.random.Generator, count: int, shortest: int, longest: int) -> list[tuple[str, ...]]:
        """Draw strings of ``shortest`` to ``longest`` tokens, however rare they are; fewer where hardly any comes up.

        Given its length, each is as probable as it is in the grammar.
        """
        rules = longer(self.rules, lambda text: len(self._cut(text)) + self._sampler.gap, (shortest + longest) / 2)
        sampler, strings = Sampler(rules, self.level, self.tokens), list[tuple[str, ...]]()
        for _ in range(ATTEMPTS):
            try:
                sampled = sampler.draw(rng, max(1000, 4 * count), longest)
            except Fault:  # no string is that short
                break
            long = sampled.lengths >= shortest
            strings += self._texts(replace(sampled, tokens=sampled.tokens[np.repeat(long, sampled.lengths)],
                                           lengths=sampled.lengths[long], log_p=sampled.log_p[long]))
            if len(strings) >= count:
                break
        return strings[:count]

    def _texts(self, sampled: SampledStrings) -> list[tuple[str, ...]]:
        flat = np.array(self.tokens, object)[sampled.tokens].tolist()
        ends = np.cumsum(sampled.lengths)
        begins = (ends - sampled.lengths).tolist()
        return [tuple(flat[begin:end]) for begin, end in zip(begins, ends.tolist(), strict=True)]

    def walk(self, tokens: Sequence[str]) -> Walk:
        """Read a string with everything that is true before each token; raises Fault for one that is far too long."""
        columns, left = self._columns(self._exact, tokens)
        expected = np.zeros((len(tokens) + 1, len(self.tokens) + 1))
        expected[:len(columns)] = [column.row for column in columns]
        surprise = np.full(len(tokens) + 1, np.nan)
        surprise[:len(columns)] = [column.nats(token) for column, token in zip(columns, [*tokens, None], strict=False)]
        return Walk(expected, surprise, left)

    def left_at(self, tokens: Sequence[str]) -> int | None:
        """Where a string first leaves the language, as in ``Walk.left``, at less cost; raises Fault likewise."""
        return self._columns(self._rough, tokens)[1]

    def valid(self, tokens: Sequence[str]) -> bool:
        """Whether a string is in the language."""
        return self.left_at(tokens) is None

    def expects(self, tokens: Sequence[str]) -> list[dict[str, float]]:
        """For each token, which symbols the next one may be read by, with their probabilities, as far as it is known.

        A symbol reads a token where the token stands in its own rule.
        """
        columns, _ = self._columns(self._exact, tokens)
        return [column.expects for column in columns[1:]]

    def floor(self, strings: Iterable[Sequence[str]]) -> float:
        """Mean surprise of strings in nats per token, their ends counted: no model of them can do better for long.

        Infinity where one of them is not in the language; raises Fault for no strings.
        """
        total, count = 0.0, 0
        for tokens in strings:
            walk = self.walk(tokens)
            total += float(walk.surprise.sum()) if walk.valid else np.inf
            count += len(tokens) + 1
        if not count:
            raise Fault("There are no strings to measure the entropy of.")
        return total / count

    def _columns(self, chart: Chart, tokens: Sequence[str]) -> tuple[list[Column], int | None]:
        if len(tokens) > LONGEST:
            raise Fault(f"The string has {len(tokens):,} tokens; at most {LONGEST:,} are worked out.")
        column: Column | None = chart.start
        columns, work = [chart.start], 0
        for place, token in enumerate(tokens):
            column = chart.step(columns[-1], token)
            if column is None:
                return columns, place
            work += column.cost
            if work > MOST_WORK:
                raise Fault("This grammar has so many ways to read this string that they cannot be added up in "
                            "reasonable time. Try a shorter string, or make the grammar less ambiguous.")
            columns.append(column)
        return columns, None if columns[-1].end else len(tokens)


@lru_cache(maxsize=32)
def read(text: str, level: Level = "character") -> Grammar:
    """Read a grammar in its notation; raises Fault, with line and column where there is one."""
    return Grammar(text, level)


