"""Every input on every page has its sentence: a setting that of its config, any other its own."""

from pathlib import Path

import pytest

from tests.support.data import ROOT
from tests.support.words import UNLABELLED, calls, unexplained

WIDGETS = ROOT / "seqlab" / "ui" / "widgets"
FILES = [path for path in sorted((ROOT / "seqlab" / "ui").rglob("*.py"))
         if not (path.is_relative_to(WIDGETS) and path.name == "page.py")]  # those show a component alone, to tests


def test_every_input_in_the_code_of_the_pages_has_its_sentence() -> None:
    assert not {str(path.relative_to(ROOT)): labels for path in FILES if (labels := unexplained(path))}


def test_there_are_inputs_to_look_at_and_every_exception_is_one() -> None:
    drawn = [(label, options) for path in FILES for label, options in calls(path)]
    assert len(drawn) > 150
    hidden = {label for label, options in drawn if "label_visibility" in options}
    inside = {"Clip the gradient's norm at", "Your word", "Network A", "Network B"}  # their label comes from elsewhere
    assert set(UNLABELLED) - hidden <= inside


@pytest.mark.parametrize(("code", "found"), [
    ('st.number_input("Rate", 0, 1)', ["Rate"]), ('st.number_input("Rate", 0, 1, help="How far.")', []),
    ('choose(left.selectbox, "State", names)', ["State"]), ('moving_slider("Value", 0, 1, key=key)', ["Value"]),
    ('st.pills("Which", names, label_visibility="collapsed")', []), ('st.pills("Which", names)', ["Which"]),
    ('st.pills("What", names, label_visibility="collapsed")', ["What"])])
def test_one_without_is_found(code: str, found: list[str], tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text(code)
    assert unexplained(file) == found
