"""Pictures of paths and horizons: fixed axes, and what lies outside them."""

import numpy as np
import pytest

from seqlab.figures.horizon import fades, fading, horizon
from seqlab.figures.trajectory import Colouring, RestMark, trajectory
from seqlab.reference.trajectory import Plane

RNG = np.random.default_rng(0)
CLOUD = RNG.normal(size=(50, 4))
COLOURS = Colouring("time", "amount", np.arange(6.0), np.zeros(50))


def test_limits_hold_every_frame_and_near_resting_points_and_say_that_others_are_far() -> None:
    plane, lines = Plane.of(CLOUD), RNG.normal(size=(3, 6, 4)) * np.array([1, 2, 5])[:, None, None]
    rests = [RestMark(x, 0.0, "attracts", True, "") for x in (12.0, 400.0)]
    drawn = trajectory(plane, lines, CLOUD, steps=[0, 1, 2], letters="abcdef", says=["abcdef"] * 3, colouring=COLOURS,
                       rests=rests)
    low, high = np.array(drawn.low), np.array(drawn.high)
    for every in (drawn.paths.reshape(-1, 2), drawn.cloud, np.array([[mark.x, mark.y] for mark in drawn.rests])):
        assert (every > low).all()
        assert (every < high).all()
    assert len(drawn.rests) == 1
    assert drawn.note == "1 resting point lies far outside."
    again = trajectory(plane, lines, CLOUD, steps=[0, 1, 2], letters="abcdef", says=["abcdef"] * 3, colouring=COLOURS)
    assert again.id != drawn.id


@pytest.mark.parametrize("rate", [0.5, 1.0, 1.5])
def test_a_horizon_says_whether_a_gradient_fades_stays_or_grows(rate: float) -> None:
    lengths = rate ** np.arange(10)
    verb = {0.5: "fades", 1.0: "stays", 1.5: "grows"}[rate]
    assert f"{verb} by a factor of **{rate:.3g}** a step" in fades("h.0", lengths, False)
    drawn = horizon({"x": lengths, "h.0": lengths}, np.array([1, 2, 10]), np.array([3.0, 2.0, 1.0]), lengths, "letter")
    assert [len(panel.rules) for panel in drawn.panels] == [0, int(rate < 1), 0]
    assert drawn.panels[1].y.high == (10 if rate < 1.5 else 100)
    assert drawn.panels[0].y.high == 5
    assert drawn.panels[2].y.high == (1 if rate < 1.5 else 50), "1.5 ** 9 is 38"
    over = fading([lengths, lengths * 0], [0, 100], "h.0", False).panels[0].map
    assert over is not None
    assert over.values[1].tolist() == [-9] * 10
    assert (over.low, over.high) == (-9, 1)
