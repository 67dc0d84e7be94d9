"""Parts of a formula that deal with whole vectors: mean, spread, softmax, putting side by side."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab.reference.formulas.expression import Node, Operand, Value, Writer
from seqlab.reference.formulas.spot import Pass, Spot
from seqlab.reference.layer_norm import EPSILON


@dataclass(frozen=True)
class Spread(Node):
    """Mean of a vector, or with ``root`` the root of its variance and ε."""

    parts: tuple[Operand]
    root: bool = False

    def work_out(self, run: Pass, spot: Spot) -> Value:
        """Work it out over the whole vector."""
        vector = self.parts[0].vector(run, spot).astype(np.float64)
        return Value(self, float(np.sqrt(vector.var() + EPSILON) if self.root else vector.mean()), vector=vector)

    def all_units(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """The same for every unit."""
        return np.array([self.work_out(run, spot).number])

    def write(self, inner: Writer) -> str:
        """Write mean or root."""
        name = inner(self.parts[0])
        return rf"\sqrt{{\mathrm{{var}}({name}) + \varepsilon}}" if self.root else rf"\mathrm{{mean}}({name})"

    def python(self, inner: Writer) -> str:
        """Call NumPy's own."""
        name = inner(self.parts[0])
        return f"np.sqrt({name}.var() + {EPSILON})" if self.root else f"{name}.mean()"


@dataclass(frozen=True)
class Highest(Node):
    """The higher one of two numbers."""

    parts: tuple[Operand, Operand]

    def combine(self, values: tuple[Float[np.ndarray, "..."], ...]) -> Float[np.ndarray, "..."]:
        """Take it."""
        return np.maximum(values[0], values[1])

    def write(self, inner: Writer) -> str:
        """Write max of both."""
        return rf"\max({', '.join(map(inner, self.parts))})"

    def python(self, inner: Writer) -> str:
        """Call NumPy's own, for all units."""
        return f"np.maximum({', '.join(map(inner, self.parts))})"


@dataclass(frozen=True)
class Softmax(Node):
    """e^s of one entry over the sum of all; ``causal``: of those at positions up to t, 0 beyond.

    The entries are those of units, or of positions j.
    """

    parts: tuple[Operand]
    causal: bool = False
    positions: bool = False

    def work_out(self, run: Pass, spot: Spot) -> Value:
        """Keep the share of every entry."""
        scores = self.parts[0].vector(run, spot).astype(np.float64)
        seen = scores[:spot.time + 1] if self.causal else scores
        raised = np.zeros_like(scores)
        raised[:len(seen)] = np.exp(seen - seen.max())
        shares = raised / raised.sum()
        return Value(self, float(shares[spot.key if self.positions else spot.unit]), vector=scores, terms=shares)

    def all_units(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """The share of every entry."""
        shares = self.work_out(run, spot).terms
        assert shares is not None
        return shares

    def write(self, inner: Writer) -> str:
        """Write a fraction of powers of e."""
        name = inner(self.parts[0])
        each = name.replace("tj", "tk") if self.positions else f"{name}[k]"
        under = (r"\sum_{k \le t} e^{" if self.causal else r"\sum_k e^{") + each
        return rf"\frac{{e^{{{name}}}}}{{{under}}}}}"

    def python(self, inner: Writer) -> str:
        """Call a softmax, which has nothing to share with what is masked."""
        name = inner(self.parts[0])
        return f"softmax(np.where(np.arange(len({name})) <= t, {name}, -np.inf))" if self.causal else f"softmax({name})"


@dataclass(frozen=True)
class Beside(Node):
    """Vectors put side by side; the unit falls into one of them."""

    parts: tuple[Operand, ...]

    def work_out(self, run: Pass, spot: Spot) -> Value:
        """Find the part that holds the unit; it is the only one that counts."""
        first = 0
        for part in self.parts:
            vector = part.whole(run, spot)
            if spot.unit < first + len(vector):
                break
            first += len(vector)
        number = float(vector[spot.unit - first])
        return Value(self, number, (Value(part, number),))

    def all_units(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """All of them."""
        return np.concatenate([part.whole(run, spot) for part in self.parts])

    def vector(self, run: Pass, spot: Spot) -> Float[np.ndarray, " n"]:
        """All of them, as a dot product takes them."""
        return np.concatenate([part.vector(run, spot) for part in self.parts])

    def write(self, inner: Writer) -> str:
        """Write a column of blocks as a row."""
        names = r";\, ".join(map(inner, self.parts))
        return f"[{names}]" if len(self.parts) > 1 else names

    def python(self, inner: Writer) -> str:
        """Concatenate."""
        return f"np.concatenate([{', '.join(map(inner, self.parts))}])"
