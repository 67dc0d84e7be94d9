"""The house rules that a reader feels: small files, short functions, described parts, nothing left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FILE, LONGEST_PAGE, LONGEST_FUNCTION = 250, 80, 40
LEFTOVER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|NotImplemented" r"Error|type: ignore(?!\[)"
                      r"|pragma: no cover|breakpoint\(\)|\bpdb\b")
PICKLE = re.compile(r"\bpickle\b|torch\.load\(|allow_pickle=True|\bjoblib\b|\bdill\b")


def product() -> list[Path]:
    """Every Python file of the product: the app, the pages and the library."""
    return [*ROOT.glob("app.py"), *sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "seqlab").rglob("*.py"))]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


FILES = [pytest.param(path, id=name(path)) for path in product()]


def test_there_is_a_product() -> None:
    assert len(FILES) > 20


@pytest.mark.parametrize("path", FILES)
def test_files_are_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (LONGEST_PAGE if path.parent.name == "pages" else LONGEST_FILE)


@pytest.mark.parametrize("path", FILES)
def test_functions_are_short(path: Path) -> None:
    long = {node.name: size for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for size in [(node.end_lineno or 0) - node.lineno + 1] if size > LONGEST_FUNCTION}
    assert not long


@pytest.mark.parametrize("path", FILES)
def test_public_names_are_described(path: Path) -> None:
    assert not list(bare(tree(path)))


def bare(node: ast.Module | ast.ClassDef, inside: str = "the file") -> Iterator[str]:
    """Names of public parts without a docstring, or whose docstring does not begin with one sentence."""
    text = ast.get_docstring(node) or ""
    if not re.match(r"\S(?:.|\n(?!\n))*[.:?!…](\n\n|\Z)", text):
        yield inside
    for part in node.body:
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and not part.name.startswith("_"):
            if isinstance(part, ast.ClassDef):
                yield from bare(part, part.name)
            elif not ast.get_docstring(part):
                yield part.name


@pytest.mark.parametrize("path", FILES)
def test_nothing_is_left_over(path: Path) -> None:
    found = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if LEFTOVER.search(line)]
    assert not found


@pytest.mark.parametrize("path", FILES)
def test_no_pickle_is_loaded(path: Path) -> None:
    """Names of pickle in code, not in prose: a docstring may say that there is none."""
    prose = {id(node.value) for node in ast.walk(tree(path))
             if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    code = [ast.unparse(node) for node in ast.walk(tree(path))
            if isinstance(node, ast.Import | ast.ImportFrom | ast.Call) and id(node) not in prose]
    assert not [text for text in code if PICKLE.search(re.sub(r"'[^']*'|\"[^\"]*\"", "''", text))]


def test_the_rules_can_be_broken(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n" + "    x = 1\n" * 45 + "# TO" + "DO\nimport pickle\n" + "\n" * 240)
    for check in (test_files_are_small, test_functions_are_short, test_public_names_are_described,
                  test_nothing_is_left_over, test_no_pickle_is_loaded):
        with pytest.raises(AssertionError):
            check(bad)
