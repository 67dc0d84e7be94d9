"""Every line of a whole network, in the order of computation: its input code, its core, its output."""

import numpy as np

from seqlab.errors import Fault
from seqlab.reference.core import Core
from seqlab.reference.formulas.expression import Node
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.formulas.operands import Entry, Looked, Quantity, Row, before, now
from seqlab.reference.formulas.reductions import Beside, Highest, Softmax
from seqlab.reference.network import SYMBOL, codes, decoder
from seqlab.reference.pooling import MAXIMA, Pooling
from seqlab.reference.weights import Weights


def lines(core: Core, weights: Weights, pooling: Pooling = "none") -> tuple[FormulaLine, ...]:
    """Give every line of a network in order: its input code, its core, and its output; which ends, the weights say.

    With ``pooling`` the output is made of the running maximum or mean. Raises Fault for a core that says it has no
    lines.
    """
    inside = core.lines()
    if not inside:
        raise Fault(f"The formulas of {core.label} are not written out; choose another network.")
    last, pool = now(inside[-1].symbol, where="last"), list[FormulaLine]()
    if pooling != "none":
        pool = [FormulaLine("pooled", _pooled(pooling, last), "top")]
        last = now("pooled")
    names = decoder(weights)
    logits: Node = last
    if names:
        logits = Row("E" if names[0] == SYMBOL else "W_y", f".{names[0]}") @ last + Entry("b_y", f".{names[1]}")
    return (FormulaLine("x", Beside(tuple(_code(name) for name in codes(weights))), "bottom"), *inside, *pool,
            FormulaLine("logits", logits, "top"),
            FormulaLine("p", Softmax((now("logits"),)), "top"))


def _pooled(pooling: Pooling, last: Quantity) -> Node:
    """Write how one more time changes the running maximum, or the mean, which moves by its share of what is new."""
    if pooling in MAXIMA:
        return Highest((before("pooled", -np.inf), last))
    count = Looked("N_t", lambda run, spot: np.full(run.trace["pooled"].shape[-1], spot.time + 1.0))
    return before("pooled") + (last - before("pooled")) / count


def _code(name: str) -> Looked:
    """Look up the symbol's row of its matrix, or the condition's of its."""
    if name == SYMBOL:
        return Looked(r"E_{s_t}", lambda run, spot: run.weights[name][run.ids[spot.time]])
    return Looked(r"C_c", lambda run, spot: run.weights[name][run.condition])


def stops(core: Core, weights: Weights, layers: int, pooling: Pooling = "none") -> list[tuple[FormulaLine, int]]:
    """Give each line with its layer in the order of computation within one time step."""
    every = lines(core, weights, pooling)
    inside = [(line, layer) for layer in range(layers) for line in every if line.place == "layer"]
    return [*((line, 0) for line in every if line.place == "bottom"), *inside,
            *((line, layers - 1) for line in every if line.place == "top")]
