"""One readable Python file made of seqlab's own source: some functions and classes, and all that they use, and no more.

The text is taken as it stands in the modules, comments and docstrings too. A class keeps the methods that are called
somewhere in the file. Annotations stay as documentation: they are never evaluated, so nothing is imported for them.
"""

import ast
import dis
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache, partial
from importlib import import_module
from types import CodeType, FunctionType, ModuleType

from seqlab.errors import Fault

FUTURE = "from __future__ import annotations\n"
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_GLOBALS, _ATTRIBUTES = ("LOAD_GLOBAL", "LOAD_NAME"), ("LOAD_ATTR", "LOAD_METHOD")


@dataclass(frozen=True)
class Definition:
    """One statement at the top of a module that gives names: a function, a class, an assignment."""

    module: str
    line: int


@dataclass
class Assembly:
    """Collects definitions until nothing that they use is missing; ``instead`` replaces a name by an expression."""

    instead: Mapping[str, str] = field(default_factory=dict)
    used: set[Definition] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    modules: list[str] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)  # classes whose instances are written: they keep the fields in use
    origin: dict[str, str] = field(default_factory=dict)

    def source(self, roots: Iterable[Callable[..., object]], values: Mapping[str, object]) -> str:
        """Write the file: imports, what the roots need, and a line for each of the named values."""
        roots, before = list(roots), -1
        while before != (before := len(self.used) + len(self.attributes) + len(self.imports)):
            for root in roots:
                self._take(root.__module__, root.__name__)
            for value in values.values():
                self._expression(value)
            for place in list(self.used):
                self._follow(place)
        lines = [f"{name} = {self._expression(value)}" for name, value in values.items()]
        replaced = [f"{name} = {text}" for name, text in self.instead.items() if name in self.imports]
        heads = sorted(self.imports - set(self.instead), key=lambda line: (line.startswith("from"), line))
        return "\n".join([FUTURE, *heads, *(["", *replaced] if replaced else []), *self._texts(), "\n", *lines, ""])

    def _texts(self) -> Iterator[str]:
        """Definitions by their modules, those that are imported first."""
        for module in self.modules:
            places = sorted(place.line for place in self.used if place.module == module)
            for number, line in enumerate(places):
                node = _tops(module)[line]
                apart = "\n\n" if isinstance(node, _Function | ast.ClassDef) or not number else ""
                head = f"# {module.replace('.', '/')}.py\n" if not number else ""
                yield apart + head + self._text(Definition(module, line))

    def _take(self, module: str, name: str) -> None:
        """Take the definition of a name as a module knows it, or the import that gives it from elsewhere."""
        line = _bindings(module).get(name)
        if line is None:
            return  # a built-in, or a name of its own
        node = _tops(module)[line]
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._take_import(node, name)
            return
        known = self.origin.setdefault(name, module)
        if known != module:
            raise Fault(f"This network cannot be written as one file: {known} and {module} both define {name}.")
        self.used.add(Definition(module, line))

    def _take_import(self, node: ast.Import | ast.ImportFrom, name: str) -> None:
        alias = next(alias for alias in node.names if (alias.asname or alias.name) == name)
        if name in self.instead:
            self.imports.add(name)
        elif isinstance(node, ast.Import):
            self.imports.add(f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else ""))
        elif _own(node.module or ""):
            if alias.asname:
                raise Fault(f"This network cannot be written as one file: {alias.name} has another name in it.")
            self._take(node.module or "", alias.name)
        else:
            renamed = f" as {alias.asname}" if alias.asname else ""
            self.imports.add(f"from {node.module} import {alias.name}{renamed}")

    def _follow(self, place: Definition) -> None:
        """Take everything that a definition uses."""
        for kind, name in _reads(self._text(place)):
            if kind in _ATTRIBUTES:
                self.attributes.add(name)
            else:
                self._take(place.module, name)
        if place.module in self.modules:
            self.modules.remove(place.module)
        self.modules.append(place.module)
        self.modules.sort(key=_depth)

    def _text(self, place: Definition) -> str:
        node, lines = _tops(place.module)[place.line], _lines(place.module)
        if not isinstance(node, ast.ClassDef):
            return "\n".join(lines[_first(node) - 1:node.end_lineno])
        left_out = {number for member in node.body if not self._stays(node.name, member)
                    for number in range(_first(member), (member.end_lineno or 0) + 1)}
        written = dict(enumerate(lines, 1))
        if node.name in self.cut:  # its documentation speaks of fields that are not here
            first, last = node.body[0].lineno, node.body[0].end_lineno or 0
            written[first] = f'    """{(ast.get_docstring(node) or "").splitlines()[0]}"""'
            left_out |= set(range(first + 1, last + 1))
        numbers = range(_first(node), (node.end_lineno or 0) + 1)
        return _without_double_blanks([written[number] for number in numbers if number not in left_out])

    def _stays(self, name: str, member: ast.stmt) -> bool:
        """Whether a class keeps a member: documentation, what is used, and the fields of what is not cut."""
        if isinstance(member, _Function):
            return member.name in self.attributes or (member.name[:2] == "__" == member.name[-2:])
        if isinstance(member, ast.AnnAssign) and name in self.cut:
            return isinstance(member.target, ast.Name) and member.target.id in self.attributes
        return True

    def _expression(self, value: object) -> str:
        """Write a value as Python: numbers, texts, functions, classes, and data classes of such; raises Fault."""
        if isinstance(value, FunctionType | type):
            self._take(value.__module__, value.__name__)
            return value.__name__
        if isinstance(value, partial):
            self.imports.add("from functools import partial")
            named = (f"{name}={self._expression(part)}" for name, part in value.keywords.items())
            return f"partial({', '.join([*map(self._expression, (value.func, *value.args)), *named])})"
        if is_dataclass(value):
            kind = type(value)
            self._take(kind.__module__, kind.__name__)
            self.cut.add(kind.__name__)
            given = (f"{part.name}={self._expression(getattr(value, part.name))}" for part in fields(value)
                     if part.name in self.attributes)
            return f"{kind.__name__}({', '.join(given)})"
        if isinstance(value, tuple):
            return f"({', '.join(map(self._expression, value))}{',' * (len(value) == 1)})"
        if value is None or isinstance(value, bool | int | float | str):
            return repr(value)
        raise Fault(f"This network cannot be written as one file: it is made with a {type(value).__name__}.")


def _own(module: str) -> bool:
    """Whether a module's text goes into the file: one of seqlab, or of parts beside it."""
    return bool({"seqlab", "reference", "models"} & set(module.split(".")))


@cache
def _reads(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(_loads(compile(FUTURE + text, "<definition>", "exec", dont_inherit=True))))


def _loads(code: CodeType) -> Iterator[tuple[str, str]]:
    """What a piece of code reads: names of its module, and attributes."""
    for step in dis.get_instructions(code):
        if step.opname in (*_GLOBALS, *_ATTRIBUTES):
            yield step.opname, str(step.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _loads(inner)


@cache
def _tree(module: str) -> tuple[ast.Module, list[str]]:
    text = inspect.getsource(_module(module))
    return ast.parse(text), text.splitlines()


def _module(name: str) -> ModuleType:
    return import_module(name)


def _lines(module: str) -> list[str]:
    return _tree(module)[1]


@cache
def _tops(module: str) -> dict[int, ast.stmt]:
    """The statements at the top of a module, by their line."""
    return {node.lineno: node for node in _tree(module)[0].body}


@cache
def _bindings(module: str) -> dict[str, int]:
    """At which line a module gives each of its names its value."""
    bound: dict[str, int] = {}
    for line, node in _tops(module).items():
        if isinstance(node, _Function | ast.ClassDef):
            bound[node.name] = line
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {alias.asname or alias.name: line for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            bound |= {name.id: line for name in ast.walk(node)
                      if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
    return bound


@cache
def _depth(module: str) -> tuple[int, str]:
    """How far a module's imports reach down: it comes after all of them."""
    below = [node.module for node in _tops(module).values() if isinstance(node, ast.ImportFrom) and node.module
             and _own(node.module)]
    return 1 + max((_depth(name)[0] for name in below), default=0), module


def _first(node: ast.stmt) -> int:
    """The first line of a statement, its decorators too."""
    decorators = node.decorator_list if isinstance(node, _Function | ast.ClassDef) else []
    return min([node.lineno, *(part.lineno for part in decorators)])


def _without_double_blanks(lines: list[str]) -> str:
    kept = [line for number, line in enumerate(lines) if line.strip() or not number or lines[number - 1].strip()]
    return "\n".join(kept).rstrip()
