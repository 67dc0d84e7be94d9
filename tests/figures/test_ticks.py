"""The parts of the quiet chart that compute: ticks, and how many digits are sent."""

import numpy as np
import pytest

from seqlab.figures.plot import digits, powers, steps


@pytest.mark.parametrize("time", [1, 2, 7, 60, 128, 5000])
def test_a_time_axis_has_a_handful_of_round_ticks(time: int) -> None:
    places = [place for place, _ in steps(time)]
    assert places[0] == 0
    assert places[-1] < time
    assert len(places) <= 6


def test_powers_run_down_from_the_highest() -> None:
    assert [text for _, text in powers(-7, 0, 3)] == ["1", "1e−3", "1e−6"]


def test_three_digits_are_kept_and_0_and_the_sign_too() -> None:
    given = np.array([[0.0, -1.23456e-300], [12345.0, np.inf]])
    np.testing.assert_allclose(digits(given), [[0, -1.23e-300], [12300, np.inf]])
    assert digits(given)[0, 0] == 0
