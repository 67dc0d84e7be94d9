"""The path alone: a spiral that opens as a network learns, among other states, with a point that attracts."""

import numpy as np

from seqlab.figures.trajectory import Colouring, RestMark, Trajectory, trajectory
from seqlab.reference.trajectory import Plane
from seqlab.ui.widgets.trajectory import trajectory as draw

TIME, FRAMES = 24, 5


def picture() -> Trajectory:
    """Sample data."""
    t, rng = np.arange(TIME), np.random.default_rng(0)
    turn = np.stack([np.cos(t / 3), np.sin(t / 3), 0 * t], -1) * np.exp(-t / 20)[:, None]
    paths = np.linspace(0.2, 1, FRAMES)[:, None, None] * turn
    cloud = rng.normal(size=(150, 3)) * [0.7, 0.6, 0.02]
    colouring = Colouring("time", "amount", t.astype(float), rng.uniform(0, TIME, 150), 0.0, TIME - 1.0)
    return trajectory(Plane.of(cloud), paths, cloud, steps=[100 * frame for frame in range(FRAMES)],
                      letters=["abcdefgh"[k % 8] for k in t], says=[["x"] * TIME] * FRAMES, colouring=colouring,
                      rests=[RestMark(0.0, 0.0, "attracts", True, "attracts; does not move")], channel="sample")


if __name__ == "__main__":
    draw(picture(), key="sample")
