"""Earley's parser with probabilities: what may come next, and how probably, after any beginning of a string.

Each item of a column says: since column ``origin`` a symbol has been read up to a ``node`` of its productions. Its
forward probability α is that of all ways to read the string from its beginning to here by way of it; its inner
probability γ is that of the symbol's part alone (Stolcke, "An efficient probabilistic context-free parsing algorithm
that computes prefix probabilities", Computational Linguistics 21, 1995). Both are divided at every token by the
probability of that token, so that α adds up to 1 in every column, however long the string.

Two columns whose items are the same have the same future: they are one column. Numbers are decimals of 28 digits with
an exponent that does not run out, and count as the same where 18 digits are.
"""

from collections import defaultdict
from decimal import Context, Decimal
from heapq import heappop, heappush
from itertools import count
from math import inf, log

import numpy as np
from jaxtyping import Float

from seqlab.data.grammar.network import Network, Node
from seqlab.errors import Fault

MOST_COLUMNS = 30_000  # that are remembered
MOST_ADDED = 100_000  # items that may be put together into one column

_ALIKE, _ONE, _TINY = Context(prec=18), Decimal(1), Decimal("1e-300")
_GOAL = ""  # no name that a person can write

Step = tuple["Column", Node, Decimal, Decimal]  # origin, node after the step, and what α and γ are then


class Column:
    """All that is known after some tokens; read-only once it is made."""

    __slots__ = ("after", "cost", "depth", "end", "row", "scans", "waiting")

    def __init__(self, depth: int) -> None:
        self.depth = depth  # greater than that of every origin of its items
        self.waiting: dict[str, list[Step]] = defaultdict(list)
        self.scans: dict[str, list[Step]] = defaultdict(list)
        self.end = Decimal(0)
        self.cost = 0
        self.row: Float[np.ndarray, " tokens"] = np.empty(0)
        self.after: dict[str, Column | None] = {}

    @property
    def expects(self) -> dict[str, float]:
        """Probability that the next token is read by each symbol, in whose own productions it stands."""
        probability: dict[str, Decimal] = defaultdict(Decimal)
        for steps in self.scans.values():
            for _, node, alpha, _ in steps:
                probability[node.symbol] += alpha
        return {symbol: float(alpha) for symbol, alpha in probability.items()}

    def nats(self, token: str | None) -> float:
        """Surprise of a token, or of the end: -log p, also where p is too small for a float; infinity for none."""
        p = self.end if token is None else sum((alpha for _, _, alpha, _ in self.scans.get(token, ())), Decimal(0))
        return -log(p) if p > _TINY else -float(p.ln()) if p else inf


class Chart:
    """Columns of a grammar, made as they are asked for and remembered.

    With ``exact`` their numbers are right. Without, columns that differ in their numbers alone are one, which is all
    that is needed to say what belongs to the language, and takes far fewer of them.
    """

    def __init__(self, network: Network, exact: bool = True) -> None:
        self.network, self.exact = network, exact
        self._places = {token: place for place, token in enumerate(network.tokens)}
        self._goal, self._done = Node(_GOAL), Node(_GOAL)
        self._clear()

    def _clear(self) -> None:
        self._known: dict[frozenset[object], Column] = {}
        start = Column(0)
        if self.network.empty < 1:
            some = _ONE - self.network.empty
            start.waiting[self.network.start].append((start, self._done, some, some))
            self._predict(start, {self.network.start: some})
        start.end = self.network.empty
        self._close(start)
        self.start = start

    def step(self, column: Column, token: str) -> Column | None:
        """Read one token more; None where it cannot stand here. Raises Fault where the grammar is far too ambiguous."""
        try:
            return column.after[token]
        except KeyError:
            steps = column.scans.get(token)
            after = None if steps is None else self._shared(steps)
            if token in self._places:
                column.after[token] = after
            return after

    def _shared(self, steps: list[Step]) -> Column:
        mass = sum((alpha for _, _, alpha, _ in steps), Decimal(0))
        kernel = [(origin, node, alpha / mass, gamma / mass) for origin, node, alpha, gamma in steps]
        if self.exact:
            mark: frozenset[object] = frozenset((origin, node, _ALIKE.plus(alpha), _ALIKE.plus(gamma))
                                                for origin, node, alpha, gamma in kernel)
        else:
            mark = frozenset((origin, node) for origin, node, _, _ in kernel)
        known = self._known.get(mark)
        if known is None:
            known = self._column(kernel)
            if len(self._known) >= MOST_COLUMNS:
                self._clear()
            self._known[mark] = known
        return known

    def _column(self, kernel: list[Step]) -> Column:
        column = Column(1 + max(origin.depth for origin, _, _, _ in kernel))
        items = self._complete(column, kernel)
        wanted: dict[str, Decimal] = defaultdict(Decimal)
        for (origin, node), (alpha, gamma) in items.items():
            for token, p, child in node.scans:
                column.scans[token].append((origin, child, alpha * p, gamma * p))
            for symbol, p, child in node.waits:
                column.waiting[symbol].append((origin, child, alpha * p, gamma * p))
                wanted[symbol] += alpha * p
            if node is self._done:
                column.end += alpha
        self._predict(column, wanted)
        self._close(column)
        column.cost += sum(map(len, column.waiting.values()))
        return column

    def _complete(self, column: Column, kernel: list[Step]) -> dict[tuple[Column, Node], tuple[Decimal, Decimal]]:
        """Let every symbol that is complete move those on that waited for it, the ones that began last first."""
        items: dict[tuple[Column, Node], tuple[Decimal, Decimal]] = {}
        whole: dict[tuple[Column, str], Decimal] = {}
        heap: list[tuple[int, int, int, tuple[Column, str]]] = []
        order, fresh = count(), kernel
        while True:
            for origin, node, alpha, gamma in fresh:
                before = items.get((origin, node))
                items[origin, node] = (alpha, gamma) if before is None else (before[0] + alpha, before[1] + gamma)
                if node.final:
                    key = origin, node.symbol
                    if key not in whole:
                        whole[key] = gamma * node.final
                        heappush(heap, (-origin.depth, node.rank, next(order), key))
                    else:
                        whole[key] += gamma * node.final
            column.cost += len(fresh)
            if column.cost > MOST_ADDED:
                raise Fault("This grammar is so ambiguous that the string cannot be worked out in reasonable time. Try "
                            "a shorter one, or make the grammar less ambiguous.")
            if not heap:
                return items
            *_, (origin, symbol) = heappop(heap)
            inner = whole[origin, symbol]
            fresh = [(begun, node, alpha * inner, gamma * inner)
                     for begun, node, alpha, gamma in origin.waiting.get(symbol, ())]

    def _predict(self, column: Column, wanted: dict[str, Decimal]) -> None:
        """Begin every symbol that may stand next, and all that may begin those."""
        begun: dict[str, Decimal] = defaultdict(Decimal)
        for symbol, alpha in wanted.items():
            for other, times in self.network.begins[symbol]:
                begun[other] += alpha * times
        for symbol, alpha in begun.items():
            root = self.network.roots[symbol]
            for token, p, child in root.scans:
                column.scans[token].append((column, child, alpha * p, p))
            for part, p, child in root.waits:
                column.waiting[part].append((column, child, alpha * p, p))

    def _close(self, column: Column) -> None:
        """Write down the distribution of the next token, with the end last."""
        row = np.zeros(len(self._places) + 1)
        for token, steps in column.scans.items():
            row[self._places[token]] = float(sum((alpha for _, _, alpha, _ in steps), Decimal(0)))
        row[-1] = float(column.end)
        row.setflags(write=False)
        column.row = row
