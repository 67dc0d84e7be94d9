"""A grammar as a recursive transition network: for each symbol a tree of what its productions have in common."""

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from seqlab.data.grammar.productions import Productions


@dataclass(eq=False)
class Node:
    """A place inside the productions of one symbol that begin alike.

    From here one goes on by a token (``scans``), by a symbol (``waits``), or the symbol is complete (``final``); the
    probabilities of all of these, given that one is here, sum to 1. Where a symbol can only be complete is one node,
    however it was reached. ``rank`` is that of the symbol: where a production
    of X is Y alone, Y has the lower rank.
    """

    symbol: str
    mass: Decimal = Decimal(0)
    ended: Decimal = Decimal(0)
    tokens: dict[str, "Node"] = field(default_factory=dict)
    symbols: dict[str, "Node"] = field(default_factory=dict)
    final: Decimal = Decimal(0)
    scans: tuple[tuple[str, Decimal, "Node"], ...] = ()
    waits: tuple[tuple[str, Decimal, "Node"], ...] = ()
    rank: int = 0


@dataclass(frozen=True)
class Network:
    """Roots of all symbols, and for each symbol those that may begin it, with their expected number of beginnings.

    ``begins[X][Y]`` = (I - P)⁻¹[X, Y], where P[X, Y] is the probability that X begins with a Y at once: the reflexive,
    transitive closure of left corners, which left recursion needs (Stolcke, Computational Linguistics 21, 1995).
    """

    roots: dict[str, Node]
    begins: dict[str, tuple[tuple[str, Decimal], ...]]
    start: str
    empty: Decimal
    tokens: tuple[str, ...]


def network(grammar: Productions) -> Network:
    """Lay a grammar's productions together into a network; productions that are equal add up."""
    roots = {name: Node(name) for name in grammar.of}
    for name, alternatives in grammar.of.items():
        for weight, pieces in alternatives:
            node = roots[name]
            node.mass += weight
            for piece in pieces:
                for step in ((piece,) if isinstance(piece, str) else piece):
                    ways = node.symbols if isinstance(piece, str) else node.tokens
                    node = ways.setdefault(step, Node(name))
                    node.mass += weight
            node.ended += weight
    nodes = [node for root in roots.values() for node in _below(root)]
    ranks, ends = _ranks(roots), {name: Node(name, Decimal(1), Decimal(1)) for name in roots}

    def leads(key: str, child: Node, node: Node) -> tuple[str, Decimal, Node]:
        goes_on = child.tokens or child.symbols
        return key, child.mass / node.mass, child if goes_on else ends[child.symbol]

    for node in (*nodes, *ends.values()):
        node.rank = ranks[node.symbol]
        node.final = node.ended / node.mass
        node.scans = tuple(leads(token, child, node) for token, child in node.tokens.items())
        node.waits = tuple(leads(symbol, child, node) for symbol, child in node.symbols.items())
    tokens = sorted({token for node in nodes for token in node.tokens})
    return Network(roots, _begins(roots), grammar.start, grammar.empty, tuple(tokens))


def _below(root: Node) -> list[Node]:
    nodes = [root]
    for node in nodes:
        nodes += [*node.tokens.values(), *node.symbols.values()]
    return nodes


def _ranks(roots: dict[str, Node]) -> dict[str, int]:
    """Order symbols so that those which alone make up another come before it; there is no loop among them."""
    parts = {name: [symbol for symbol, child in root.symbols.items() if child.ended] for name, root in roots.items()}
    ranks = dict.fromkeys(roots, 0)
    for _ in roots:
        for name, alone in parts.items():
            ranks[name] = max((ranks[part] + 1 for part in alone), default=0)
    return ranks


def _begins(roots: dict[str, Node]) -> dict[str, tuple[tuple[str, Decimal], ...]]:
    names = list(roots)
    places = {name: place for place, name in enumerate(names)}
    corner = np.zeros((len(names), len(names)))
    for name, root in roots.items():
        for symbol, p, _ in root.waits:
            corner[places[name], places[symbol]] += float(p)
    closure = np.linalg.inv(np.eye(len(names)) - corner)
    reaches = np.eye(len(names), dtype=bool) | (corner > 0)  # by its signs, for the inverse is rounded
    for middle in range(len(names)):
        reaches |= np.outer(reaches[:, middle], reaches[middle])
    return {name: tuple((other, Decimal(float(closure[row, places[other]]))) for other in names
                        if reaches[row, places[other]]) for row, name in enumerate(names)}
