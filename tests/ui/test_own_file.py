"""What a person pastes or uploads is never cut off in silence, and every lab reads it by the one reader."""

import re
from pathlib import Path

import pytest

from seqlab.ui.studios.reading.surprise import EXCERPT, _stretch

UI = Path(__file__).parents[2] / "seqlab/ui"
# The names of a run, a sweep, an opened network and a unit: the browser stops at their last letter and counts them.
NAMES = {"runs/table.py", "studios/sweeps/form.py", "runs/open_checkpoint.py", "studios/search/view.py"}


def test_no_field_for_content_drops_what_is_pasted_beyond_a_limit() -> None:
    limited = {str(path.relative_to(UI)) for path in UI.rglob("*.py") if "max_chars" in path.read_text()}
    assert limited == NAMES


def test_tables_and_texts_are_cut_by_the_reader_alone() -> None:
    seqlab = UI.parent
    readers = {str(path.relative_to(seqlab)) for path in seqlab.rglob("*.py")
               if re.search(r"csv\.(reader|DictReader)|charset_normalizer", path.read_text())}
    assert readers == {"data/reader/encodings.py", "data/reader/proposals.py", "data/reader/tables.py",
                       "data/reviews.py"}  # the last one: the published collection's own file


@pytest.mark.parametrize("text", ["x" * 5000, "他在黄昏时走进了那间小屋，" * 400, "a\n" * 3000, "word " * 900,
                                  "short", "x y"])
def test_a_passage_is_never_empty(text: str) -> None:
    for start in range(0, max(1, len(text) - EXCERPT), EXCERPT):
        passage = _stretch(text, start)
        assert passage.strip()
        assert passage in text
        assert len(passage) <= EXCERPT
