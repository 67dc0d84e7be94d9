"""One line of a pass as data, and what the lines of several cores are made of.

A core gives its lines in the order of computation (``Core.lines``). Worked out line by line they give the trace again,
to 1e-12 of the numbers in them in float64 (tests/reference/test_formulas.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.reference.activations import relu, sigmoid, tanh
from seqlab.reference.formulas.expression import Applied, Node, Operand, Value
from seqlab.reference.formulas.operands import Constant, Entry, Row, before, below, now
from seqlab.reference.formulas.reductions import Spread
from seqlab.reference.formulas.spot import Pass, Spot

ONE = Constant("1", "1", lambda run: 1.0)


@dataclass(frozen=True)
class FormulaLine:
    """One line of a pass: the symbol and its formula; computed in every ``layer``, or once, below or above them."""

    symbol: str
    formula: Node
    place: Literal["bottom", "layer", "top"] = "layer"

    def work_out(self, run: Pass, spot: Spot) -> Value:
        """Work out the number at a spot and every part of it."""
        return self.formula.work_out(run, spot)

    def numbers(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """What the trace holds for all units of the line at the spot's layer, time and position."""
        return now(self.symbol).vector(run, spot)

    def index(self, run: Pass, spot: Spot) -> int:
        """Which of these units the spot asks for: a position in a map, a feature of a head's output, else the unit."""
        if notation.SYMBOLS[self.symbol].axes[-1] == "key":
            return spot.key
        return spot.unit % run.features if self.symbol == "heads" else spot.unit


def sigmoid_of(a: Node) -> Node:
    """Write σ(a)."""
    return Applied(r"\sigma", "sigmoid", sigmoid, (a,))


def tanh_of(a: Node) -> Node:
    """Write tanh(a)."""
    return Applied(r"\tanh", "np.tanh", tanh, (a,))


def relu_of(a: Node) -> Node:
    """Write ReLU(a)."""
    return Applied(r"\mathrm{ReLU}", "relu", relu, (a,))


def input_parts(letters: str) -> Mapping[str, Node]:
    """What the input sends to each of the stacked gates, by its letter: W x + b."""
    return {gate: _product("i", gate, letters, below("x")) for gate in letters}


def state_parts(letters: str) -> Mapping[str, Node]:
    """What the old state sends to each of the stacked gates, by its letter: W h + b."""
    return {gate: state_part(gate, letters, before("h")) for gate in letters}


def state_part(gate: str, letters: str, vector: Node) -> Node:
    """What a vector sends to one of the stacked gates in place of the old state: W v + b."""
    return _product("h", gate, letters, vector)


def _product(source: str, gate: str, letters: str, vector: Node) -> Node:
    kind, block = f"{source}h_l{{layer}}", letters.index(gate)
    return Row(f"W_{{{source}{gate}}}", f"weight_{kind}", block, len(letters)) @ vector \
        + Entry(f"b_{{{source}{gate}}}", f"bias_{kind}", block, len(letters))


def normalised(x: Operand, name: str, number: str) -> Node:
    """Bring a vector to mean 0 and variance 1, then scale and shift it by the parameters of that ``name``."""
    scaled = (x - Spread((x,))) / Spread((x,), root=True)
    return scaled * Entry(rf"\gamma_{number}", f"{name}.weight") + Entry(rf"\beta_{number}", f"{name}.bias")
