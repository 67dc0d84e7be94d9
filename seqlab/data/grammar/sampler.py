"""Samples strings from the exact distribution of a grammar, many at once."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from seqlab.data.grammar.productions import cutter
from seqlab.data.grammar.rules import Rules
from seqlab.data.vocabulary import Level
from seqlab.errors import Fault

MOST_TOKENS = 40_000_000  # of all strings that are drawn at once
PORTION = 50_000  # strings that grow at the same time
_TRIES = 200


@dataclass(frozen=True)
class SampledStrings:
    """Strings one after another: ids of their tokens, how many each has, and log p of its derivation."""

    tokens: Int[np.ndarray, " all"]
    lengths: Int[np.ndarray, " string"]
    log_p: Float[np.ndarray, " string"]


class Sampler:
    """A grammar laid out for sampling.

    Symbols are numbered: first those that have a rule, then pieces, which are tokens that always stand together. Every
    string is a row of symbols; in each round all symbols that have a rule are replaced at once.
    """

    def __init__(self, rules: Rules, level: Level, tokens: tuple[str, ...]) -> None:
        names = {rule.name: place for place, rule in enumerate(rules.reached)}
        places = {token: place for place, token in enumerate(tokens)}
        cut, gap = cutter(level), (" ",) if rules.spaced and level == "character" else ()
        pieces: dict[tuple[str, ...], int] = {}
        bodies: list[list[int]] = []
        bounds: list[float] = []
        odds: list[float] = []
        for rule in rules.reached:
            below = 0.0
            for alternative in rule.alternatives:
                parts = (names[part.text] if not part.terminal else
                         len(names) + pieces.setdefault((*gap, *cut(part.text)), len(pieces))
                         for part in alternative.parts if not part.terminal or cut(part.text))
                bodies.append(list(parts))
                odds.append(float(np.log(float(alternative.probability))))
                below += float(alternative.probability)
                bounds.append(names[rule.name] + below)
            bounds[-1] = names[rule.name] + 1.0
        self.gap = len(gap)
        self.ruled, self.start = len(names), names[rules.start.name]
        self.bounds, self.odds = np.array(bounds), np.array(odds)
        self.bodies = _Rows(bodies)
        self.pieces = _Rows([[places.get(token, 0) for token in piece] for piece in pieces])
        self.least = self._least(rules, names)

    def _least(self, rules: Rules, names: dict[str, int]) -> Int[np.ndarray, " symbol"]:
        """The fewest tokens that each symbol becomes, gaps among them."""
        least = np.concatenate([np.full(self.ruled, 10**9), self.pieces.sizes])
        owner = np.repeat(np.arange(self.ruled), [len(rule.alternatives) for rule in rules.reached])
        while True:
            sums = np.minimum(self.bodies.sums(least), 10**9)
            better = least.copy()
            np.minimum.at(better, owner, sums)
            if np.array_equal(better, least):
                return least
            least = better

    def draw(self, rng: np.random.Generator, count: int, longest: int | None = None) -> SampledStrings:
        """Draw strings; those longer than ``longest`` are drawn again, so that the others keep their proportions.

        Raises Fault where there is no string that is so short, or hardly one, or where there are far too many tokens.
        """
        most = 10**9 if longest is None else longest + self.gap
        if self.least[self.start] > most:
            raise Fault(f"The shortest string of this grammar has {self.least[self.start] - self.gap} tokens; "
                        f"{longest} are too few.")
        nothing = np.zeros(0, np.int64)
        parts: list[SampledStrings] = [SampledStrings(nothing, nothing, np.zeros(0))]
        have, rounds, tokens = 0, 0, 0
        while have < count:
            parts.append(self._portion(rng, min(PORTION, max(100, count - have) if have else count), most))
            have += len(parts[-1].lengths)
            rounds += 1
            tokens += len(parts[-1].tokens)
            if tokens > MOST_TOKENS:
                raise Fault(f"{count:,} strings of this grammar have more than {MOST_TOKENS:,} tokens. Draw fewer.")
            if rounds > _TRIES and have < count * rounds / (_TRIES * 20):
                raise Fault(f"Hardly a string of this grammar has at most {longest} tokens. Allow longer ones.")
        lengths = np.concatenate([part.lengths for part in parts])[:count]
        return SampledStrings(np.concatenate([part.tokens for part in parts])[:lengths.sum()], lengths,
                              np.concatenate([part.log_p for part in parts])[:count])

    def _portion(self, rng: np.random.Generator, count: int, most: int) -> SampledStrings:
        """Grow strings round by round; those that are complete are set aside."""
        symbols, owner = np.full(count, self.start), np.arange(count)
        log_p = np.zeros(count)
        done: list[tuple[np.ndarray, np.ndarray]] = []
        while len(symbols):
            ruled = symbols < self.ruled
            symbols, owner, chosen, of = self._replace(rng, symbols, owner, ruled)
            log_p += np.bincount(of, self.odds[chosen], minlength=count)
            grows = np.bincount(owner[symbols < self.ruled], minlength=count) > 0
            fits = np.bincount(owner, self.least[symbols], minlength=count) <= most
            finished = (fits & ~grows)[owner]
            done.append((symbols[finished], owner[finished]))
            going: Bool[np.ndarray, " symbols"] = (fits & grows)[owner]
            log_p[~fits] = np.nan
            symbols, owner = symbols[going], owner[going]
            if len(symbols) > MOST_TOKENS:
                raise Fault("Strings of this grammar become too long to be drawn. Allow no long ones.")
        return self._spelt(done, log_p)

    def _replace(self, rng: np.random.Generator, symbols: np.ndarray, owner: np.ndarray,
                 ruled: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Replace each symbol that has a rule by an alternative's parts; which were chosen, and in which strings."""
        chosen = np.searchsorted(self.bounds, symbols[ruled] + rng.random(int(ruled.sum())), side="right")
        sizes = np.ones(len(symbols), np.int64)
        sizes[ruled] = self.bodies.sizes[chosen]
        grown = np.repeat(symbols, sizes)
        grown[np.repeat(ruled, sizes)] = self.bodies.joined(chosen)
        return grown, np.repeat(owner, sizes), chosen, owner[ruled]

    def _spelt(self, done: list[tuple[np.ndarray, np.ndarray]], log_p: np.ndarray) -> SampledStrings:
        """Put complete strings back into the order in which they were begun, and spell their pieces."""
        pieces = np.concatenate([part for part, _ in done]) - self.ruled
        owner = np.concatenate([part for _, part in done])
        order = np.argsort(owner, kind="stable")
        pieces, owner = pieces[order], owner[order]
        tokens = self.pieces.joined(pieces)
        spelt = np.repeat(owner, self.pieces.sizes[pieces])
        complete = np.isfinite(log_p)
        if self.gap and len(spelt):  # no space before the first piece of a string
            first = np.r_[True, spelt[1:] != spelt[:-1]]
            tokens, spelt = tokens[~first], spelt[~first]
        return SampledStrings(tokens, np.bincount(spelt, minlength=len(log_p))[complete], log_p[complete])


class _Rows:
    """Rows of unequal length, one after another."""

    def __init__(self, rows: list[list[int]]) -> None:
        self.sizes = np.array([len(row) for row in rows], np.int64)
        self.first = np.cumsum(self.sizes) - self.sizes
        self.all = np.array([value for row in rows for value in row], np.int64)

    def joined(self, places: Int[np.ndarray, " rows"]) -> Int[np.ndarray, " values"]:
        """Values of some rows, one row after another."""
        sizes = self.sizes[places]
        ends = np.cumsum(sizes)
        total = int(ends[-1]) if len(ends) else 0
        return np.asarray(self.all[np.arange(total) + np.repeat(self.first[places] - (ends - sizes), sizes)])

    def sums(self, values: Int[np.ndarray, " _"]) -> Int[np.ndarray, " rows"]:
        """For each row the sum of what its values stand for."""
        total = np.concatenate([[0], np.cumsum(values[self.all])])
        return np.asarray(total[self.first + self.sizes] - total[self.first])
