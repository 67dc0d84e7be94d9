"""What a person predicts is kept, bounded, and never in the way where its file is gone or damaged."""

from pathlib import Path

import pytest

from seqlab.errors import Fault
from seqlab.studies import predictions
from seqlab.studies.predictions import FOLDER, LONGEST, Prediction
from seqlab.training.library import Library


def test_a_prediction_is_kept_part_by_part_and_is_no_run(tmp_path: Path) -> None:
    assert predictions.read(tmp_path, "imdb") == Prediction()
    predictions.keep(tmp_path, "imdb", words="Order matters — 𝛼")
    predictions.keep(tmp_path, "imdb", number=0.88)
    predictions.keep(tmp_path, "imdb", opened=True)
    assert predictions.read(tmp_path, "imdb") == Prediction(words="Order matters — 𝛼", number=0.88, opened=True)
    assert predictions.read(tmp_path, "sentences") == Prediction()
    assert Library(tmp_path, tmp_path / "none").runs() == []


@pytest.mark.parametrize("change", [{"words": "x" * (LONGEST + 1)}, {"number": float("inf")}, {"number": "many"}])
def test_what_cannot_be_kept_is_told_and_the_old_one_stays(tmp_path: Path, change: dict[str, object]) -> None:
    before = predictions.keep(tmp_path, "imdb", words="first")
    with pytest.raises(Fault, match=r"at most 2,000 characters"):
        predictions.keep(tmp_path, "imdb", **change)
    assert predictions.read(tmp_path, "imdb") == before


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"number": "inf"}', b"{" * 30_000])
def test_a_damaged_file_counts_as_none_and_is_written_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "imdb.json").write_bytes(content)
    assert predictions.read(tmp_path, "imdb") == Prediction()
    assert predictions.keep(tmp_path, "imdb", words="again").words == "again"
    assert predictions.read(tmp_path, "imdb").words == "again"


def test_a_name_from_outside_reaches_no_other_folder(tmp_path: Path) -> None:
    with pytest.raises(Fault):
        predictions.read(tmp_path, "../imdb")


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file where the folder should be")
    with pytest.raises(Fault, match="cannot be kept"):
        predictions.keep(tmp_path, "imdb", words="lost?")
