"""The house rules that a reader feels: small files, short functions, described parts, nothing left over."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FILE, LONGEST_PAGE, LONGEST_FUNCTION, LONGEST_LINE = 250, 80, 40, 120
LEFTOVER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|NotImplemented" r"Error|type: ignore(?!\[)"
                      r"|pragma: no cover|breakpoint\(\)|\bpdb\b")
PICKLE = re.compile(r"\bpickle\b|torch\.load\(|allow_pickle=True|\bjoblib\b|\bdill\b")
WEIGHTS_ALONE = ROOT / "seqlab/adopt/child.py"


def product() -> list[Path]:
    """Every Python file of the product: the app, the pages and the library."""
    return [*ROOT.glob("app.py"), *sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "seqlab").rglob("*.py"))]


def browser() -> list[Path]:
    """Every file of the browser's code: its modules, their types and their style."""
    return sorted(path for path in (ROOT / "seqlab").rglob("*") if path.suffix in {".js", ".ts", ".css"})


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def long_files(path: Path) -> Iterator[str]:
    lines = len(text(path).splitlines())
    if lines > (LONGEST_PAGE if path.parent.name == "pages" else LONGEST_FILE):
        yield f"{lines} lines"


def long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name} has {lines} lines"


def undescribed(path: Path) -> Iterator[str]:
    return bare(tree(path))


def bare(node: ast.Module | ast.ClassDef, inside: str = "the file") -> Iterator[str]:
    """Names of public parts without a docstring, or whose docstring does not begin with one sentence."""
    described = ast.get_docstring(node) or ""
    if not re.match(r"\S(?:.|\n(?!\n))*[.:?!…](\n\n|\Z)", described):
        yield inside
    for part in node.body:
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and not part.name.startswith("_"):
            if isinstance(part, ast.ClassDef):
                yield from bare(part, part.name)
            elif not ast.get_docstring(part):
                yield part.name


def leftovers(path: Path) -> Iterator[str]:
    return (line.strip() for line in text(path).splitlines() if LEFTOVER.search(line))


def pickles(path: Path) -> Iterator[str]:
    """Names of pickle in code, not in prose: a docstring may say that there is none.

    One place reads PyTorch's files, in a process of its own, and has torch make tensors alone.
    """
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Call) and not (path == WEIGHTS_ALONE and alone(node)):
            code = re.sub(r"'[^']*'|\"[^\"]*\"", "''", ast.unparse(node))
            if PICKLE.search(code):
                yield code


def alone(node: ast.AST) -> bool:
    """Whether a call says literally that weights alone are read."""
    return isinstance(node, ast.Call) and any(
        keyword.arg == "weights_only" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in node.keywords)


def long_lines(path: Path) -> Iterator[str]:
    """Lines that ruff does not see: those of the browser's code."""
    return (f"line {number}" for number, line in enumerate(text(path).splitlines(), 1) if len(line) > LONGEST_LINE)


def unexplained(path: Path) -> Iterator[str]:
    """A module that does not begin with a sentence, whose types are not checked, or that exports what has no words."""
    if path.suffix != ".js":
        return
    if not re.match(r"(?://(?! @ts-check).*\n)*// .*[.:]\n// @ts-check\n", text(path)):
        yield "the file"
    for above, line in pairwise(text(path).splitlines()):
        part = re.match(r"export (?:const|class|(?:async )?function) (?![A-Z_]+ )(\w+)", line)
        if part and not above.endswith("*/"):
            yield part[1]


Rule = Callable[[Path], Iterator[str]]
RULES: list[Rule] = [long_files, long_functions, undescribed, leftovers, pickles]
BROWSER_RULES: list[Rule] = [long_files, long_lines, leftovers, unexplained]


def test_there_is_a_product() -> None:
    assert len(product()) > 20
    assert len(browser()) > 20


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_to(rule: Rule) -> None:
    assert not [f"{path.relative_to(ROOT)}: {fault}" for path in product() for fault in rule(path)]


@pytest.mark.parametrize("rule", BROWSER_RULES, ids=lambda rule: rule.__name__)
def test_every_file_of_the_browsers_code_keeps_to(rule: Rule) -> None:
    assert not [f"{path.relative_to(ROOT)}: {fault}" for path in browser() for fault in rule(path)]


@pytest.mark.parametrize("rule", BROWSER_RULES, ids=lambda rule: rule.__name__)
def test_a_rule_of_the_browsers_code_can_be_broken(rule: Rule, tmp_path: Path) -> None:
    bad = tmp_path / "bad.js"
    bad.write_text("// @ts-check\n\nexport class Bare {}\n// TO" + f"DO {'x' * 120}\n" + "\n" * 250)
    assert list(rule(bad))


@pytest.mark.parametrize(("place", "call", "pickled"), [
    (WEIGHTS_ALONE, "torch.load(file, weights_only=True)", False), (WEIGHTS_ALONE, "torch.load(file)", True),
    (WEIGHTS_ALONE, "torch.load(file, weights_only=trusted)", True),
    (ROOT / "seqlab/files.py", "torch.load(file, weights_only=True)", True)])
def test_one_place_alone_reads_pytorchs_files_and_weights_alone(place: Path, call: str, pickled: bool,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_house.tree", lambda path: ast.parse(call))
    assert bool(list(pickles(place))) is pickled


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_can_be_broken(rule: Rule, tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n" + "    x = 1\n" * 45 + "# TO" + "DO\nimport pickle\n" + "\n" * 240)
    assert list(rule(bad))
