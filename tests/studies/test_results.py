"""A result is stored, read back, and dated; nothing of the machine's folders or names goes into it."""

import getpass
import json
import math
import socket
from pathlib import Path

import pytest

from seqlab.errors import Fault
from seqlab.studies import Study, results
from seqlab.studies.results import Measured, MeasuredCurve
from seqlab.training.library import RESULTS, Library

MEASURED = Measured({"perplexity": 6.4, "diverged": math.nan, "norm": math.inf},
                    {"loss": MeasuredCurve(x=(1, 2), y=(3, 4))}, {"5": "time traveller"})


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    result = results.keep(tmp_path / "runs", results.result_of("time-machine-5", MEASURED, {"chapter": "a-run"}, 12.5))
    stored = results.find("time-machine-5", tmp_path / "runs", tmp_path / "shipped")
    assert stored is not None
    assert stored == results.StoredResult(result, "own")
    assert stored.result.figures == {"perplexity": 6.4}  # no JSON of NaN and infinity
    assert stored.result.lines["loss"].y == (3, 4)
    assert (stored.result.texts["5"], stored.result.runs, stored.result.seconds) == ("time traveller",
                                                                                 {"chapter": "a-run"}, 12.5)


def test_own_results_come_before_shipped_ones(tmp_path: Path) -> None:
    own, shipped = tmp_path / "runs", tmp_path / "checkpoints"
    assert results.find("hello", own, shipped) is None
    results.keep(shipped, results.result_of("hello", Measured({"loss": 1.0})))
    first = results.find("hello", own, shipped)
    results.keep(own, results.result_of("hello", Measured({"loss": 2.0})))
    second = results.find("hello", own, shipped)
    assert first is not None
    assert second is not None
    assert (first.origin, first.result.figures) == ("shipped", {"loss": 1.0})
    assert (second.origin, second.result.figures) == ("own", {"loss": 2.0})


def test_it_says_when_and_on_what_without_names_or_folders(tmp_path: Path) -> None:
    results.keep(tmp_path, results.result_of("hello", MEASURED))
    text = (tmp_path / RESULTS / "hello.json").read_text()
    content = json.loads(text)
    assert {"seqlab", "torch", "numpy", "python"} == set(content["versions"])
    assert "cores" in content["machine"]
    assert socket.gethostname() not in text
    assert str(Path.home()) not in text
    assert getpass.getuser() not in content["machine"]
    assert results.Result(study="x", figures={}, when=1_795_350_000).day == "22 November 2026"


def test_a_result_measured_anew_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    for loss in (1.0, 2.0):
        results.keep(tmp_path, results.result_of("hello", Measured({"loss": loss})))
        stored = results.find("hello", tmp_path, tmp_path)
        assert stored is not None
        assert stored.result.figures == {"loss": loss}
    assert [file.name for file in (tmp_path / RESULTS).iterdir()] == ["hello.json"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"study": "hello"}', b'{"study": "hello", "figures": {"a": "b"}}'])
def test_a_damaged_one_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / RESULTS).mkdir()
    (tmp_path / RESULTS / "hello.json").write_bytes(content)
    with pytest.raises(Fault, match=r"The result hello is damaged; measure it again\."):
        results.find("hello", tmp_path, tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(Fault, match="The result cannot be written"):
        results.keep(tmp_path / "runs", results.result_of("hello", MEASURED))


def test_results_are_no_runs(tmp_path: Path) -> None:
    results.keep(tmp_path, results.result_of("hello", MEASURED))
    library = Library(tmp_path, tmp_path / "none")
    assert library.runs() == []
    assert library.broken() == []


def test_what_a_study_measures_is_kept_for_it_unless_it_does_so_itself(tmp_path: Path) -> None:
    for keeps in (False, True):
        name = f"keeps-{keeps}".lower()
        study = Study(name, "One", "nowhere", (), lambda report, runs: {"loss": 0.5}, keeps=keeps)
        assert results.of(study, print, tmp_path) == {"loss": 0.5}
        assert (results.find(name, tmp_path, tmp_path) is None) is keeps
