"""The formulas of a transformer as data: one block, the input below all of them and the normalisation above them."""

from functools import cache

import numpy as np

from seqlab.reference.activations import gelu
from seqlab.reference.formulas.expression import Applied, Dot, Node
from seqlab.reference.formulas.line import FormulaLine, normalised
from seqlab.reference.formulas.operands import Constant, Entry, Looked, Row, all_heads, at_position, below, now, rows
from seqlab.reference.formulas.reductions import Softmax
from seqlab.reference.positions import positions

NAME = "blocks.{layer}."


@cache
def transformer_lines(causal: bool) -> tuple[FormulaLine, ...]:
    """Write the formulas of ``reference.transformer``; ``causal``: no position looks at those after it."""
    entered = below("entered")
    root = Constant(r"\sqrt{d}", "np.sqrt(len(query))", lambda run: float(np.sqrt(run.features)))
    wide, narrow = (Row(f"W_{n}", f"{NAME}ff_{part}.weight") for n, part in ((1, "in"), (2, "out")))
    b_wide, b_narrow = (Entry(f"b_{n}", f"{NAME}ff_{part}.bias") for n, part in ((1, "in"), (2, "out")))
    place = Looked("P_t", lambda run, spot: positions(spot.time + 1, run.weights, run.prefix)[-1])
    return (
        FormulaLine("entered", Row("W_e", "input.weight") @ now("x") + Entry("b_e", "input.bias") + place, "bottom"),
        FormulaLine("ln1", normalised(entered, f"{NAME}ln1", "1")),
        *(FormulaLine(symbol, _head(symbol[0])) for symbol in ("query", "key", "value")),
        FormulaLine("scores",
                    Dot((rows("key", "time", "feature"), now("query", ("feature",))), r"{1} \cdot {0}") / root),
        FormulaLine("attention", Softmax((now("scores"),), causal, positions=True)),
        FormulaLine("heads", Dot((rows("value", "feature", "time"), now("attention")), r"\textstyle\sum_j {1}\, {0}")),
        FormulaLine("attended",
                    Row("W_o", f"{NAME}attention.W_o") @ all_heads() + Entry("b_o", f"{NAME}attention.b_o")),
        FormulaLine("mid", entered + now("attended")),
        FormulaLine("ln2", normalised(now("mid"), f"{NAME}ln2", "2")),
        FormulaLine("ff", Applied(r"\mathrm{GELU}", "gelu", gelu, (wide @ now("ln2") + b_wide,))),
        FormulaLine("h", now("mid") + narrow @ now("ff") + b_narrow),
        FormulaLine("ln", normalised(now("h", where="last"), "norm", "y"), "top"),
    )


def _head(part: str) -> Node:
    return Row(f"W_{part}", f"{NAME}attention.W_{part}") @ (now("ln1") if part == "q" else at_position("ln1")) \
        + Entry(f"b_{part}", f"{NAME}attention.b_{part}")
