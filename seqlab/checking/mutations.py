"""Mistakes that nobody wrote down: every small change of the correct code, made from its syntax.

A change takes away a term or a factor, turns a sign, transposes, takes another activation, another name, another index
or another axis. Each says which line of the formula would have to read how.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from seqlab.checking.exercise import Mistake

_ACTIVATIONS = {"np.tanh": ("", "sigmoid", "relu"), "sigmoid": ("", "np.tanh", "relu"),
                "softmax": ("", "np.exp", "sigmoid"), "np.exp": ("",), "np.sqrt": ("",), "np.log": ("",)}
_FAMILIES = {  # the family of a change, and its name
    "term missing": "a term is missing", "factor missing": "a factor is missing", "twice": "a term counts twice",
    "sign": "a sign is turned", "operator": "another operator", "transposed": "transposed weight",
    "activation": "another function", "name": "another variable", "index": "another part of an argument",
    "axis": "another axis", "comparison": "another comparison"}


@dataclass(frozen=True)
class _Change:
    family: str
    node: ast.expr
    text: str


@lru_cache(maxsize=64)
def mutations(code: str, function: str) -> tuple[Mistake, ...]:
    """Every small change of a function's code, each as a mistake; none of them twice."""
    tree = ast.parse(code)
    body = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
    names = _names(body)
    made: dict[str, Mistake] = {}
    for statement in _simple(body):
        line = ast.get_source_segment(code, statement) or ""
        for node in ast.walk(statement):
            for change in _changes(code, node, names) if isinstance(node, ast.expr) else ():
                whole, text = _replaced(code, change), _within(code, statement, change)
                if whole not in made and text != line:
                    advice = f"Exactly these numbers come out of {text} where the formula has {line}."
                    made[whole] = Mistake(change.family, _FAMILIES[change.family], advice, ((code, whole),))
    return tuple(made.values())


def _simple(body: ast.FunctionDef) -> Iterator[ast.stmt | ast.expr]:
    """The statements that hold no others, and what a loop runs over."""
    for node in ast.walk(body):
        if isinstance(node, ast.For):
            yield node.iter
        elif isinstance(node, ast.Assign | ast.Return | ast.Expr):
            yield node


def _names(body: ast.FunctionDef) -> tuple[str, ...]:
    """Arguments and variables of a function, but for lists: one that is put into itself has no end."""
    lists = {target.id for node in ast.walk(body) if isinstance(node, ast.Assign) and isinstance(node.value, ast.List)
             for target in node.targets if isinstance(target, ast.Name)}
    stored = [node.id for node in ast.walk(body) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
              and node.id not in lists]
    return tuple(dict.fromkeys([argument.arg for argument in body.args.args] + stored))


def _changes(code: str, node: ast.expr, names: tuple[str, ...]) -> Iterator[_Change]:
    if isinstance(node, ast.BinOp):
        yield from _of_operator(code, node)
    elif isinstance(node, ast.Call):
        yield from _of_call(code, node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        yield from (_Change("name", node, other) for other in names if other != node.id)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        yield from (_Change("index", node, f"{_text(code, node.value)}[{place}]") for place in range(4)
                    if place != node.slice.value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _Change("sign", node, _text(code, node.operand))
    elif isinstance(node, ast.Compare):
        yield from (_Change("comparison", node, f"{_text(code, node.left)} {sign} {_text(code, node.comparators[0])}")
                    for sign in ("<", "<=", ">", ">="))


def _of_operator(code: str, node: ast.BinOp) -> Iterator[_Change]:
    left, right = _text(code, node.left), _text(code, node.right)
    if isinstance(node.op, ast.Add | ast.Sub):
        yield from (_Change("term missing", node, part) for part in (left, right))
        yield _Change("sign", node, f"({left} {'-' if isinstance(node.op, ast.Add) else '+'} ({right}))")
        yield _Change("twice", node, f"({left} + 2 * ({right}))")
        yield _Change("operator", node, f"(({left}) * ({right}))")
    elif isinstance(node.op, ast.Mult | ast.Div):
        yield _Change("factor missing", node, left)
        if isinstance(node.op, ast.Mult):
            yield _Change("factor missing", node, right)
            yield _Change("operator", node, f"({left} + {right})")
        else:
            yield _Change("operator", node, f"({left} * ({right}))")
            yield _Change("operator", node, f"({right} / ({left}))")
    elif isinstance(node.op, ast.MatMult):
        yield _Change("transposed", node, f"{left} @ ({right}).swapaxes(-1, -2)")
        yield _Change("transposed", node, f"({left}).swapaxes(-1, -2) @ {right}")
        yield from (_Change("factor missing", node, part) for part in (left, right))
        yield _Change("operator", node, f"({left} * ({right}))")


def _of_call(code: str, node: ast.Call) -> Iterator[_Change]:
    name, given = _text(code, node.func), ", ".join(_text(code, part) for part in node.args)
    for other in _ACTIVATIONS.get(name, ()):
        yield _Change("activation", node, f"{other}({given})")
    for keyword in node.keywords:
        if keyword.arg == "axis":
            yield from (_Change("axis", keyword.value, text) for text in ("0", "1", "2", "-1", "None"))


def _text(code: str, node: ast.AST) -> str:
    return ast.get_source_segment(code, node) or ""


def _replaced(code: str, change: _Change) -> str:
    start, end = _span(code, change.node)
    return code[:start] + change.text + code[end:]


def _within(code: str, statement: ast.stmt | ast.expr, change: _Change) -> str:
    """The statement as it reads after the change."""
    start, end = _span(code, statement)
    inner, outer = _span(code, change.node)
    return code[start:inner] + change.text + code[outer:end]


def _span(code: str, node: ast.stmt | ast.expr) -> tuple[int, int]:
    """Where a node's text begins and ends."""
    lines = code.splitlines(keepends=True)
    starts = [sum(map(len, lines[:line - 1])) for line in (node.lineno, node.end_lineno or node.lineno)]
    columns = [len(lines[line - 1].encode()[:column].decode()) for line, column in
               ((node.lineno, node.col_offset), (node.end_lineno or node.lineno, node.end_col_offset or 0))]
    return starts[0] + columns[0], starts[1] + columns[1]
