"""The formulas of a transformer as data: one block, the input below all of them and the normalisation above them."""

from functools import cache

import numpy as np

from seqlab.reference.formulas.expression import Applied, Dot, Node, Operand
from seqlab.reference.formulas.line import FormulaLine, normalised
from seqlab.reference.formulas.operands import Constant, Entry, Looked, Row, all_heads, at_position, below, now, rows
from seqlab.reference.formulas.reductions import Softmax
from seqlab.reference.formulas.spot import Pass, Spot
from seqlab.reference.positions import positions
from seqlab.reference.transformer_form import Form

NAME = "blocks.{layer}."


@cache
def transformer_lines(causal: bool, form: Form) -> tuple[FormulaLine, ...]:
    """Write the formulas of ``reference.transformer``; ``causal``: no position looks at those after it."""
    top = (FormulaLine("ln", normalised(now("h", where="last"), "norm", "y"), "top"),) if form.final_norm else ()
    block = _norm_first if form.norm == "first" else _norm_last
    return entered_line(form), *block(causal, form), *top


def _norm_first(causal: bool, form: Form) -> tuple[FormulaLine, ...]:
    entered = below("entered")
    return (
        FormulaLine("ln1", normalised(entered, f"{NAME}ln1", "1")),
        *attention_lines(now("ln1"), at_position("ln1"), causal, "attended"),
        FormulaLine("mid", entered + now("attended")),
        FormulaLine("ln2", normalised(now("mid"), f"{NAME}ln2", "2")),
        _wide(now("ln2"), form),
        FormulaLine("h", now("mid") + _narrow()),
    )


def _norm_last(causal: bool, form: Form) -> tuple[FormulaLine, ...]:
    entered = below("entered")
    return (
        *attention_lines(entered, below("entered", when="j"), causal, "attended"),
        FormulaLine("mid", entered + now("attended")),
        FormulaLine("ln1", normalised(now("mid"), f"{NAME}ln1", "1")),
        _wide(now("ln1"), form),
        FormulaLine("post", now("ln1") + _narrow()),
        FormulaLine("h", normalised(now("post"), f"{NAME}ln2", "2")),
    )


def attention_lines(asks: Operand, answers: Operand, causal: bool, output: str) -> tuple[FormulaLine, ...]:
    """Write one layer of attention, whose position t reads ``asks`` and whose position j reads ``answers``."""
    root = Constant(r"\sqrt{d}", "np.sqrt(len(query))", lambda run: float(np.sqrt(run.features)))
    return (
        *(FormulaLine(symbol, _head(symbol[0], asks if symbol == "query" else answers))
          for symbol in ("query", "key", "value")),
        FormulaLine("scores",
                    Dot((rows("key", "time", "feature"), now("query", ("feature",))), r"{1} \cdot {0}") / root),
        FormulaLine("attention", Softmax((now("scores"),), causal, positions=True)),
        FormulaLine("heads", Dot((rows("value", "feature", "time"), now("attention")), r"\textstyle\sum_j {1}\, {0}")),
        FormulaLine(output, Row("W_o", f"{NAME}attention.W_o") @ all_heads() + Entry("b_o", f"{NAME}attention.b_o")),
    )


def entered_line(form: Form) -> FormulaLine:
    """Write how the input enters: by its layer or as it is, with its position or without."""
    layer = Row("W_e", "input.weight") @ now("x") + Entry("b_e", "input.bias")
    code: Node = now("x") if form.entry == "none" else layer
    return FormulaLine("entered", code if form.positions == "none" else code + Looked("P_t", _place), "bottom")


def _place(run: Pass, spot: Spot) -> np.ndarray:
    entered = run.trace["entered"]
    learned = run.weights.get(f"{run.prefix}position.weight")
    return positions(spot.time + 1, entered.shape[-1], entered.dtype, learned)[-1]


def _wide(reads: Operand, form: Form) -> FormulaLine:
    inside = Row("W_1", f"{NAME}ff_in.weight") @ reads + Entry("b_1", f"{NAME}ff_in.bias")
    return FormulaLine("ff", Applied(form.acts.latex, form.acts.name, form.acts.function, (inside,)))


def _narrow() -> Node:
    return Row("W_2", f"{NAME}ff_out.weight") @ now("ff") + Entry("b_2", f"{NAME}ff_out.bias")


def _head(part: str, reads: Operand) -> Node:
    return Row(f"W_{part}", f"{NAME}attention.W_{part}") @ reads + Entry(f"b_{part}", f"{NAME}attention.b_{part}")
