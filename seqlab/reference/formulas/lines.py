"""Every line of every core, in the order of computation: the formulas of ``reference`` as data.

A new core adds its lines to ``CORES``. Worked out line by line they give the trace again, to 1e-12 in float64
(tests/reference/test_formulas.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.errors import Fault
from seqlab.reference.activations import gelu, relu, sigmoid, tanh
from seqlab.reference.core import Core, Weights
from seqlab.reference.formulas.expression import Applied, Dot, Node, Operand, Value
from seqlab.reference.formulas.operands import (
    Constant,
    Entry,
    Looked,
    Row,
    all_heads,
    at_position,
    before,
    below,
    now,
    rows,
)
from seqlab.reference.formulas.reductions import Beside, Highest, Softmax, Spread
from seqlab.reference.formulas.spot import Pass, Spot
from seqlab.reference.pooling import Pooling
from seqlab.reference.transformer import Transformer


@dataclass(frozen=True)
class Line:
    """One line of a pass: the symbol and its formula; computed in every ``layer``, or once, below or above them."""

    symbol: str
    formula: Node
    place: str = "layer"

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


def _sigmoid(a: Node) -> Node:
    return Applied(r"\sigma", "sigmoid", sigmoid, (a,))


def _tanh(a: Node) -> Node:
    return Applied(r"\tanh", "np.tanh", tanh, (a,))


def _gates(letters: str) -> tuple[Mapping[str, Node], Mapping[str, Node]]:
    """What the input and the old state send to each of the stacked gates: W x + b, likewise W h + b."""
    found = []
    for source, vector in (("i", below("x")), ("h", before("h"))):
        kind = f"{source}h_l{{layer}}"
        found.append({gate: Row(f"W_{{{source}{gate}}}", f"weight_{kind}", block, len(letters)) @ vector
                      + Entry(f"b_{{{source}{gate}}}", f"bias_{kind}", block, len(letters))
                      for block, gate in enumerate(letters)})
    return found[0], found[1]


def _rnn(latex: str, name: str, function: Callable[[np.ndarray], np.ndarray]) -> tuple[Line, ...]:
    x, h = _gates("h")
    return Line("a", x["h"] + h["h"]), Line("h", Applied(latex, name, function, (now("a"),)))


def _elman() -> tuple[Line, ...]:
    beside = Dot((Row("W", "weight_l{layer}"), Beside((below("x"), before("h")))))
    return Line("a", beside + Entry("b", "bias_l{layer}")), Line("h", _tanh(now("a")))


def _gru() -> tuple[Line, ...]:
    x, h = _gates("rzn")
    one = Constant("1", "1", lambda run: 1.0)
    return (
        Line("r", _sigmoid(x["r"] + h["r"])),
        Line("z", _sigmoid(x["z"] + h["z"])),
        Line("q", h["n"]),
        Line("n", _tanh(x["n"] + now("r") * now("q"))),
        Line("h", (one - now("z")) * now("n") + now("z") * before("h")),
    )


def _lstm() -> tuple[Line, ...]:
    x, h = _gates("ifgo")
    return (
        Line("i", _sigmoid(x["i"] + h["i"])),
        Line("f", _sigmoid(x["f"] + h["f"])),
        Line("g", _tanh(x["g"] + h["g"])),
        Line("o", _sigmoid(x["o"] + h["o"])),
        Line("c", now("f") * before("c") + now("i") * now("g")),
        Line("h", now("o") * _tanh(now("c"))),
    )


def _dense() -> tuple[Line, ...]:
    row, entry = (kind(letter, f"layers.{{layer}}.{name}") for kind, letter, name in
                  ((Row, "W", "weight"), (Entry, "b", "bias")))
    return (Line("a", row @ below("x") + entry),
            Line("h", Applied(r"\mathrm{ReLU}", "relu", relu, (now("a"),))))


def _transformer(causal: bool = True) -> tuple[Line, ...]:
    entered, name = below("entered"), "blocks.{layer}."
    root = Constant(r"\sqrt{d}", "np.sqrt(len(query))", lambda run: float(np.sqrt(run.features)))
    wide, narrow = (Row(f"W_{n}", f"{name}ff_{part}.weight") for n, part in ((1, "in"), (2, "out")))
    b_wide, b_narrow = (Entry(f"b_{n}", f"{name}ff_{part}.bias") for n, part in ((1, "in"), (2, "out")))
    positions = Looked("P_t", lambda run, spot: Transformer().positions(spot.time + 1, run.weights, run.prefix)[-1])

    def head(part: str) -> Node:
        return Row(f"W_{part}", f"{name}attention.W_{part}") @ (now("ln1") if part == "q" else at_position("ln1")) \
            + Entry(f"b_{part}", f"{name}attention.b_{part}")

    return (
        Line("entered", Row("W_e", "input.weight") @ now("x") + Entry("b_e", "input.bias") + positions, "bottom"),
        Line("ln1", _normalised(entered, f"{name}ln1", "1")),
        *(Line(symbol, head(symbol[0])) for symbol in ("query", "key", "value")),
        Line("scores", Dot((rows("key", "time", "feature"), now("query", ("feature",))), r"{1} \cdot {0}") / root),
        Line("attention", Softmax((now("scores"),), causal, positions=True)),
        Line("heads", Dot((rows("value", "feature", "time"), now("attention")), r"\textstyle\sum_j {1}\, {0}")),
        Line("attended", Row("W_o", f"{name}attention.W_o") @ all_heads()
             + Entry("b_o", f"{name}attention.b_o")),
        Line("mid", entered + now("attended")),
        Line("ln2", _normalised(now("mid"), f"{name}ln2", "2")),
        Line("ff", Applied(r"\mathrm{GELU}", "gelu", gelu, (wide @ now("ln2") + b_wide,))),
        Line("h", now("mid") + narrow @ now("ff") + b_narrow),
        Line("ln", _normalised(now("h", where="last"), "norm", "y"), "top"),
    )


def _normalised(x: Operand, name: str, number: str) -> Node:
    scaled = (x - Spread((x,))) / Spread((x,), root=True)
    return scaled * Entry(rf"\gamma_{number}", f"{name}.weight") + Entry(rf"\beta_{number}", f"{name}.bias")


CORES: dict[str, tuple[Line, ...]] = {
    "rnn_tanh": _rnn(r"\tanh", "np.tanh", tanh), "rnn_relu": _rnn(r"\mathrm{ReLU}", "relu", relu),
    "elman": _elman(),
    "gru": _gru(), "lstm": _lstm(), "lstm_sum": (*_lstm(), Line("s", below("", "s") + now("h"))),
    "transformer": _transformer(), "encoder": _transformer(causal=False), "dense": _dense(),
}


def lines(core: Core, weights: Weights, pooling: Pooling = "none") -> tuple[Line, ...]:
    """Give every line of a network in order: its input code, its core, and its output; which ends, the weights say.

    With ``pooling`` the output is made of the running maximum. Raises Fault for a core that has no lines yet.
    """
    if core.name not in CORES:
        raise Fault(f"The formulas of {core.label} are not written out yet; choose another network.")
    codes = [Looked(r"E_{s_t}", lambda run, spot: run.weights["encoder.symbol.weight"][run.ids[spot.time]])]
    if "encoder.condition.weight" in weights:
        codes.append(Looked(r"C_c", lambda run, spot: run.weights["encoder.condition.weight"][run.condition]))
    last, pool = now(CORES[core.name][-1].symbol, where="last"), list[Line]()
    if pooling != "none":
        pool = [Line("pooled", Highest((before("pooled", -np.inf), last)), "top")]
        last = now("pooled")
    logits = Row("W_y", ".decoder.weight") @ last + Entry("b_y", ".decoder.bias")
    return (Line("x", Beside(tuple(codes)), "bottom"), *CORES[core.name], *pool,
            Line("logits", logits if "decoder.weight" in weights else last, "top"),
            Line("p", Softmax((now("logits"),)), "top"))


def stops(core: Core, weights: Weights, layers: int, pooling: Pooling = "none") -> list[tuple[Line, int]]:
    """Give each line with its layer in the order of computation within one time step."""
    found = lines(core, weights, pooling)
    inside = [(line, layer) for layer in range(layers) for line in found if line.place == "layer"]
    return [*((line, 0) for line in found if line.place == "bottom"), *inside,
            *((line, layers - 1) for line in found if line.place == "top")]
