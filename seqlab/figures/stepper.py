"""One line of a pass for people: its formula in LaTeX, the same with its numbers put in, and what each sum adds up.

Numbers have four decimals; long lines break at their signs, so a narrow screen needs no scrolling.
"""

import re
from math import isinf, isnan

import numpy as np

from seqlab import notation
from seqlab.reference.formulas.expression import Node, Operand, Value
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.formulas.operands import Constant
from seqlab.reference.formulas.reductions import Beside, Softmax
from seqlab.reference.formulas.spot import Pass, Spot

SHOWN_TERMS = 3


def figure(number: float) -> str:
    """Write a number in LaTeX: four decimals, a power of ten where it is tiny or huge."""
    if isnan(number):
        return r"\text{NaN}"
    if isinf(number):
        return r"\infty" if number > 0 else r"-\infty"
    if number == int(number) and abs(number) < 1e6:
        return str(int(number))
    if 1e-3 <= abs(number) < 1e4:
        return f"{number:.4f}"
    head, power = f"{number:.2e}".split("e")
    return rf"{head} \cdot 10^{{{int(power)}}}"


def formula(line: FormulaLine, spot: Spot) -> str:
    """Write the line in letters, ``r_t = …``."""
    return f"{notation.SYMBOLS[line.symbol].latex} = {_letters(line.formula, spot)}"


def name(line: FormulaLine, run: Pass, spot: Spot) -> str:
    """Write the one number that is computed: the symbol with its time, and its unit in brackets."""
    symbol = notation.SYMBOLS[line.symbol]
    unit = "" if symbol.axes[-1] == "key" else f"[{line.index(run, spot)}]"
    return f"{_placed(symbol.latex, run, spot)}{unit}"


def substituted(line: FormulaLine, value: Value, run: Pass, spot: Spot) -> list[str]:
    """Write the line with its numbers: every operand and every sum over units as one number with its name below it.

    Then once more with its parts added up, where that is shorter, and the result; the equals signs stand in a column.
    """
    first = name(line, run, spot)
    steps = [_numbers(value, run, spot), _collapsed(value), rf"\mathbf{{{figure(value.number)}}}"]
    # A formula of one operand only, such as an input's code, is its own result.
    steps = [step for place, step in enumerate(steps) if step and step not in steps[:place]]
    return [f"{first} = {steps[0]}", *(rf"\hphantom{{{first}}} = {step}" for step in steps[1:])]


def expanded(value: Value, run: Pass, spot: Spot) -> str:
    """Write a sum over units with its largest terms, the rest as one number; shares of a softmax likewise."""
    named = _placed(_letters(value.node, spot), run, spot)
    if isinstance(value.node, Softmax):
        return rf"{named} = {_raised(value)} = {figure(value.number)}"
    rows, vector, terms = value.rows, value.vector, value.terms
    if rows is None or vector is None or terms is None:
        return f"{named} = {figure(value.number)}"
    chosen = [place for place in value.largest(SHOWN_TERMS) if terms[place] != 0]
    parts = [rf"{_held(rows[place])} \cdot {_held(vector[place])}" for place in chosen]
    rest = int((terms != 0).sum()) - len(chosen)
    if rest:
        remains = figure(float(np.delete(terms, chosen).sum()))
        parts.append(rf"\underbrace{{{remains}}}_{{\text{{{rest} more}}}}")
    return " = ".join([named, *([" + ".join(parts)] if parts else []), figure(value.number)])


def sums(value: Value) -> list[Value]:
    """Give every part that runs over a whole vector, in the order of the formula."""
    return [part for part in value.walk() if part.terms is not None]


def _letters(node: Node, spot: Spot) -> str:
    def inner(part: Node) -> str:
        return part.written(spot) if isinstance(part, Operand) else part.write(inner)
    return inner(node)


def _numbers(value: Value, run: Pass, spot: Spot) -> str:
    values = {part.node: part for part in value.walk()}

    def inner(part: Node) -> str:
        known = values[part]
        if isinstance(part, Beside):
            return inner(known.parts[0].node)
        if known.parts and known.terms is None:
            return part.write(inner)
        if isinstance(part, Constant) and part.latex == "1":
            return "1"
        return rf"\underbrace{{{_held(known.number)}}}_{{{_placed(_letters(part, spot), run, spot)}}}"

    written = inner(value.node) if not isinstance(value.node, Softmax) else _raised(value)
    # A negative number needs no brackets of its own where an opening bracket or a fraction stands before it.
    return re.sub(r"(^|[({])\\underbrace\{\((-[^()]*)\)\}", r"\1\\underbrace{\2}", written.replace(r"\odot", r"\cdot"))


def _collapsed(value: Value) -> str:
    """Write the outermost operation on numbers alone; nothing where its parts are single operands already."""
    if not any(part.parts for part in value.parts):
        return ""
    values = {part.node: part for part in value.parts}

    def inner(part: Node) -> str:
        return _held(values[part].number)

    written = value.node.write(inner).replace(r"\odot", r"\cdot")
    return re.sub(r"(^|\()\((-[^()]*)\)", r"\1\2", written)


def _raised(value: Value) -> str:
    """Write a softmax as powers of e: its own over the largest ones."""
    if value.vector is None or value.terms is None or value.number == 0:
        return "0"
    own = int(abs(value.terms - value.number).argmin())
    chosen = [place for place in value.largest(SHOWN_TERMS) if value.terms[place] > 0]
    rest = int((value.terms > 0).sum()) - len(chosen)
    below = " + ".join([*(f"e^{{{figure(value.vector[place])}}}" for place in chosen), *([r"\cdots"] if rest else [])])
    return rf"\frac{{e^{{{figure(value.vector[own])}}}}}{{{below}}}"


def _held(number: float) -> str:
    """Write a number beside a sign: a negative one in brackets."""
    written = figure(float(number))
    return f"({written})" if written.startswith("-") else written


def _placed(latex: str, run: Pass, spot: Spot) -> str:
    """Put this step's time, position, head and symbol into the letters of a formula."""
    latex = latex.replace("_{t-1}", f"_{{{spot.time - 1}}}").replace(r"\le t", rf"\le {spot.time}")
    latex = latex.replace("{s_t}", f"{{{run.ids[spot.time]}}}").replace("C_c", f"C_{{{run.condition}}}")
    latex = latex.replace("_{tk}", f"_{{{spot.time},k}}").replace("^{(i)}", f"^{{({spot.unit // run.features})}}")
    if r"\sum_j" not in latex:  # there j runs
        latex = latex.replace("_{tj}", f"_{{{spot.time},{spot.key}}}").replace("_j", f"_{{{spot.key}}}")
    return latex.replace("_{tj}", f"_{{{spot.time},j}}").replace("_t", f"_{{{spot.time}}}")
