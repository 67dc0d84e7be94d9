"""Where a recurrent network would rest: states that one more step of the same input does not change, or hardly.

They and what lies around them say what a network can hold for ever, what it forgets, and where it turns.
Source: Sussillo and Barak 2013, "Opening the black box: low-dimensional dynamics in high-dimensional recurrent
neural networks".
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Complex, Float

from seqlab.reference.cells import Cell
from seqlab.reference.weights import Weights

STEPS = 600  # of the search from each start
REFINED, WORK = 12, 3_000_000  # steps that refine it, and numbers of Jacobians that they may take together
MOST = 12  # points of one input
AT_REST = 1e-9  # |F(s) - s| of a fixed point, at most
SLOW = 0.1  # times the usual speed of the starts: below it a point is slow
NEUTRAL = 1e-6  # how far from 1 the size of an eigenvalue may be that neither grows nor shrinks a push
SAME = 1e-3  # two points nearer to each other than this, times √units, are one

Points = Float[np.ndarray, "point unit"]


@dataclass(frozen=True)
class Rest:
    """A state s near which an input, held for ever, moves little: a fixed point, or a slow one.

    ``speed`` is |F(s) - s|; ``eigenvalues`` of the Jacobian dF/ds, the largest first: a small push along the vector of
    one of them is multiplied by it at each step.
    """

    state: Float[np.ndarray, " unit"]
    speed: float
    eigenvalues: Complex[np.ndarray, " unit"]

    @property
    def fixed(self) -> bool:
        """Whether it does not move at all, to rounding."""
        return self.speed <= AT_REST

    @property
    def unstable(self) -> int:
        """In how many directions a small push grows."""
        return int((np.abs(self.eigenvalues) > 1 + NEUTRAL).sum())

    @property
    def kind(self) -> str:
        """What it does to the states around it: ``attracts``, ``repels``, or a ``saddle``, which does both."""
        return {0: "attracts", len(self.eigenvalues): "repels"}.get(self.unstable, "saddle")

    @property
    def lasts(self) -> float:
        """After how many steps the push that lasts longest, of those that do not grow, has shrunk to 1/e: -1 / ln|λ|.

        Infinite where one neither grows nor shrinks, 0 where all grow.
        """
        sizes = np.abs(self.eigenvalues)
        longest = sizes[sizes <= 1 + NEUTRAL].max(initial=0.0)
        return float("inf") if longest >= 1 - NEUTRAL else float(-1 / np.log(longest)) if longest > 0 else 0.0


@dataclass(frozen=True)
class HeldInput:
    """A stack of recurrent layers whose input x is the same at every time; a state is all of its arrays in a row."""

    cell: Cell
    x: Float[np.ndarray, " input"]
    weights: Weights

    def flat(self, state: tuple[Float[np.ndarray, "layer batch hidden"], ...]) -> Points:
        """Put the arrays of states into one row each: every key of the state, in it every layer."""
        return np.concatenate([part for key in state for part in key], axis=-1)

    def parts(self, states: Points) -> tuple[Float[np.ndarray, "layer batch hidden"], ...]:
        """Take rows apart again."""
        layers, hidden = self.cell.parts.sizes(self.weights, "core.")
        keys = states.reshape(len(states), len(self.cell.state), layers, hidden)
        return tuple(np.ascontiguousarray(keys[:, key].swapaxes(0, 1)) for key in range(keys.shape[1]))

    def visited(self, values: Weights) -> Points:
        """Take the states out of a trace, those of every sequence and time."""
        layers, hidden = self.cell.parts.sizes(self.weights, "core.")
        names = [f"{key}.{layer}" for key in self.cell.state for layer in range(layers)]
        return np.concatenate([values[name].reshape(-1, hidden) for name in names], axis=-1)

    def step(self, states: Points) -> Points:
        """F(s): the states one step later."""
        return self.visited(self._pass(states))

    def jacobian(self, states: Points) -> Float[np.ndarray, "point unit unit"]:
        """dF/ds at each state, row after row, by the reference's own way back.

        Each row is dL/ds of a loss that is one unit of F(s), so every state is taken as often as it has units.
        Agrees with torch's autograd to 1e-10 in float64 (tests/lenses/test_rest.py).
        """
        points, units = states.shape
        many = np.repeat(states, units, axis=0)
        one = np.tile(np.eye(units, dtype=states.dtype), (points, 1))
        return self.pulled_back(many, lambda after: one)[1].reshape(points, units, units)

    def pulled_back(self, states: Points, above: Callable[[Points], Points]) -> tuple[Points, Points]:
        """Give F(s), and (dF/ds)ᵀ v for a v of each that is made from F(s)."""
        values = self._pass(states)
        after = self.visited(values)
        nothing = np.zeros_like(values[list(values)[-1]])
        answer = self.cell.backward(values["x"], self.weights, values, nothing, state=self.parts(states),
                                    after=self.parts(above(after)))
        return after, self.flat(answer.state)

    def _pass(self, states: Points) -> Weights:
        x = np.broadcast_to(self.x.astype(states.dtype), (len(states), 1, len(self.x)))
        return {"x": x, **self.cell.run(x, self.weights, state=self.parts(states))}


def rests(held: HeldInput, starts: Points) -> list[Rest]:
    """Search from each start for a state that does not move, and say what it does to those around it.

    Minimises |F(s) - s|² from each start, then refines what was reached; a minimum above 0 is a slow point, and what
    ends at one place is one point. By speed, fixed points first; a minimum that is not slow beside the usual speed of
    the starts is left out, and so are all but the ``MOST`` slowest.
    """
    starts = starts.astype(np.float64)
    usual = float(np.median(np.linalg.norm(held.step(starts) - starts, axis=1)))
    points, speeds = _slowest(held, _descended(held, starts), usual)
    if not len(points):
        return []
    points, speeds = _slowest(held, _refined(held, points), usual)
    eigenvalues = np.linalg.eigvals(held.jacobian(points)).astype(np.complex128)
    return [Rest(point, float(speed), values[np.argsort(-np.abs(values), kind="stable")])
            for point, speed, values in zip(points, speeds, eigenvalues, strict=True)]


def _descended(held: HeldInput, starts: Points) -> Points:
    """Minimise ½ Σ |F(s) - s|² over all starts by L-BFGS; one way back gives (dF/ds - 1)ᵀ (F(s) - s) of each."""
    from scipy.optimize import minimize  # pages that search for nothing start without it

    def half_squares(row: Float[np.ndarray, " number"]) -> tuple[float, Float[np.ndarray, " number"]]:
        states = row.reshape(starts.shape)
        after, back = held.pulled_back(states, lambda after: after - states)
        move = after - states
        return 0.5 * float((move * move).sum()), (back - move).ravel()

    options = {"maxiter": STEPS, "maxcor": 20, "ftol": 0.0, "gtol": 1e-9}
    return np.asarray(minimize(half_squares, starts.ravel(), jac=True, method="L-BFGS-B", options=options).x
                      ).reshape(starts.shape)


def _slowest(held: HeldInput, points: Points,
             usual: float) -> tuple[Float[np.ndarray, "slowest unit"], Float[np.ndarray, " slowest"]]:
    """Take one of those that are in one place, the slowest first; returns them and their |F(s) - s|."""
    speeds = np.linalg.norm(held.step(points) - points, axis=1)
    limit, chosen = SAME * points.shape[1] ** 0.5, list[int]()
    for place in np.argsort(speeds, kind="stable").tolist():
        slow = speeds[place] <= max(AT_REST, SLOW * usual)
        if slow and all(np.linalg.norm(points[place] - points[other]) > limit for other in chosen):
            chosen.append(place)
    slowest = np.array(chosen[:MOST], int)
    return points[slowest], speeds[slowest]


def _refined(held: HeldInput, points: Points) -> Points:
    """Take a few steps of Levenberg and Marquardt, of which each about squares how far a fixed point still is.

    (AᵀA + μ 1) d = -Aᵀ r, with r = F(s) - s and A = dF/ds - 1; μ shrinks after a step that goes down, else it grows.
    """
    points, damping, unit = points.copy(), np.full(len(points), 1e-6), np.eye(points.shape[1])
    for _ in range(max(1, min(REFINED, WORK // (len(points) * points.shape[1] ** 2)))):
        moves, slopes = held.step(points) - points, held.jacobian(points) - unit
        down = slopes.swapaxes(1, 2)
        change = np.linalg.solve(down @ slopes + damping[:, None, None] * unit, down @ moves[:, :, None])[..., 0]
        tried = points - change
        better = np.linalg.norm(held.step(tried) - tried, axis=1) < np.linalg.norm(moves, axis=1)
        points[better] = tried[better]
        damping *= np.where(better, 0.1, 10.0)
    return points
