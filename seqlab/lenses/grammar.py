"""What a network of the grammar lab knows of its language, measured against the truth.

Linear probes read what is true off its hidden states; what it expects next is compared with what the grammar says, on
strings like those of its training and on longer and deeper ones.
"""

from collections.abc import Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from seqlab.agreement import Agreement, compare
from seqlab.lenses import opened
from seqlab.lenses.strings import Reader, String, StringReading, joined, means
from seqlab.reference.probes import Fit, explained
from seqlab.trace import Trace
from seqlab.training.run import Run

FITTED, SCORED, LONG = 250, 250, 24  # strings to fit probes on, to score them on, of each stretch of lengths
PROVED = 12  # strings on which torch and NumPy are compared
WITHIN, BEYOND = (0.25, 0.5, 1.0), (1.5, 2.0, 3.0)  # times the longest string of the training
MOST_TOKENS = 400  # of strings that are longer than those of the training
FEWEST = 20  # positions at a depth, below which no means are given


def truth(path: str, step: int) -> dict[str, Any]:
    """Measure one snapshot of a run against its grammar.

    Returns ``probes``: for each quantity R² of its probe on held-out strings and on longer ones, by all units and by
    the best one alone, and the probe; ``held``: means on held-out strings; ``lengths`` and ``depths``: the same by the
    length of strings and by open brackets; ``longest`` and ``deepest`` of the training; ``agreement`` with torch, by
    precision. Raises Fault where the network's numbers are not finite.
    """
    run = Run(Path(path))
    held, reader = run.config.task_config.source.held_out(), Reader(run, step)
    longest, deepest = trained(run)
    fitted, fresh = (reader.readings(strings) for strings in divided(held))
    longer = {bounds: reader.readings(strings) for bounds, strings in beyond(run, longest).items()}
    usual, far = fitted + fresh, [*chain(*longer.values())]
    return {"probes": probed(reader, fitted, fresh, far), "held": means(usual) | {"strings": len(usual)},
            "longest": longest, "deepest": deepest,
            "lengths": [{"low": low, "high": high, "strings": len(part)} | means(part)
                        for (low, high), part in (within(usual, longest) | longer).items()],
            "depths": by_depth(usual + far), "agreement": agreement(run, step, held[:PROVED])}


def divided(held: Sequence[String]) -> tuple[list[String], list[String]]:
    """Part strings into those that probes are fitted on and those that they are scored on; equal strings stay together.

    Each different string falls to one side or the other by chance, so both are strings of the same kind.
    """
    different = sorted(set(held))
    mine = set(np.random.default_rng(0).permutation(len(different))[:(len(different) + 1) // 2].tolist())
    side = {string: place in mine for place, string in enumerate(different)}
    fitted = [string for string in held if side[string]]
    return fitted[:FITTED], ([string for string in held if not side[string]] or fitted)[:SCORED]


def trained(run: Run) -> tuple[int, int]:
    """Tokens of the longest string that a run learned from, and the most brackets that were open in one."""
    config = run.config.task_config
    learned = config.source.training(config.strings)
    tokens = np.array([*config.alphabet.symbols], object)[learned.ids]
    change = np.isin(tokens, [*"([{<"]).astype(int) - np.isin(tokens, [*")]}>"])
    height = np.cumsum(change)
    # The height before each string is taken off, for a cut language may not be balanced.
    before = np.repeat(np.r_[0, height[learned.starts[1:] - 1]], learned.lengths + 1)
    return int(learned.lengths.max()) - 1, int((height - before).max())


def beyond(run: Run, longest: int) -> dict[tuple[int, int], list[String]]:
    """Draw strings longer than those of the training, by stretches of lengths, as far as the network can read them."""
    config, reach = run.config.task_config, run.config.network.reach
    most = min(max(MOST_TOKENS, longest), 3 * longest)
    if reach is not None:
        most = min(most, reach - 1)
    edges = [longest, *(min(most, int(longest * times)) for times in BEYOND)]
    rng = np.random.default_rng(config.seed + 1)
    drawn = {(low + 1, high): config.language.draw_between(rng, LONG, low + 1, high)
             for low, high in pairwise(edges) if high > low}
    return {bounds: strings for bounds, strings in drawn.items() if strings}


def within(readings: Sequence[StringReading], longest: int) -> dict[tuple[int, int], list[StringReading]]:
    """Part strings by stretches of lengths, up to that of the longest learned from; empty ones are left out."""
    edges = [-1, *dict.fromkeys(max(1, round(longest * share)) for share in WITHIN)]
    parts = {(low + 1, high): [each for each in readings if low < len(each.string) <= high]
             for low, high in pairwise(edges)}
    return {bounds: part for bounds, part in parts.items() if part}


def by_depth(readings: Sequence[StringReading]) -> list[dict[str, float]]:
    """Means by how many brackets are open; none in a language without brackets."""
    depth = joined(readings, "depth")
    depths, counts = np.unique(depth[np.isfinite(depth)], return_counts=True)
    return [{"depth": float(depth), "positions": int(count)} | means(readings, float(depth))
            for depth, count in zip(depths, counts, strict=True) if count >= FEWEST]


def probed(reader: Reader, fitted: Sequence[StringReading], fresh: Sequence[StringReading],
           longer: Sequence[StringReading]) -> list[dict[str, Any]]:
    """Fit probes for each quantity that changes and say how well they read fresh strings, and longer ones.

    There is one for each ``symbol`` of the state; ``layer`` and ``unit`` tell the best single unit, ``follows`` the
    correlation of every unit.
    """
    layers, probes = _layers(reader), []
    for symbol in reader.symbols:
        states, *later = (_states(part, symbol) for part in (fitted, fresh, longer))
        whole = Fit.of(states)
        for name in fitted[0].true:
            values, *truths = (_true(part, name) for part in (fitted, fresh, longer))
            known = np.isfinite(values)
            if not known.any() or values[known].std() < 1e-9:
                continue
            fit = whole if known.all() else Fit.of(states[known])
            read, (unit, alone) = fit.probe(values[known]), fit.unit(values[known])
            (usual, usual_unit), (far, far_unit) = (
                [_score(true, probe.read(state)) if len(true) else float("nan") for probe in (read, alone)]
                for true, state in zip(truths, later, strict=True))
            layer, place = divmod(unit, states.shape[1] // layers)
            follows = fit.states.T @ (values[known] - values[known].mean()) / known.sum() / values[known].std()
            probes.append({"symbol": symbol, "name": name, "follows": follows, "r2": usual, "r2_longer": far,
                           "layer": layer, "unit": place, "index": unit, "alone": alone.weight[unit],
                           "rest": alone.bias, "unit_r2": usual_unit, "unit_r2_longer": far_unit, "weight": read.weight,
                           "bias": read.bias, "low": float(values[known].min()), "high": float(values[known].max())})
    return probes


def _states(readings: Sequence[StringReading], symbol: str) -> Float[np.ndarray, "position unit"]:
    return np.concatenate([each.states[symbol] for each in readings]) if readings else np.zeros((0, 1))


def _true(readings: Sequence[StringReading], name: str) -> Float[np.ndarray, " position"]:
    return np.concatenate([each.true[name] for each in readings]) if readings else np.zeros(0)


def _score(values: np.ndarray, read: np.ndarray) -> float:
    known = np.isfinite(values)
    return explained(values[known], read[known])


def _layers(reader: Reader) -> int:
    return reader.trace(reader.ids(())[None]).layers


def agreement(run: Run, step: int, strings: Sequence[String]) -> dict[str, Agreement]:
    """Compare every quantity of a pass over strings with torch's, in both precisions."""
    agreements, most = {}, max(map(len, strings))
    for dtype in ("float32", "float64"):
        reader, network = Reader(run, step, dtype), opened.network(str(run.path), step, dtype)
        rows = np.stack([np.pad(reader.ids(string), (0, most - len(string)), "edge") for string in strings])
        by_torch = {name: value.numpy() for name, value in network.trace(torch.from_numpy(rows)).items()}
        agreements[dtype] = compare(reader.trace(rows), Trace(by_torch))
    return agreements
