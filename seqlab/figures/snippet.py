"""A step of a network as a few lines of NumPy that run anywhere and prove their own result."""

import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqlab.reference.formulas.expression import Node, Operand
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.formulas.operands import Constant, Entry, Quantity
from seqlab.reference.formulas.spot import Pass, Spot

MOST_LITERALS = 800  # numbers that still fit into the code; more go into a file beside it
FUNCTIONS = {
    "sigmoid": "def sigmoid(a):\n    return 1 / (1 + np.exp(-a))",
    "relu": "def relu(a):\n    return np.maximum(a, 0)",
    "gelu": "def gelu(a):\n    return a / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (a + 0.044715 * a**3)))",
    "gelu_exact": (
        "def gelu_exact(a):\n    from math import erf\n    return a / 2 * (1 + np.vectorize(erf)(a / 2**0.5))"),
    "softmax": "def softmax(y):\n    e = np.exp(y - y.max())\n    return e / e.sum()",
}


@dataclass(frozen=True)
class Snippet:
    """Code, and the arrays that it loads from ``file``, none where its numbers stand in the code itself."""

    code: str
    file: str
    arrays: dict[str, np.ndarray]

    def npz(self) -> bytes:
        """Pack the arrays as the code loads them."""
        packed = io.BytesIO()
        np.savez(packed, **self.arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for its own options
        return packed.getvalue()


def snippet(lines: Sequence[FormulaLine], chosen: FormulaLine, run: Pass, spot: Spot, *, title: str,
            stem: str) -> Snippet:
    """Write NumPy that computes the given lines in order and asserts what came out.

    The last line is checked for all of its units, the chosen one at the spot's unit. ``title`` says what it is in one
    line, ``stem`` names the file. Under 40 lines; numbers beyond ``MOST_LITERALS`` go into the file.
    """
    given = _given(lines, run, spot)
    expected = np.asarray(lines[-1].numbers(run, spot))
    arrays = given | {"expected": expected}
    large = sum(array.size for array in arrays.values()) > MOST_LITERALS
    body = [f"{line.symbol} = {python(line.formula, spot)}" for line in lines]
    text = "\n".join(body)
    parts = ["import numpy as np", *_functions(text)]
    loaded = [_load(list(arrays), f"{stem}.npz")] if large else [f"{n} = {_literal(a)}" for n, a in arrays.items()]
    if re.search(r"\bt\b", text):
        loaded.append(f"t = {spot.time}")
    parts += ["\n".join(loaded), "\n".join([*body, *_asserted(lines[-1].symbol, chosen, run, spot)])]
    return Snippet(f"# {title}\n" + "\n\n".join(parts) + "\n", f"{stem}.npz", arrays if large else {})


def lines_together(line: FormulaLine, lines: Sequence[FormulaLine], whole: bool) -> list[FormulaLine]:
    """Say which lines make a piece that can be computed alone: the layer's whole step, or the one line."""
    if whole and line.place == "layer":
        return [each for each in lines if each.place == "layer"]
    return [line]


def _given(lines: Sequence[FormulaLine], run: Pass, spot: Spot) -> dict[str, np.ndarray]:
    """Everything that the lines read and do not compute, the vectors of the step before the weights."""
    computed: set[str] = set()
    operands: dict[str, Operand] = {}
    for line in lines:
        operands |= {name: part for part in line.formula.operands() if not isinstance(part, Constant)
                     for name in [part.named(spot)] if name not in computed}
        computed.add(line.symbol)
    ordered = sorted(operands.items(), key=lambda item: not isinstance(item[1], Quantity))
    return {name: _compact(part, run, spot) for name, part in ordered}


def _compact(part: Operand, run: Pass, spot: Spot) -> np.ndarray:
    """Weights are trained in single precision and lose nothing by it."""
    array = part.whole(run, spot)
    single = array.astype(np.float32)
    return single if isinstance(part, Entry) and np.array_equal(single, array) else np.asarray(array)


def python(formula: Node, spot: Spot) -> str:
    """Write a formula in NumPy, by the names that its operands have in code."""
    def inner(part: Node) -> str:
        return part.named(spot) if isinstance(part, Operand) else part.python(inner)
    return inner(formula)


def _functions(text: str) -> list[str]:
    return [code for name, code in FUNCTIONS.items() if re.search(rf"(?<!\.)\b{name}\(", text)]


def _load(names: list[str], file: str) -> str:
    wrapped = textwrap.fill(", ".join(names), 96, initial_indent="(", subsequent_indent=" ")
    return f'{wrapped}) = np.load("{file}").values()'


def _literal(array: np.ndarray) -> str:
    """Write an array with the nine digits that single precision has."""
    if array.ndim == 1:
        return f"np.array({_row(array)})"
    return f"np.array([{', '.join(map(_row, array))}])"


def _row(numbers: np.ndarray) -> str:
    return f"[{', '.join(str(number).replace('inf', 'np.inf') for number in numbers.astype(np.float32))}]"


def _asserted(last: str, chosen: FormulaLine, run: Pass, spot: Spot) -> list[str]:
    index = chosen.index(run, spot)
    number = float(chosen.numbers(run, spot)[index])
    return [f'print("{chosen.symbol}[{index}] =", {chosen.symbol}[{index}])',
            f"assert np.isclose({chosen.symbol}[{index}], {number:.9g}, atol=1e-6), {chosen.symbol}[{index}]",
            f"assert np.allclose({last}, expected, atol=1e-6), {last} - expected"]
