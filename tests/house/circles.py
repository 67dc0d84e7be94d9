"""Files that import one another, directly or by way of others."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.house.sources import files, parsed


def circles(root: Path) -> list[list[str]]:
    """Groups of modules of seqlab that reach one another, by imports inside functions and for type checkers too."""
    links = _links(root)
    reach = {name: _reached(name, links) for name in links}
    groups = {frozenset(other for other in reach[name] if name in reach[other]) for name in links}
    return sorted(sorted(group) for group in groups if group)


def _links(root: Path) -> dict[str, set[str]]:
    """What each module of seqlab imports of seqlab."""
    own = (path for path in files(root, ".py") if path.is_relative_to(root / "seqlab"))
    modules = {_module(path.relative_to(root)): path for path in own}
    links = {}
    for name, path in modules.items():
        wanted = set(_imported(parsed(path))) & set(modules) - {name, "seqlab"}
        # ``from package import module`` needs the package only where nothing inside it is named.
        links[name] = {want for want in wanted if not any(other.startswith(f"{want}.") for other in wanted)}
    return links


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reached(start: str, links: Mapping[str, set[str]]) -> set[str]:
    reached, ahead = set[str](), [*links[start]]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += links[name]
    return reached
