import json
import os
from pathlib import Path

import numpy as np
import pytest

from seqlab.training import metrics

FIGURES = ("step", "seconds", "loss", "accuracy", "grad_norm", "lr", "tokens_per_s")


def line(step: int, **changes: object) -> str:
    row = dict.fromkeys(FIGURES, 0.5) | {"step": step} | changes
    return json.dumps(row) + "\n"


def test_reads_on_and_leaves_out_a_torn_last_line(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    reader = metrics.Reader(path)
    assert reader.read()["step"].shape == (0,)
    path.write_text(line(1) + line(2, evaluation=0.25) + line(3)[:20])
    table = reader.read()
    assert table["step"].tolist() == [1, 2]
    assert np.isnan(table["evaluation"][0])
    assert table["evaluation"][1] == 0.25
    with path.open("a") as file:
        file.write(line(3)[20:])
    assert reader.read()["step"].tolist() == [1, 2, 3]


def test_the_same_table_comes_back_while_nothing_is_new(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text(line(1))
    reader = metrics.Reader(path)
    table = reader.read()
    assert reader.read() is table
    with pytest.raises(ValueError, match="read-only"):
        table["loss"][0] = 1


def test_a_replaced_file_is_read_from_its_start(tmp_path: Path) -> None:
    path, other = tmp_path / "metrics.jsonl", tmp_path / "other"
    path.write_text(line(1) + line(2) + line(3))
    reader = metrics.Reader(path)
    reader.read()
    other.write_text(line(1) + line(7) + line(8) + line(9))
    os.replace(other, path)
    assert reader.read()["step"].tolist() == [1, 7, 8, 9]
    path.unlink()
    assert reader.read()["step"].size == 0


@pytest.mark.parametrize("bad", ["[1]\n", "{}\n", "null\n", "\xff\n", '{"step": "a"}\n', line(2, extra=1),
                                 line(2, loss=True), line(2, other=[1]), line(2, other={"loss": 1.0}),
                                 line(2, other={"a b": 1.0}), line(2, other={"x": "1"}),
                                 line(2, other={f"x{count}": 1.0 for count in range(17)})])
def test_a_line_that_says_nothing_is_left_out(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text(line(1) + bad + line(3), encoding="latin-1")
    assert metrics.Reader(path).read()["step"].tolist() == [1, 3]


def test_what_a_line_lacks_is_a_gap_and_what_only_one_loop_knows_is_a_column_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "seconds": 0.5, "loss": 2.0}\n{"step": 2, "seconds": 1, "other": {"val/f1": 0.75}}\n')
    table = metrics.Reader(path).read()
    assert list(table) == [*metrics.COLUMNS, "val/f1"]
    np.testing.assert_array_equal(table["loss"], [2.0, np.nan])
    np.testing.assert_array_equal(table["val/f1"], [np.nan, 0.75])


def test_rewind_drops_what_came_later(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text(line(1) + line(5) + line(9) + '{"ste')
    metrics.rewind(path, 5)
    assert path.read_text() == line(1) + line(5)
