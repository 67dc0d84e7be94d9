import time

import pytest

from tests.benchmarks.__main__ import main, names
from tests.benchmarks.table import Row, interleaved, show


@pytest.mark.parametrize(("figure", "better", "met"), [
    (1.1, "at most", True), (1.2, "at most", True), (1.3, "at most", False), (1.3, "at least", True),
    (1.1, "at least", False), (float("nan"), "at most", False), (float("nan"), "at least", False)])
def test_a_target_is_met_or_missed(figure: float, better: str, met: bool) -> None:
    assert Row("x", figure, 1.2, better).met is met


def test_a_row_without_a_target_is_for_information() -> None:
    assert Row("x", float("inf")).met


def test_the_table_says_which_target_was_missed(capsys: pytest.CaptureFixture) -> None:
    assert not show([Row("fast enough", 1.0, 1.2, unit="×"), Row("too slow", 2.0, 1.2, unit="×", note="why")])
    first, second = capsys.readouterr().out.splitlines()[1:]
    assert first.split() == ["fast", "enough", "1", "×", "at", "most", "1.2", "×", "met"]
    assert second.endswith("MISSED  why")


def test_a_ratio_is_ours_over_theirs() -> None:
    ours, theirs, ratio = interleaved(lambda: time.sleep(0.02), lambda: time.sleep(0.005), rounds=5)
    assert ours > theirs
    assert 1.5 < ratio < 5


def test_the_benchmarks_are_found() -> None:
    assert {"agreement", "trace", "training"} <= set(names())
    assert "table" not in names()


def test_an_unknown_benchmark_is_said(capsys: pytest.CaptureFixture) -> None:
    assert main(["dance"]) == 2
    assert "no benchmark called dance" in capsys.readouterr().err
