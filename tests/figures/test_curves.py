import numpy as np
import pytest

from seqlab.figures.curves import COLUMNS, accuracy_by_delay, accuracy_by_length, compare

themes = pytest.mark.parametrize("dark", [False, True])


@themes
def test_accuracy_by_delay_draws_what_it_was_given(dark: bool) -> None:
    delays, accuracy = np.arange(5), np.array([1, 0.9, 0.8, 0.5, 0.04])
    figure = accuracy_by_delay(delays, accuracy, 1 / 26, range(3), dark=dark)
    np.testing.assert_array_equal(figure.data[0].x, delays)
    np.testing.assert_array_equal(figure.data[0].y, accuracy)
    line, = (shape for shape in figure.layout.shapes if shape.type == "line")
    band, = (shape for shape in figure.layout.shapes if shape.type == "rect")
    assert line.y0 == line.y1 == 1 / 26
    assert (band.x0, band.x1) == (-0.5, 2.5)
    assert any("chance 3.8%" in note.text for note in figure.layout.annotations)


@themes
def test_accuracy_by_length_shades_up_to_the_trained_length(dark: bool) -> None:
    lengths, accuracy = np.array([5, 20, 60]), np.array([1, 0.99, 0.6])
    figure = accuracy_by_length(lengths, accuracy, 1 / 26, 20, dark=dark)
    np.testing.assert_array_equal(figure.data[0].x, lengths)
    np.testing.assert_array_equal(figure.data[0].y, accuracy)
    band, = (shape for shape in figure.layout.shapes if shape.type == "rect")
    assert (band.x0, band.x1) == (0, 20)


@pytest.mark.parametrize("log", [False, True])
def test_compare_lays_runs_over_each_other_and_leaves_gaps_out(log: bool) -> None:
    runs = {"a": {"step": np.arange(3), "loss": np.array([3.0, np.nan, 1.0])},
            "b": {"step": np.arange(2), "loss": np.array([2.0, 0.5])}}
    figure = compare(runs, "loss", log)
    assert [curve.name for curve in figure.data] == ["a", "b"]
    np.testing.assert_array_equal(figure.data[0].x, [0, 2])
    np.testing.assert_array_equal(figure.data[0].y, [3, 1])
    assert figure.layout.yaxis.type == ("log" if log else None)


def test_compare_tells_many_runs_apart() -> None:
    runs = {str(k): {"step": np.arange(2), "loss": np.ones(2)} for k in range(12)}
    looks = {(curve.line.color, curve.line.dash) for curve in compare(runs, "loss").data}
    assert len(looks) == 12


def test_compare_takes_no_runs_and_refuses_an_unknown_column() -> None:
    for column in COLUMNS:
        assert len(compare({}, column, log=True).data) == 0
    with pytest.raises(KeyError):
        compare({}, "mood")
