"""Is this normal? A run's curves against the bands of its recipe, and which of the causes that were tried is nearest.

All of it is NumPy. What lies between two publications is compared with the bands over just those updates.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from seqlab.training.bands import COLUMNS, Band, Bands, Columns
from seqlab.training.config import RunConfig

# What was tried, in the words of the sentence that names it.
CAUSES: Mapping[str, str] = {
    "rate-high": "the learning rate is ten times too large",
    "rate-low": "the learning rate is ten times too small",
    "no-clip": "the gradient is not clipped",
    "small-start": "the weights start ten times too small",
    "few-units": "there are too few units",
    "shuffled": "inputs and targets were shuffled apart",
    "blanks": "the loss counts what only fills a batch up",
    "softmax-twice": "the softmax is taken twice, in the network and in the loss",
}
# The verb as it is while a run lies on its band's steps, and as it is once the run has gone on beyond them.
_OUTSIDE = {
    ("loss", "above"): ("The loss {} above what nine of ten runs reach by step {}", "stays", "stayed"),
    ("loss", "below"): ("The loss {} below that of nine of ten runs at step {}", "lies", "lay"),
    ("accuracy", "above"): ("The accuracy {} above that of nine of ten runs at step {}", "lies", "lay"),
    ("accuracy", "below"): ("The accuracy {} below what nine of ten runs reach by step {}", "stays", "stayed"),
    ("grad_norm", "above"): ("The gradient {} longer than in nine of ten runs at step {}", "is", "was"),
    ("grad_norm", "below"): ("The gradient {} shorter than in nine of ten runs at step {}", "is", "was"),
}
MOST = 25  # stretches that a band is cut into: shorter ones would tell of noise
EARLIEST = 1 / 3  # of a band's steps: nothing is said before
DECILE = 1.2816  # standard deviations from the median of a normal distribution to its first or last tenth
LEAST = {"loss": 0.05, "accuracy": 0.15, "grad_norm": 0.15}  # standard deviations, in the units that are compared
WIDEST, SURPRISE = 8.0, 8.0  # the most that one stretch can say: standard deviations, and nats
CLEAR, FACTOR = 1.0, 1.3  # nats a number that a cause must explain better; of the most by which it does in sound runs
NEAR = 2.5  # standard deviations, in the mean: a run that lies farther from a cause is not of its kind

Curves = Mapping[str, Float[np.ndarray, " row"]]
Side = Literal["above", "below"]


@dataclass(frozen=True)
class Finding:
    """A run outside of its band: at which step, by which column and on which side, and the likely cause.

    ``past``: the run has gone on since then beyond the last step of its band.
    """

    step: int
    column: str
    side: Side
    cause: str
    past: bool = False

    @property
    def sentence(self) -> str:
        """What a person reads."""
        words, *verbs = _OUTSIDE[self.column, self.side]
        where = words.format(verbs[self.past], f"{self.step:,}")
        return f"{where}{', where its band ends' if self.past else ''}; probably {CAUSES[self.cause]}."


@dataclass(frozen=True)
class Stretches:
    """A run's curves as means over stretches of updates, between ``edges``; ``curves`` has a number for each."""

    edges: Float[np.ndarray, " edge"]
    curves: Curves

    def first(self, count: int) -> "Stretches":
        """Only so many, from the beginning."""
        return Stretches(self.edges[:count + 1], {name: values[:count] for name, values in self.curves.items()})


def stretches(curves: Curves, band: Band) -> Stretches:
    """Cut a run's curves into stretches that begin and end where it published, up to the last step of a band.

    Each row of ``curves`` is a mean over the updates since the row before; rows with gaps are left out.
    """
    known = np.logical_and.reduce([np.isfinite(curves[name]) for name in COLUMNS]) & (curves["step"] <= band.steps[-1])
    steps = curves["step"][known]
    least, edges = band.steps[-1] / MOST, [0.0]
    for step in steps:
        if step - edges[-1] >= least * 0.999:
            edges.append(float(step))
    own, at = np.array([0.0, *steps]), np.array(edges)
    sums = {name: np.cumsum([0.0, *curves[name][known] * np.diff(own)]) for name in COLUMNS}
    return Stretches(at, {name: np.diff(np.interp(at, own, part)) / np.diff(at) for name, part in sums.items()})


def deviations(run: Stretches, columns: Columns) -> tuple[Float[np.ndarray, "column stretch"],
                                                         Float[np.ndarray, "column stretch"]]:
    """How many standard deviations each stretch lies above the median of some runs, and how wide one is."""
    lines = {name: _straight(name, columns[name].over(run.edges)) for name in COLUMNS}
    wide = np.stack([np.maximum((high - low) / (2 * DECILE), LEAST[name]) for name, (low, _, high) in lines.items()])
    middle = np.stack([line[1] for line in lines.values()])
    own = np.stack([_straight(name, run.curves[name]) for name in COLUMNS])
    return (own - middle) / wide, wide


def _straight(name: str, values: np.ndarray) -> np.ndarray:
    """Numbers whose differences mean the same everywhere: logarithms, and log odds of a share."""
    if name != "accuracy":
        return np.asarray(np.log(np.maximum(values, 1e-6)))
    inside = np.clip(values, 0.003, 0.997)
    return np.asarray(np.log(inside / (1 - inside)))


def distance(run: Stretches, columns: Columns) -> float:
    """How far a run lies from some others: in the mean, in standard deviations (of sound runs some 0.8)."""
    return float(np.minimum(np.abs(deviations(run, columns)[0]), WIDEST).mean())


def surprise(run: Stretches, columns: Columns) -> float:
    """Nats a number of a run, were it one of the others: −log of a normal density, but for a constant."""
    away, wide = deviations(run, columns)
    return float((np.minimum(away**2 / 2, SURPRISE) + np.log(wide)).mean())


def advantages(run: Stretches, bands: Bands) -> dict[str, float]:
    """By how many nats a number each cause that is near explains a run better than chance does; its name → that."""
    found = {}
    for cause, tried in bands.causes.items():
        part = _reached(run, tried.columns, bands)
        if part is not None and distance(part, tried.columns) <= NEAR:
            found[cause] = surprise(part, bands.columns) - surprise(part, tried.columns)
    return found


def _reached(run: Stretches, columns: Columns, bands: Bands) -> Stretches | None:
    """The stretches of a run that runs with a cause reached too; None where those are too few."""
    if not columns:
        return None
    last = columns["loss"].steps[-1]
    part = run.first(int((run.edges <= last).sum()) - 1)
    return part if part.edges[-1] >= EARLIEST * min(last, bands.columns["loss"].steps[-1]) else None


def ruled_out(config: RunConfig, recipe: RunConfig, lr: float | None = None) -> frozenset[str]:
    """Causes that a run cannot have, for it is set as its recipe is, or the other way; ``lr`` is the rate in force."""
    own, usual, rate = config.network, recipe.network, lr or config.optimiser.lr
    there = {"rate-high": rate > recipe.optimiser.lr, "rate-low": rate < recipe.optimiser.lr,
             "no-clip": config.optimiser.clip is None, "few-units": own.hidden < usual.hidden,
             "small-start": (own.initialisation, own.spread) != (usual.initialisation, usual.spread)}
    return frozenset(cause for cause, possible in there.items() if not possible)


def diagnose(curves: Curves, bands: Bands, without: Collection[str] = ()) -> Finding | None:
    """Find out whether a run lies outside of its band, and the likely cause; None where neither is to be said.

    It is silent at the beginning, where the run lies on its band, and where no cause that was tried explains it better
    by more than chance can. Causes ``without`` which it must be are not named.
    """
    run = stretches(curves, bands.columns["loss"])
    where = _outside(run, bands)
    if where is None:
        return None
    found = {cause: nats for cause, nats in advantages(run, bands).items() if cause not in without}
    likely = max(found, key=lambda cause: found[cause], default="")
    if not likely or found[likely] <= max(CLEAR, FACTOR * bands.far):
        return None
    return Finding(int(run.edges[-1]), *where, likely, bool(curves["step"][-1] > bands.columns["loss"].steps[-1]))


def _outside(run: Stretches, bands: Bands) -> tuple[str, Side] | None:
    """The first column that lies outside of its band at the end, and on which side."""
    if len(run.edges) < 2:
        return None
    for name in COLUMNS:
        low, _, high = bands.columns[name].over(run.edges[-2:])[:, 0]
        if not low <= run.curves[name][-1] <= high:
            return name, "above" if run.curves[name][-1] > high else "below"
    return None
