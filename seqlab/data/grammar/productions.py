"""A grammar brought to productions over tokens, with no empty one among them; its strings keep their probabilities."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from seqlab.data.grammar.checks import nullable
from seqlab.data.grammar.rules import Alternative, Rules
from seqlab.data.vocabulary import Level

MOST_EMPTY = 10  # parts of one alternative that may be empty: each of them doubles its productions
_ROUNDS = 100_000

Piece = str | tuple[str, ...]  # the name of a symbol, or tokens
Production = tuple[Decimal, tuple[Piece, ...]]


@dataclass(frozen=True)
class Productions:
    """For each symbol its productions, which sum to 1, and the probability that a whole string is empty.

    A symbol that gives nothing but the empty string has none.
    """

    of: dict[str, tuple[Production, ...]]
    start: str
    empty: Decimal


def cutter(level: Level) -> Callable[[str], tuple[str, ...]]:
    """Choose how a terminal, or a string, is cut into tokens: characters, or words at white space."""
    return tuple if level == "character" else lambda text: tuple(text.split())


def productions(rules: Rules, level: Level) -> Productions:
    """Take the empty string out of a grammar: the distribution over all other strings is given that they are not empty.

    With e_X the probability that X becomes the empty string, an alternative splits by which of its symbols do:
    p · Π e_Y (those that do) · Π (1 - e_Y) (those that do not) / (1 - e_X). Raises Fault, with line and column, where
    too many symbols of one alternative may be empty.
    """
    cut, spaced = cutter(level), rules.spaced and level == "character"
    empty = _empty(rules, cut)
    split = {}
    for rule in rules.reached:
        if empty[rule.name] < 1:
            alternatives = [(weight / (1 - empty[rule.name]), _spaced(pieces) if spaced else pieces)
                            for alternative in rule.alternatives for weight, pieces in _split(alternative, cut, empty)
                            if pieces]
            split[rule.name] = tuple(alternatives)
    return Productions(split, rules.start.name, empty[rules.start.name])


def _empty(rules: Rules, cut: Callable[[str], tuple[str, ...]]) -> dict[str, Decimal]:
    """Solve e_X = Σ p Π e_Y over the alternatives that have no token, from 0 upwards."""
    may = nullable(rules, lambda text: len(cut(text)))
    ways = {rule.name: [(float(alternative.probability), [part.text for part in alternative.names])
                        for alternative in rule.alternatives
                        if all(part.text in may if not part.terminal else not cut(part.text)
                               for part in alternative.parts)] for rule in rules.reached}
    p_empty = dict.fromkeys(ways, 0.0)
    for _ in range(_ROUNDS):
        before = p_empty.copy()
        for name, alternatives in ways.items():
            p_empty[name] = sum((_product(p, names, p_empty) for p, names in alternatives), 0.0)
        if max(abs(p_empty[name] - before[name]) for name in p_empty) < 1e-17:
            break
    return {name: Decimal(1) if value > 1 - 1e-12 else Decimal(value) for name, value in p_empty.items()}


def _product(p: float, names: list[str], p_empty: dict[str, float]) -> float:
    for name in names:
        p *= p_empty[name]
    return p


def _split(alternative: Alternative, cut: Callable[[str], tuple[str, ...]],
           empty: dict[str, Decimal]) -> Iterator[Production]:
    """Every choice of which symbols are empty, with what is left."""
    p = alternative.probability
    ways: list[Production] = [(Decimal(p.numerator) / p.denominator, ())]
    if sum(0 < empty[part.text] < 1 for part in alternative.names) > MOST_EMPTY:
        raise alternative.position.fault(f"more than {MOST_EMPTY} symbols of this alternative may be empty, which is "
                                         "too many. Split it into several rules.")
    for part in alternative.parts:
        if part.terminal:
            tokens = cut(part.text)
            ways = [(weight, (*pieces, tokens)) for weight, pieces in ways] if tokens else ways
            continue
        e = empty[part.text]
        not_empty = [(weight * (1 - e), (*pieces, part.text)) for weight, pieces in ways] if e < 1 else []
        ways = not_empty + [(weight * e, pieces) for weight, pieces in ways if e]
    yield from ways


def _spaced(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    spaced: list[Piece] = []
    for piece in pieces:
        spaced += [(" ",), piece] if spaced else [piece]
    return tuple(spaced)
