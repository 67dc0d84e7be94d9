"""Every key that the browser's code handles is declared by its component, so that “?” lists it."""

import re
from pathlib import Path

import pytest

from tests.support.data import ROOT

WIDGETS = ROOT / "seqlab" / "ui" / "widgets"
NAMED = re.compile(r"\b(Arrow(?:Left|Right|Up|Down)|Home|End|Page(?:Up|Down)|Escape|Enter|Tab)\b(?=[\"']|: |\")")
COMPARED = re.compile(r"(?:event\.|\()key [!=]==? \"(.)\"")
ARROWS = {"ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"}
DECLARED = re.compile(r"\[\"([^\"]+)\", \"[^\"]+\"\]")
NOT_ASKED = {"kit", "live_area"}  # what all share, and the key that Streamlit itself waits for


def handled(folder: Path) -> set[str]:
    """The keys that the code of a component looks for."""
    found: set[str] = set()
    for path in folder.glob("*.js"):
        text = re.sub(r"//.*|/\*.*?\*/", "", path.read_text(encoding="utf-8"))
        if path.name == "keys.js" or not re.search(r"keydown|event\.key|\{ key\b|arrow\(event\)", text):
            continue
        found |= set(NAMED.findall(text)) | set(COMPARED.findall(text))
        if "arrow(event)" in text:
            found |= {"ArrowLeft", "ArrowRight"}
            if re.search(r"\[\w+, \w+\] = arrow\(event\)", text):
                found |= ARROWS
    return found


def declared(folder: Path) -> set[str]:
    """The keys that a component says it has."""
    file = folder / "keys.js"
    rows = DECLARED.findall(file.read_text(encoding="utf-8")) if file.exists() else []
    return {key for row in rows for key in row.split(" ") if key} | ({" "} if " " in rows else set())


FOLDERS = [folder for folder in sorted(WIDGETS.iterdir()) if folder.is_dir() and folder.name not in NOT_ASKED]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_key_that_is_handled_is_declared(folder: Path) -> None:
    assert handled(folder) - declared(folder) == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_has_keys_declares_them_where_it_stands(folder: Path) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    if folder.name != "frame":  # whose keys are those of every page
        assert (folder / "keys.js").exists() == bool(re.search(r"\bdeclare\(.+, KEYS\)", code))


def test_an_undeclared_key_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('if (event.key === "Enter" || event.key === "x") go(arrow(event));')
    (tmp_path / "keys.js").write_text('export const KEYS = [["Enter", "goes"]];')
    assert handled(tmp_path) - declared(tmp_path) == {"x", "ArrowLeft", "ArrowRight"}
