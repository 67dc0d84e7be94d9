"""The path of a state in two dimensions, as plain data for ``ui.widgets.trajectory``; fixed axes over all frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import numpy as np
from jaxtyping import Float

from seqlab.reference.fixed_points import Rest
from seqlab.reference.trajectory import Plane

HEIGHT = 560
ROOM = 0.06  # left around everything
FAR = 2.0  # times the picture's size: a resting point further out has no place in it

Places = Float[np.ndarray, "*shape axis"]


@dataclass(frozen=True)
class Colouring:
    """What the colours say: a ``kind`` in no order, or an ``amount`` from ``low`` to ``high``.

    ``path`` has a number for each time, or for each frame and time; ``cloud`` one for each state around it; NaN is
    grey. ``label`` names it.
    """

    label: str
    form: Literal["kind", "amount"]
    path: Float[np.ndarray, "*frame time"]
    cloud: Float[np.ndarray, " state"]
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class RestMark:
    """Where a resting point lies, what it does and what is read at it."""

    x: float
    y: float
    kind: str
    fixed: bool
    text: str


@dataclass(frozen=True)
class Trajectory:
    """A path for each frame in one plane, the states of other inputs around it, and resting points.

    ``low`` and ``high`` are the ends of both axes, in the same unit; ``labels`` name them.
    """

    id: str
    channel: str
    title: str
    note: str
    height: int
    labels: tuple[str, str]
    low: tuple[float, float]
    high: tuple[float, float]
    steps: tuple[int, ...]
    paths: Float[np.ndarray, "frame time axis"]
    cloud: Float[np.ndarray, "state axis"]
    letters: tuple[str, ...]
    says: tuple[tuple[str, ...], ...]
    colouring: Colouring
    rests: tuple[RestMark, ...]


def trajectory(plane: Plane, paths: Float[np.ndarray, "frame time unit"], cloud: Float[np.ndarray, "state unit"], *,
               steps: Sequence[int], letters: Sequence[str], says: Sequence[Sequence[str]], colouring: Colouring,
               rests: Sequence[RestMark] = (), name: str = "h", channel: str = "") -> Trajectory:
    """Place paths and states in a plane; the limits hold all of them, so that no frame moves the axes."""
    lines, around = plane.place(paths).round(4), plane.place(cloud).round(4)
    every = np.concatenate([lines.reshape(-1, 2), around])
    low, high = every.min(0), every.max(0)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-6)
    near = [(mark.x, mark.y) for mark in rests if inside(mark, middle, half)]
    low, high = np.min([low, *near], 0), np.max([high, *near], 0)
    room = ROOM * np.maximum(high - low, 1e-6)
    labels = [f"direction {place + 1}: {share:.0%} of the variance" for place, share in enumerate(plane.shares)]
    missing = len(rests) - len(near)
    note = "" if not missing else f"{missing} resting point{'s' * (missing > 1)} lie{'s' * (missing == 1)} far outside."
    code = sha256(lines.tobytes() + colouring.path.tobytes() + repr((letters, rests, name)).encode()).hexdigest()[:16]
    return Trajectory(code, channel, f"The path of {name}", note, HEIGHT, (labels[0], labels[1]),
                      _pair(low - room), _pair(high + room), tuple(steps), lines, around, tuple(letters),
                      tuple(map(tuple, says)), colouring,
                      tuple(mark for mark in rests if inside(mark, middle, half)))


def inside(mark: RestMark, middle: Float[np.ndarray, " axis"], half: Float[np.ndarray, " axis"]) -> bool:
    """Whether a resting point has a place in a picture."""
    return bool((np.abs(np.array([mark.x, mark.y]) - middle) <= FAR * half.max()).all())


def rest_mark(rest: Rest, place: Float[np.ndarray, " axis"]) -> RestMark:
    """Say what a resting point does, at its place in a plane."""
    speed = "does not move" if rest.fixed else f"slow: moves by {rest.speed:.1e} a step".replace("e-0", "e-")
    turns = np.abs(rest.eigenvalues[0].imag) > 1e-6
    first = f"largest eigenvalue {abs(rest.eigenvalues[0]):.3g}" + (", turning" if turns else "")
    lasts = "a push lasts for ever" if np.isinf(rest.lasts) else f"a push fades in {rest.lasts:.3g} steps"
    doing = {"attracts": "attracts", "repels": "repels",
             "saddle": f"saddle, unstable in {rest.unstable} of {len(rest.eigenvalues)} directions"}[rest.kind]
    return RestMark(float(place[0]), float(place[1]), rest.kind, rest.fixed, f"{doing}; {speed}; {first}; {lasts}")


def _pair(values: Float[np.ndarray, " axis"]) -> tuple[float, float]:
    return float(values[0]), float(values[1])
