"""The measures see what they count, and those that have reached their aim stay there."""

from pathlib import Path

import pytest

from tests.house.circles import circles
from tests.house.lists import kept_lists, type_tests
from tests.house.measures import classes, measures, twice, words
from tests.house.sources import files, tree_at
from tests.support.data import ROOT

BLOCK = "\n".join(f"    total += {number}" for number in range(8))
TREE = {
    "seqlab/one.py": "from seqlab import two\n",
    "seqlab/two.py": "def f():\n    from seqlab.three import g\n",
    "seqlab/three.py": "from typing import TYPE_CHECKING, Any\nif TYPE_CHECKING:\n    from seqlab.one import h\n",
    "seqlab/ui/menu.py": "MENU = {'echo': 1, 'hello': 2}\ntold = ['gru', 'other']\nif task == 'echo': pass\n",
    "seqlab/ui/long.js": "x\n" * 251 + "y" * 121 + "\n",
    "seqlab/models/cell.py": "class Cell:\n    pass\n\ndef own(x):\n    return isinstance(x, Cell)\n",
    "seqlab/lenses/look.py": "ok = isinstance(x, int)\nbad = isinstance(x, nn.GRU | Cell)\nclass Line:\n    pass\n",
    "seqlab/tasks/echo.py": "RECIPES = ['gru', 'lstm']\n",
    "seqlab/twice.py": f"def f():\n{BLOCK}\n\n\ndef g():\n{BLOCK}\n",
    "pages/echo.py": "", "pages/hello.py": "", "app.py": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_circles_are_seen_through_functions_and_for_type_checkers(tree: Path) -> None:
    assert circles(tree) == [["seqlab.one", "seqlab.three", "seqlab.two"]]


def test_lists_and_comparisons_are_seen_where_parts_are_not_declared(tree: Path) -> None:
    assert kept_lists(tree) == ["seqlab/ui/menu.py:1 echo, hello", "seqlab/ui/menu.py:3 echo"]


def test_a_question_for_a_network_s_type_is_seen_outside_the_type_s_own_file(tree: Path) -> None:
    assert type_tests(tree) == ["seqlab/lenses/look.py:2 Cell, nn.GRU"]


def test_words_classes_and_repeated_lines_are_counted(tree: Path) -> None:
    assert words(tree)["told"] == 1
    assert classes(tree)["Line"] == 1
    assert twice(files(tree, ".py")) == 16
    figures = measures(tree)
    assert (figures["Any in seqlab"], figures["JavaScript files over 250 lines"]) == (1, 1)
    assert figures["JavaScript lines over 120 characters"] == 1
    assert figures["files in seqlab/ui itself (without __init__.py)"] == 2


def test_an_earlier_commit_is_read_whole() -> None:
    with tree_at("HEAD") as root:
        assert {path.relative_to(root) for path in files(root, ".py")} >= {Path("app.py"), Path("seqlab/__init__.py")}


def test_no_files_import_one_another_and_no_list_is_kept_by_hand() -> None:
    assert circles(ROOT) == []
    assert kept_lists(ROOT) == []
    assert type_tests(ROOT) == []


def test_the_pages_code_has_a_folder_for_everything() -> None:
    assert measures(ROOT)["files in seqlab/ui itself (without __init__.py)"] <= 3
