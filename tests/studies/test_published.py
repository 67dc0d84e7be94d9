"""Published numbers stand in one place, and every page and table that shows one takes it from there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from seqlab import paths
from seqlab.studies import results, studies
from seqlab.studies.chapter.exercise import exercises
from seqlab.studies.published import PUBLISHED, SOURCES

ROOT = Path(__file__).parents[2]
PLACES = "seqlab/studies", "seqlab/ui", "seqlab/figures", "pages"
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*\.?\d*(?:e-?\d+)?(?![\w.]*\d)")


def significant(value: float) -> int:
    """Count the digits with which a number is published."""
    return len(f"{value:.12g}".partition("e")[0].replace(".", "").strip("0"))


def forms(value: float) -> set[float]:
    """A published number as a page might write it, also in %: whole or a digit shorter, if that leaves three."""
    digits = significant(value)
    rounded = {float(f"{scaled:.{n}g}") for scaled in (value, 100 * value) for n in (digits - 1, digits) if n > 2}
    return {number for number in rounded if significant(number) > 2}


KNOWN = {form: key for key, entry in PUBLISHED.items() for form in forms(entry.value)}


def numbers(tree: ast.AST) -> Iterator[tuple[int, float]]:
    """Every number that a program holds, by itself or in its texts, but not in its docstrings."""
    docstrings = {id(node.body[0].value) for node in ast.walk(tree)
                  if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
                  and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            if isinstance(node.value, str):
                for text in NUMBER.findall(node.value):
                    yield node.lineno, float(text.replace(",", "").rstrip("."))
            elif type(node.value) in {int, float}:
                yield node.lineno, node.value


def copies(source: str) -> list[tuple[int, str]]:
    """Lines of a program that hold a published number, and which."""
    return [(line, KNOWN[number]) for line, number in numbers(ast.parse(source)) if number in KNOWN]


def test_no_published_number_stands_anywhere_else() -> None:
    files = [file for place in PLACES for file in (ROOT / place).rglob("*.py") if file.name != "published.py"]
    assert len(files) > 100
    assert {str(file.relative_to(ROOT)): lines for file in files if (lines := copies(file.read_text()))} == {}


@pytest.mark.parametrize("text", ["x = 6.446", "f('perplexity 6.45 or so')", "f'{x}: 99.26 %'", "words = 99_430",
                                  "f('99,430 words')"])
def test_that_check_can_fail(text: str) -> None:
    assert copies(text)


def test_every_figure_has_a_source_that_is_known() -> None:
    for study in studies().values():
        for figure in study.figures:
            assert not figure.source or figure.source.partition("/")[0] in SOURCES, (study.name, figure)
    assert {key.partition("/")[0] for key in PUBLISHED} == set(SOURCES)


def test_every_number_of_a_source_s_program_was_measured() -> None:
    """What has a source that prints nothing was measured by that source's program, or there is nothing to compare."""
    sources = {figure.source for study in studies().values() for figure in study.figures if figure.source}
    sources |= {figure.source for exercise in exercises() for figure in exercise.figures if figure.source}
    measured = {source for source in sources if results.program(source, paths.checkpoints()) is not None}
    assert sources - set(PUBLISHED) <= measured
