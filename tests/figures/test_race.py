"""A race: when each was right, and the curves over one another."""

from dataclasses import replace

import numpy as np
import pytest

from seqlab.figures.race import Lane, curves

NAN = np.nan
LANE = Lane("GRU", np.array([10, 20, 30, 40]), np.array([1.0, 2.0, 3.5, 4.0]), np.array([NAN, 0.5, 0.99, 0.4]))


def test_the_goal_is_reached_at_the_first_evaluation_that_is_so_high() -> None:
    assert LANE.reached() == (3.5, 30)
    assert LANE.reached(0.995) is None
    nothing = np.zeros(0)
    assert Lane("empty", nothing, nothing, nothing).reached() is None


def test_a_curve_begins_with_the_first_batch_until_and_after_it_is_evaluated() -> None:
    batch = np.array([0.03, 0.4, 0.9, 0.6])
    assert replace(LANE, batch=batch).drawn.accuracy.tolist() == [0.03, 0.5, 0.99, 0.4]
    alone = Lane("GRU", np.array([1]), np.array([0.01]), np.array([NAN]), batch[:1])
    assert (alone.drawn.steps.tolist(), alone.drawn.accuracy.tolist()) == ([1], [0.03])
    assert not len(alone.evaluated.accuracy)
    assert [len(one.x) for one in curves([alone], seconds=False, last=100.0).panels[0].series] == [1]
    nothing = np.zeros(0)
    assert not len(Lane("waits", nothing, nothing, nothing, nothing).drawn.steps)


@pytest.mark.parametrize(("seconds", "last", "end"), [(True, 1.0, 4.0), (False, 100.0, 100.0), (False, 0.3, 40.0)])
def test_curves_lie_over_one_another_on_fixed_scales(seconds: bool, last: float, end: float) -> None:
    nothing = np.zeros(0)
    (panel,) = curves([LANE, Lane("waits", nothing, nothing, nothing)], seconds=seconds, last=last).panels
    assert (panel.y.low, panel.y.high, panel.x.high) == (0, 1, end)
    first, second = panel.series
    np.testing.assert_array_equal(first.x, [2.0, 3.5, 4.0] if seconds else [20, 30, 40])
    assert first.colour != second.colour
    assert first.dash != second.dash
    assert 3 <= len(panel.x.ticks) <= 6
    assert panel.x.ticks[-1][0] <= end
