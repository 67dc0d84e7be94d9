"""What the documents name is there: files, links, commands of make, variables, pages, parts of the command line."""

import re
from pathlib import Path

import pytest

from seqlab import command_line as commands
from seqlab.ui.shell.navigation import pages
from tests.support.data import ROOT

DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", *(
    path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").glob("*.md"))))]
FOR_EXAMPLE = re.compile(r"\bNAME\b|^seqlab/_app/$")  # a name to be chosen, and a folder that only a wheel has
NAMED = re.compile(r"`((?:seqlab|tests|docs|pages|checkpoints|\.ci)/[\w/.-]*)`")
documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def said(document: Path) -> str:
    return document.read_text(encoding="utf-8")


@documents
def test_files_and_links_are_there(document: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", said(document)) if "://" not in link]
    named = [name for name in NAMED.findall(said(document)) if not FOR_EXAMPLE.search(name)]
    assert not [link for link in links if not (document.parent / link).exists()]
    assert not [name for name in named if not (ROOT / name).exists()]


@documents
def test_commands_are_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", said(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^|\n)(?:\w+=\S+ )?make ([a-z-]+)", said(document))) <= targets
    asked = re.findall(r"^seqlab ([a-z|]+)", said(document), re.MULTILINE)
    assert {name for names in asked for name in names.split("|")} <= set(commands.app._subcommands)


def test_every_variable_is_explained() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "seqlab").rglob("*.py"))
    variables = set(re.findall(r"\bSEQLAB_[A-Z]+\b", code))
    assert variables
    assert variables == set(re.findall(r"^\| `(SEQLAB_[A-Z]+)`", said(ROOT / "docs/CLI.md"), re.MULTILINE))


def test_every_page_is_described_by_its_own_name() -> None:
    described = set(re.findall(r"^- \*\*(.+?)\*\*", said(ROOT / "docs/PAGES.md"), re.MULTILINE))
    shipped = {page.title for name, page in pages().items() if (ROOT / "pages" / f"{name}.py").exists()}
    assert described == shipped
