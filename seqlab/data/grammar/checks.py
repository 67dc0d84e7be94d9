"""Checks of a grammar: every string ends, and probabilities and lengths are finite."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches

import numpy as np
from jaxtyping import Float

from seqlab.data.grammar.rules import Alternative, Part, ProductionRule, Rules
from seqlab.errors import Fault

LONGEST_MEAN = 1_000  # tokens of a string, on the average
_CRITICAL = 1 - 1e-9


def check(rules: Rules, size: Callable[[str], int]) -> list[str]:
    """Check a grammar, where a terminal counts ``size`` tokens; returns notes about what is allowed but odd.

    Raises Fault, with line and column, for a symbol without a rule, one that never ends, a loop without terminals, and
    strings that are on the average infinitely or far too long.
    """
    _require_known(rules)
    _require_ends(rules)
    _require_no_loop(rules, size)
    _require_short(rules, size)
    reached = set(rules.reached)
    return [f"Line {rule.position.line}, column {rule.position.column}: {rule.name} is never reached from "
            f"{rules.start.name}, so it plays no part." for rule in rules.rules if rule not in reached]


def nullable(rules: Rules, size: Callable[[str], int]) -> set[str]:
    """Symbols that derive the empty string; a terminal may be empty too, as a space is among words."""
    return _closure(rules, lambda part, names: part.text in names if not part.terminal else not size(part.text))


def _closure(rules: Rules, holds: Callable[[Part, set[str]], bool]) -> set[str]:
    """Least set of symbols with an alternative for all of whose parts it ``holds``, given the symbols in the set."""
    closed: set[str] = set()
    while True:
        more = {rule.name for rule in rules.rules if rule.name not in closed
                and any(all(holds(part, closed) for part in alternative.parts) for alternative in rule.alternatives)}
        if not more:
            return closed
        closed |= more


def _require_known(rules: Rules) -> None:
    for rule in rules.rules:
        for part in (part for alternative in rule.alternatives for part in alternative.names):
            if part.text not in rules.by_name:
                near = get_close_matches(part.text, rules.by_name, 1)
                advice = f"Is {near[0]} meant?" if near else f'As a terminal it stands in quotes: "{part.text}".'
                raise part.position.fault(f"the symbol {part.text} has no rule. {advice}")


def _require_ends(rules: Rules) -> None:
    ending = _closure(rules, lambda part, closed: part.terminal or part.text in closed)
    for rule in rules.reached:
        if rule.name not in ending:
            raise rule.position.fault(f"{rule.name} never ends: each of its alternatives leads to another symbol that "
                                      "does not end either. Give it one that consists of terminals.")


def _require_no_loop(rules: Rules, size: Callable[[str], int]) -> None:
    """Refuse A → A, also by way of others, with nothing or only empty symbols beside it."""
    names = nullable(rules, size)

    def empty(part: Part) -> bool:
        return not size(part.text) if part.terminal else part.text in names

    alone = {rule.name: list(_alone(rule, empty)) for rule in rules.reached}
    clear: set[str] = set()
    for rule in rules.reached:
        way = _loop(rule.name, alone, clear)
        if way:
            first = next(part for part in alone[way[0]] if part.text == way[1])
            raise first.position.fault(f"a loop without terminals, {' → '.join(way)}: {way[0]} becomes itself again, "
                                       "and the string does not grow.")


def _alone(rule: ProductionRule, empty: Callable[[Part], bool]) -> Iterator[Part]:
    for alternative in rule.alternatives:
        for at, part in enumerate(alternative.parts):
            others = alternative.parts[:at] + alternative.parts[at + 1:]
            if not part.terminal and all(map(empty, others)):
                yield part


def _loop(start: str, alone: dict[str, list[Part]], clear: set[str]) -> list[str]:
    """The way from a symbol back to itself, [] where there is none; symbols that were searched are ``clear``."""
    way, branches = [start], [iter(alone[start])]
    while branches:
        part = next(branches[-1], None)
        if part is None:
            clear.add(way.pop())
            branches.pop()
        elif part.text in way:
            return [*way[way.index(part.text):], part.text]
        elif part.text not in clear:
            way.append(part.text)
            branches.append(iter(alone[part.text]))
    return []


def _require_short(rules: Rules, size: Callable[[str], int]) -> None:
    """Refuse strings whose expected length is infinite, or too long: L = (I - M)⁻¹ l.

    M[X, Y] is how many Y an X becomes on the average, l[X] how many tokens; L is finite where the spectral radius of M
    is below 1 (Harris, The Theory of Branching Processes, 1963).
    """
    reached = rules.reached
    more = _offspring(reached)
    for group in _cycles(more):
        radius = float(np.abs(np.linalg.eigvals(more[np.ix_(group, group)])).max())
        if radius >= _CRITICAL:
            names = " and ".join(reached[index].name for index in group[:4])
            raise reached[group[0]].position.fault(
                f"strings from {names} would be infinitely long on the average: each {names} brings {radius:.4g} more "
                "of the same, and that must be below 1. Make the alternatives that end more probable, such as [0.6].")
    own = np.array([sum(float(alternative.probability) * _size(alternative, size, rules.spaced)
                        for alternative in rule.alternatives) for rule in reached])
    mean = float(np.linalg.solve(np.eye(len(reached)) - more, own)[reached.index(rules.start)])
    if not mean <= LONGEST_MEAN:
        raise Fault(f"Strings of this grammar are {mean:,.0f} tokens long on the average; the most is "
                    f"{LONGEST_MEAN:,}. Make the alternatives that end more probable.")


def _size(alternative: Alternative, size: Callable[[str], int], spaced: bool) -> int:
    tokens = sum(size(part.text) for part in alternative.parts if part.terminal)
    return tokens + (max(0, len(alternative.parts) - 1) if spaced else 0)


def _offspring(reached: tuple[ProductionRule, ...]) -> Float[np.ndarray, "symbol symbol"]:
    rows = {rule.name: row for row, rule in enumerate(reached)}
    more = np.zeros((len(reached), len(reached)))
    for rule in reached:
        for alternative in rule.alternatives:
            for part in alternative.names:
                more[rows[rule.name], rows[part.text]] += float(alternative.probability)
    return more


def _cycles(more: Float[np.ndarray, "symbol symbol"]) -> list[list[int]]:
    """Groups of symbols that lead to one another."""
    leads = more > 0
    for middle in range(len(more)):
        leads |= np.outer(leads[:, middle], leads[middle])
    both = leads & leads.T
    return [np.flatnonzero(members).tolist() for index, members in enumerate(both)
            if members.any() and members.argmax() == index]
