"""Lists that a person keeps: code that names parts which a registry finds by itself, or asks for their type."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.house.sources import files, parsed

Names = Mapping[str, frozenset[str]]
# Who declares parts may name them: a task its recipes, a study what it compares, a cell's file its own cells.
OWN = ("seqlab/tasks/", "seqlab/studies/", "seqlab/models/", "seqlab/reference/")

OTHERS = ("seqlab/adopt/modules.py", "seqlab/recording/network.py")  # who may ask which of torch's classes a part is


def names(root: Path) -> Names:
    """The names of all parts by kind: tasks and cells as the registries have them, pages by their files."""
    from seqlab.reference.core import cores
    from seqlab.tasks import tasks

    pages = {path.stem for path in (root / "pages").glob("*.py")}
    return {"tasks": frozenset(tasks()), "cells": frozenset(cores()), "pages": frozenset(pages)}


def kept_lists(root: Path) -> list[str]:
    """Places where a literal names two parts or more of one kind, or where the name of a task or cell decides."""
    kinds, lists = names(root), list[str]()
    for path in files(root, ".py"):
        name = path.relative_to(root).as_posix()
        if not name.startswith(OWN):
            lists += [f"{name}:{line} {', '.join(parts)}" for line, parts in sorted(listed(parsed(path), kinds))]
    return lists


def listed(tree: ast.Module, kinds: Names) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Lines of a file with the names of parts of one kind that stand there: in one literal, or compared with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict | ast.Set | ast.List | ast.Tuple):
            words, least, asked = _strings(node.keys if isinstance(node, ast.Dict) else node.elts), 2, set(kinds)
        elif isinstance(node, ast.Compare) and any(isinstance(how, ast.Eq | ast.NotEq) for how in node.ops):
            words, least, asked = _strings([node.left, *node.comparators]), 1, {"tasks", "cells"}
        else:
            continue
        named = [words & kinds[kind] for kind in kinds if kind in asked and len(words & kinds[kind]) >= least]
        if named:
            yield node.lineno, tuple(sorted(named[0]))


def type_tests(root: Path) -> list[str]:
    """Places that ask whether a network's part is of one of torch's classes or of those in ``seqlab/models``.

    What reads modules that others made must ask what they are made of.
    """
    own = {node.name: path for path in files(root, ".py") if path.is_relative_to(root / "seqlab/models")
           for node in parsed(path).body if isinstance(node, ast.ClassDef)}
    tests = list[str]()
    for path in files(root, ".py"):
        if path.relative_to(root).as_posix() in OTHERS:
            continue
        for node in ast.walk(parsed(path)):
            kinds = [kind for kind in _asked(node) if kind.startswith("nn.") or own.get(kind, path) != path]
            if kinds and isinstance(node, ast.Call):
                tests.append(f"{path.relative_to(root).as_posix()}:{node.lineno} {', '.join(kinds)}")
    return tests


def _asked(node: ast.AST) -> list[str]:
    """The types that a call of ``isinstance`` asks for; none where it is something else."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "isinstance":
        return []
    return sorted({ast.unparse(part) for part in ast.walk(node.args[1]) if isinstance(part, ast.Name | ast.Attribute)})


def _strings(nodes: Sequence[ast.expr | None]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
