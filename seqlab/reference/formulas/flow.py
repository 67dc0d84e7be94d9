"""The lines of a core as a machine: what comes in, the operations in order, and which of them reads which.

A sum that multiplies by weights, with the function around it, is one operation, as it is one box in the usual drawings;
products, sums and functions of quantities alone are operations of their own. Nothing here knows a core by its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.reference.formulas.expression import Applied, Dot, Joined, Node, Operand
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.formulas.operands import Constant, Entry, Looked, Quantity
from seqlab.reference.formulas.reductions import Beside, Highest, Softmax, Spread
from seqlab.reference.formulas.spot import Pass, Spot

Kind = Literal["source", "map", "times", "plus", "minus", "function"]
HEAVY = (Dot, Entry, Looked, Softmax, Spread, Beside)  # what makes an operation a box: weights, or whole vectors


@dataclass(frozen=True)
class MachinePart:
    """An operation, or what comes in (``source``): its name, what is written in it and the parts that it reads.

    ``line`` is the symbol of the line to which it belongs; its last operation has that ``symbol``, and so has a source
    the one that it brings. A product has a ``gate`` where one of its factors lies between 0 and 1 and lets the other
    through.
    """

    name: str
    kind: Kind
    label: str
    node: Node
    line: str
    reads: tuple[str, ...] = ()
    symbol: str = ""
    gate: str = ""

    def numbers(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """All its units at a spot: those of a symbol as the trace has them, else worked out from what it reads."""
        if self.kind != "source" and self.symbol:
            return FormulaLine(self.symbol, self.node).numbers(run, spot)
        return self.node.all_units(run, spot)


def machine(lines: Sequence[FormulaLine]) -> tuple[MachinePart, ...]:
    """Take the lines of one layer apart, in the order of computation; sources stand before the first that reads one."""
    building = _Building(tuple(line.symbol for line in lines))
    for line in lines:
        building.line(line)
    return tuple(building.parts.values())


class _Building:
    def __init__(self, symbols: tuple[str, ...]) -> None:
        self.symbols = symbols
        self.parts: dict[str, MachinePart] = {}
        self.symbol = ""

    def line(self, line: FormulaLine) -> None:
        """Add the operations of a line; the last one is named by its symbol."""
        self.symbol = line.symbol
        root = self.parts.pop(self.part(line.formula, line.symbol))
        self.parts[line.symbol] = MachinePart(line.symbol, root.kind, root.label, root.node, line.symbol, root.reads,
                                       line.symbol, root.gate)

    def part(self, node: Node, name: str = "") -> str:
        """Add the operation that a node is, below it those that it reads, and give its name."""
        if isinstance(node, Quantity):
            return self.quantity(node) if not name else self.add("function", "=", node, (self.quantity(node),), name)
        if isinstance(node, Joined) and node.sign == "+":
            return self.total(node, name)
        if heavy(node):
            return self.add("map", label(node), node, self.read(node), name)
        reads = self.read_each(node)
        return self.add(kind(node), label(node), node, reads, name, self.gate(node, reads))

    def total(self, node: Joined, name: str) -> str:
        """Add a sum: what needs weights is one box, and where there is more, it is added to that."""
        weighted = tuple(part for part in node.parts if heavy(part))
        if len(weighted) == len(node.parts) or all(isinstance(part, Constant) for part in node.parts
                                                   if not heavy(part)):
            return self.add("map", label(node), node, self.read(node), name)
        reads = tuple(self.part(part) for part in node.parts if not heavy(part))
        box = Joined("+", weighted)
        boxed = (self.add("map", label(box), box, self.read(box)),) if weighted else ()
        return self.add("plus", "+", node, reads + boxed, name)

    def add(self, kind: Kind, label: str, node: Node, reads: tuple[str, ...], name: str = "", gate: str = "") -> str:
        """Add a part, named after its line where it has no name."""
        name = name or f"{self.symbol}:{sum(part.line == self.symbol for part in self.parts.values())}"
        self.parts[name] = MachinePart(name, kind, label, node, self.symbol, tuple(dict.fromkeys(reads)), gate=gate)
        return name

    def quantity(self, node: Quantity) -> str:
        """Name what a quantity comes from: an operation of this layer, or a source, which is added."""
        if node.symbol in self.symbols and node.where == "here" and node.when != "t-1":
            return node.symbol
        name = f"{node.symbol} {'before' if node.when == 't-1' else 'below'}"
        if name not in self.parts:
            self.parts[name] = MachinePart(name, "source", "", node, "", symbol=node.symbol)
        return name

    def read(self, node: Node) -> tuple[str, ...]:
        """Name what a box reads: quantities, and operations on quantities alone that stand inside it."""
        if isinstance(node, Quantity) or (not isinstance(node, Operand) and not heavy(node)
                                          and any(isinstance(part, Quantity) for part in node.operands())):
            return (self.part(node),)
        return tuple(name for part in node.parts for name in self.read(part))

    def read_each(self, node: Node) -> tuple[str, ...]:
        return tuple(self.part(part) for part in node.parts if not isinstance(part, Constant))

    def gate(self, node: Node, reads: tuple[str, ...]) -> str:
        """Which factor lets the other one through: the one of two that lies between 0 and 1."""
        gates = [name for name in reads if self.opens(self.parts[name])]
        return gates[0] if kind(node) == "times" and len(reads) == 2 and len(gates) == 1 else ""

    def opens(self, part: MachinePart) -> bool:
        """Whether a part lies between 0 and 1: a gate, or 1 less one."""
        if part.symbol:
            return notation.SYMBOLS[part.symbol].bounds == (0.0, 1.0)
        return part.label == "1 −" and all(self.opens(self.parts[name]) for name in part.reads)


def heavy(node: Node) -> bool:
    """Whether a node needs weights or whole vectors, and not its units one by one."""
    return isinstance(node, HEAVY) or any(heavy(part) for part in node.parts)


def kind(node: Node) -> Kind:
    """What sort of operation a node of quantities alone is."""
    if isinstance(node, Joined):
        signs: dict[str, Kind] = {"*": "times", "-": "minus"}
        return signs[node.sign]
    return "function"


def label(node: Node) -> str:
    """What is written in an operation: its function, else what its weights or vectors are used for."""
    if isinstance(node, Applied):
        return "σ" if node.name == "sigmoid" else node.name.removeprefix("np.").partition("(")[0]
    if not heavy(node):
        if isinstance(node, Joined) and node.sign == "-":
            return "1 −" if isinstance(node.parts[0], Constant) else "−"
        return "×" if isinstance(node, Joined) else "max" if isinstance(node, Highest) else "÷"
    inside = _every(node)
    named = ((Softmax, "softmax"), (Spread, "norm"))
    special = next((word for kind, word in named if any(isinstance(part, kind) for part in inside)), "")
    return special or ("W" if any(isinstance(part, Entry) for part in inside) else "·")


def _every(node: Node) -> list[Node]:
    return [node, *(inner for part in node.parts for inner in _every(part))]
