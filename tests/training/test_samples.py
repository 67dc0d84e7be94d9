"""What a network wrote is kept beside its metrics, goes on with the run, and comes back from a download."""

from pathlib import Path

import pytest

from seqlab.training import samples
from seqlab.training.config import RunConfig
from seqlab.training.fork import fork
from seqlab.training.library import Library
from seqlab.training.run import create
from seqlab.training.samples import Sample
from seqlab.training.session import train


def test_what_was_written_can_be_read(tmp_path: Path) -> None:
    assert samples.read(tmp_path) == {}
    samples.append(tmp_path, 10, [("()", None), ("(", 1)])
    first = samples.read(tmp_path)
    assert first == {10: (Sample("()", None), Sample("(", 1))}
    assert [sample.valid for sample in first[10]] == [True, False]
    assert samples.read(tmp_path) is first
    samples.append(tmp_path, 20, [("<b>", 0)])
    with (tmp_path / samples.FILE).open("a") as file:
        file.write('{"step": 30, "sam')
    assert list(samples.read(tmp_path)) == [10, 20]


def test_rewind_drops_what_came_later(tmp_path: Path) -> None:
    for step in (10, 20, 30):
        samples.append(tmp_path, step, [(str(step), None)])
    samples.rewind(tmp_path / samples.FILE, 20)
    assert list(samples.read(tmp_path)) == [10, 20]
    samples.rewind(tmp_path / "none.jsonl", 20)


@pytest.mark.parametrize("line", [b"", b"[]", b'{"step": 1}', b'{"step": -1, "samples": []}',
                                  b'{"step": true, "samples": []}', b'{"step": 1, "samples": [["a"]]}',
                                  b'{"step": 1, "samples": [["a", -1]]}', b'{"step": 1, "samples": [[1, 1]]}',
                                  b'{"step": 1, "samples": [], "more": 1}', b"\xff"])
def test_a_line_that_is_none_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        samples.parse(line)


def test_a_run_keeps_them_and_so_do_its_fork_and_its_download(tmp_path: Path) -> None:
    config = RunConfig(task={"name": "grammar", "grammar": "brackets", "strings": 200}, steps=6, evaluate_every=2,
                       network={"model": "gru", "hidden": 4}, batch=8, device="cpu")
    run = create(tmp_path / "runs", config)
    assert train(run.path).valid is not None
    found = run.samples()
    assert list(found) == [2, 4, 6]
    assert all(len(part) == 10 for part in found.values())
    assert list(fork(run, tmp_path / "runs", run.snapshots()[4]).samples()) == [2, 4]
    shelf = Library(tmp_path / "runs", tmp_path / "shipped")
    assert shelf.import_zip(shelf.export_zip(run)).samples() == found
