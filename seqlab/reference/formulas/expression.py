"""Expressions: operands (``formulas.operands``) joined as in NumPy, ``tanh(W @ x + b)``.

Every node says in one place what it is worth, how it is written in LaTeX and in NumPy, and how it is taken apart.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import add, mul, sub

import numpy as np
from jaxtyping import Float

from seqlab.reference.formulas.spot import Pass, Spot

_SIGNS = {"+": " + ", "-": " - ", "*": r" \odot "}


def joined(sign: str, parts: tuple[Float[np.ndarray, "..."], ...]) -> Float[np.ndarray, "..."]:
    """Add (+), subtract (-) or multiply (*) vectors, entry by entry."""
    return reduce({"+": add, "-": sub, "*": mul}[sign], parts)


@dataclass(frozen=True)
class Value:
    """A node worked out: its number and its parts in order.

    Where the node runs over a whole vector, ``terms`` is what each entry of ``vector`` adds to it, and ``rows`` what
    the entry was multiplied by.
    """

    node: "Node"
    number: float
    parts: tuple["Value", ...] = ()
    vector: Float[np.ndarray, " n"] | None = None
    rows: Float[np.ndarray, " n"] | None = None
    terms: Float[np.ndarray, " n"] | None = None

    def largest(self, most: int) -> list[int]:
        """Places of the largest terms by magnitude, the largest first; none where there are no terms."""
        return [] if self.terms is None else np.argsort(-np.abs(self.terms), kind="stable")[:most].tolist()

    def walk(self) -> list["Value"]:
        """This value and everything under it, in the order of the formula."""
        return [self, *(node for part in self.parts for node in part.walk())]


class Node:
    """A part of a formula; ``parts`` are what it is made of, ``inner`` writes one of them."""

    parts: tuple["Node", ...] = ()

    def __add__(self, other: "Node") -> "Joined":
        flat = (part.parts if isinstance(part, Joined) and part.sign == "+" else (part,) for part in (self, other))
        return Joined("+", tuple(term for terms in flat for term in terms))

    def __sub__(self, other: "Node") -> "Joined":
        return Joined("-", (self, other))

    def __mul__(self, other: "Node") -> "Joined":
        return Joined("*", (self, other))

    def __truediv__(self, other: "Node") -> "Ratio":
        return Ratio((self, other))

    def work_out(self, run: Pass, spot: Spot) -> Value:
        """Work it out at a spot from a trace and the weights, keeping every part."""
        parts = tuple(part.work_out(run, spot) for part in self.parts)
        return Value(self, self.combine(tuple(np.array([part.number]) for part in parts)).item(), parts)

    def combine(self, values: tuple[Float[np.ndarray, "..."], ...]) -> Float[np.ndarray, "..."]:
        """Work out its numbers, one or those of all units, from those of its parts."""
        raise TypeError(f"{type(self).__name__} is not made of numbers")

    def all_units(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """Work it out for all units of the line at once."""
        return self.combine(tuple(part.all_units(run, spot) for part in self.parts))

    def vector(self, run: Pass, spot: Spot) -> Float[np.ndarray, " n"]:
        """Everything that a dot product at the spot takes from it."""
        raise TypeError(f"{type(self).__name__} is one number")

    def write(self, inner: "Writer") -> str:
        """Write it in LaTeX."""
        return inner(self)

    def python(self, inner: "Writer") -> str:
        """Write it in NumPy, for all units at once."""
        return inner(self)

    def operands(self) -> list["Operand"]:
        """Every operand in it, in the order of the formula."""
        return [operand for part in self.parts for operand in part.operands()]


Writer = Callable[[Node], str]


@dataclass(frozen=True)
class Operand(Node):
    """A named number: one, or the vector behind it, or the whole array that all units of the line need of it."""

    latex: str

    def written(self, spot: Spot) -> str:
        """Its LaTeX in a layer."""
        return self.latex

    def named(self, spot: Spot) -> str:
        """Its name in code: ``W_{ir}`` is W_ir."""
        return re.sub(r"\W", "", self.latex)

    def number(self, run: Pass, spot: Spot) -> float:
        """One number, that of the spot."""
        return float(self.whole(run, spot)[spot.unit])

    def vector(self, run: Pass, spot: Spot) -> Float[np.ndarray, " n"]:
        """Everything that a dot product at the spot takes from it."""
        return self.whole(run, spot)

    def whole(self, run: Pass, spot: Spot) -> Float[np.ndarray, "units ..."]:
        """Everything that the line's units need of it together."""
        raise TypeError(f"{type(self).__name__} holds one number")

    def all_units(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """Look them all up."""
        return self.whole(run, spot)

    def work_out(self, run: Pass, spot: Spot) -> Value:
        """Look its number up."""
        return Value(self, self.number(run, spot))

    def operands(self) -> list["Operand"]:
        """It alone."""
        return [self]

    def __matmul__(self, other: Node) -> "Dot":
        return Dot((self, other))


@dataclass(frozen=True)
class Joined(Node):
    """Terms added (+), factors multiplied unit by unit (*), or one part less another (-)."""

    sign: str
    parts: tuple[Node, ...]

    def combine(self, values: tuple[Float[np.ndarray, "..."], ...]) -> Float[np.ndarray, "..."]:
        """Add, multiply or subtract."""
        return joined(self.sign, values)

    def vector(self, run: Pass, spot: Spot) -> Float[np.ndarray, " n"]:
        """Likewise, entry by entry: ``W (r ⊙ h)``."""
        return joined(self.sign, tuple(part.vector(run, spot) for part in self.parts))

    def write(self, inner: Writer) -> str:
        """Write the sign between the parts."""
        return _SIGNS[self.sign].join(self._held(part, inner) for part in self.parts)

    def python(self, inner: Writer) -> str:
        """Likewise."""
        return f" {self.sign} ".join(self._held(part, inner) for part in self.parts)

    def _held(self, part: Node, inner: Writer) -> str:
        inside = self.sign == "*" and isinstance(part, Joined) and part.sign != "*"
        return f"({inner(part)})" if inside else inner(part)


@dataclass(frozen=True)
class Ratio(Node):
    """One part divided by another."""

    parts: tuple[Node, ...]

    def combine(self, values: tuple[Float[np.ndarray, "..."], ...]) -> Float[np.ndarray, "..."]:
        """Divide."""
        return values[0] / values[1]

    def write(self, inner: Writer) -> str:
        """Write a fraction."""
        return rf"\frac{{{inner(self.parts[0])}}}{{{inner(self.parts[1])}}}"

    def python(self, inner: Writer) -> str:
        """Write a division."""
        return f"{_in_brackets(self.parts[0], inner)} / {inner(self.parts[1])}"


@dataclass(frozen=True)
class Applied(Node):
    """An activation function of one part; ``latex`` and ``name`` are how it is written."""

    latex: str
    name: str
    function: Callable[[np.ndarray], np.ndarray] = field(compare=False)
    parts: tuple[Node, ...]

    def combine(self, values: tuple[Float[np.ndarray, "..."], ...]) -> Float[np.ndarray, "..."]:
        """Apply it."""
        return self.function(values[0])

    def write(self, inner: Writer) -> str:
        """Write its argument in brackets that let a long line break."""
        return f"{self.latex}({inner(self.parts[0])})"

    def python(self, inner: Writer) -> str:
        """Call it."""
        return f"{self.name}({inner(self.parts[0])})"


@dataclass(frozen=True)
class Dot(Node):
    """Σ rows_k vector_k; ``form`` is its LaTeX, with the rows as {0} and the vector as {1}."""

    parts: tuple[Operand, Node]
    form: str = r"{0}\, {1}"

    def all_units(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """Multiply the matrix by the vector."""
        return self.parts[0].whole(run, spot) @ self.parts[1].vector(run, spot)

    def work_out(self, run: Pass, spot: Spot) -> Value:
        """Keep both sides: their products are what each term adds."""
        rows, vector = (part.vector(run, spot).astype(np.float64) for part in self.parts)
        return Value(self, float(rows @ vector), vector=vector, rows=rows, terms=rows * vector)

    def write(self, inner: Writer) -> str:
        """Write both sides as its form says."""
        return self.form.format(*(_in_brackets(part, inner) for part in self.parts))

    def python(self, inner: Writer) -> str:
        """Write a matrix times a vector."""
        return " @ ".join(_in_brackets(part, inner) for part in self.parts)


def _in_brackets(part: Node, inner: Writer) -> str:
    return f"({inner(part)})" if isinstance(part, Joined) else inner(part)
