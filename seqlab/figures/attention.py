"""The maps of attention of one input at several snapshots, packed for the browser as a film is (``figures.film``).

After the header stand, for each layer, ``scores`` float32 ``frame head query key``, ``attention`` int16 of the same
shape, and, where they fit, ``query``, ``key``, ``value`` and ``heads`` int16 ``frame head time feature``; then
``change`` float32 ``frame time``. int16 arrays hold numbers of their ``range`` (``figures.film.quantise``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from jaxtyping import Bool, Float, Int

from seqlab.figures.film import BLANK, LIMIT, PackedArray, evenly, pack, quantise
from seqlab.files import npz
from seqlab.reference.loss import cross_entropy

MAPS, VECTORS = ("scores", "attention"), ("query", "key", "value", "heads")
SPAN = 3.0  # colours of the vectors run from -3 to 3, like those of every unbounded symbol
_HEADER_ROOM = 40_000

Quantities = Mapping[str, np.ndarray]
Heads = Sequence[tuple[int, int]]


class Predictions(TypedDict):
    """What is predicted beside the targets: each a list over frames, ``now`` and with all heads on (``before``)."""

    target: list[str]
    now: list[list[str]]
    before: list[list[str]]
    accuracy: list[float | None]
    accuracy_before: list[float | None]
    loss: list[float | None]
    loss_before: list[float | None]


class AttentionHeader(TypedDict):
    """Header of the maps: ``off`` are pairs of layer and head, ``span`` the end of the vectors' colours."""

    channel: str
    frames: int
    time: int
    layers: int
    heads: int
    feature: int
    causal: bool
    tokens: list[str]
    steps: list[int]
    total: int
    off: list[list[int]]
    vectors: bool
    span: float
    measure: str
    answers: Predictions | None


@dataclass(frozen=True)
class Targets:
    """The target at each position, ``·`` where nothing is scored, in symbols of the network's alphabet."""

    target: Sequence[str]
    alphabet: Sequence[str]

    @property
    def scored(self) -> Bool[np.ndarray, " time"]:
        """Positions that count."""
        return np.array([letter != BLANK for letter in self.target], dtype=bool)

    def ids(self) -> Int[np.ndarray, " time"]:
        """Class of each target; of those that are not scored, any."""
        places = {symbol: place for place, symbol in enumerate(self.alphabet)}
        return np.array([places.get(symbol, 0) for symbol in self.target], dtype=np.int64)

    def predicted(self, p: Float[np.ndarray, "time vocab"]) -> list[str]:
        """The most probable symbol of each position, ``?`` where the probabilities are not numbers."""
        finite = np.isfinite(p).all(axis=-1)
        return [self.alphabet[best] if sure else "?" for best, sure in zip(p.argmax(-1), finite, strict=True)]

    def accuracy(self, predicted: Sequence[str]) -> float | None:
        """Share of the scored positions that are right; None where none is scored."""
        right = [one == other for one, other in zip(predicted, self.target, strict=True) if other != BLANK]
        return sum(right) / len(right) if right else None

    def loss(self, logits: Float[np.ndarray, "time vocab"]) -> float | None:
        """Mean cross-entropy of the scored positions in nats; None where there is none, or it is not a number."""
        if not self.scored.any():
            return None
        value = cross_entropy(logits.astype(np.float64), self.ids(), self.scored.astype(np.float64))
        return value if np.isfinite(value) else None


def attention_film(traces: Sequence[Quantities], *, tokens: Sequence[str], steps: Sequence[int], channel: str,
                   causal: bool, total: int | None = None, off: Heads = (),
                   whole: Sequence[Quantities] | None = None, targets: Targets | None = None,
                   invitation: str = "") -> bytes:
    """Pack one pass for each snapshot (batch index 0), thinned evenly where they would pass ``LIMIT`` bytes.

    ``off`` names the heads, as (layer, head), that are switched off in ``traces``; ``whole`` are the same passes with
    all heads on. ``change`` is the largest |Δp| between the two at each position, or without ``targets`` the length of
    the change of the last layer's attention output beside that of the output. No tokens make an empty film, in whose
    place stands the ``invitation``.
    Raises ValueError when traces, steps or tokens differ in length.
    """
    if not tokens:
        return pack({"channel": channel, "frames": 0, "tokens": [], "invitation": invitation}, [])
    whole = traces if whole is None else whole
    _require_same_length(traces, whole, steps, tokens)
    layers, (heads, feature) = layers_of(traces[0]), traces[0]["heads.0"].shape[1::2]
    chosen = evenly(len(traces), frames_that_fit(len(tokens), layers, heads, feature))
    traces, whole, steps = [traces[k] for k in chosen], [whole[k] for k in chosen], [steps[k] for k in chosen]
    vectors = frame_bytes(len(tokens), layers, heads, feature) + _HEADER_ROOM <= LIMIT
    header: AttentionHeader = {
        "channel": channel, "frames": len(traces), "time": len(tokens), "layers": layers, "heads": heads,
        "feature": feature, "causal": causal, "tokens": list(tokens), "steps": [int(step) for step in steps],
        "total": int(total or steps[-1]), "off": [list(pair) for pair in off], "vectors": vectors, "span": SPAN,
        "measure": "p" if targets else "output", "answers": _predictions(traces, whole, targets) if targets else None,
    }
    changes = np.stack([_change(*pair, targets) for pair in zip(whole, traces, strict=True)])
    parts = [part for layer in range(layers) for part in _layer(traces, layer, vectors)]
    return pack(header, [*parts, ({"name": "change", "kind": "float32"}, changes.astype(np.float32))])


def layers_of(trace: Quantities) -> int:
    """Count the layers that have attention."""
    return sum(name.startswith("attention.") for name in trace)


def frame_bytes(time: int, layers: int, heads: int, feature: int) -> int:
    """Bytes that one snapshot takes, with its vectors."""
    return layers * heads * time * (6 * time + 8 * feature) + 4 * time


def frames_that_fit(time: int, layers: int, heads: int, feature: int) -> int:
    """Count the frames that stay under ``LIMIT``; at least one."""
    return max(1, (LIMIT - _HEADER_ROOM) // max(1, frame_bytes(time, layers, heads, feature)))


def maps_npz(traces: Sequence[Quantities], tokens: Sequence[str], steps: Sequence[int], off: Heads = ()) -> bytes:
    """Pack everything about attention as ``numpy.savez`` does, for ``numpy.load``.

    Each of ``query.0`` … ``attention.0`` … ``attended.0`` is an array snapshot × what the symbol's axes are; ``tokens``
    are texts, ``steps`` say after how many updates each snapshot was taken, ``off`` lists the heads switched off.
    """
    names = [name for name in traces[0] if name.partition(".")[0] in (*MAPS, *VECTORS, "attended", "p")]
    arrays = {name: np.stack([trace[name][0] for trace in traces]) for name in names}
    arrays |= {"tokens": np.array(list(tokens)), "steps": np.asarray(steps), "off": np.array(off, int).reshape(-1, 2)}
    return npz(arrays)


def _layer(traces: Sequence[Quantities], layer: int, vectors: bool) -> list[PackedArray]:
    scores, *others = (np.stack([trace[f"{key}.{layer}"][0] for trace in traces])
                       for key in (*MAPS, *(VECTORS if vectors else ())))
    parts: list[PackedArray] = [({"name": "scores", "layer": layer, "kind": "float32"}, scores.astype(np.float32))]
    for key, values in zip(("attention", *VECTORS), others, strict=False):
        low, high = (0.0, 1.0) if key == "attention" else _range(values)
        parts.append(({"name": key, "layer": layer, "kind": "int16", "range": (low, high)},
                      quantise(values, low, high)))
    return parts


def _range(values: Float[np.ndarray, "..."]) -> tuple[float, float]:
    finite = np.isfinite(values)
    return (float(values.min(initial=-SPAN, where=finite)), float(values.max(initial=SPAN, where=finite)))


def _predictions(traces: Sequence[Quantities], whole: Sequence[Quantities], targets: Targets) -> Predictions:
    """What is predicted, and how well, with the heads as they are and with all of them on."""
    now, before = ([targets.predicted(trace["p"][0]) for trace in side] for side in (traces, whole))
    return {
        "target": list(targets.target), "now": now, "before": before,
        "accuracy": [targets.accuracy(text) for text in now], "accuracy_before": [targets.accuracy(t) for t in before],
        "loss": [targets.loss(trace["logits"][0]) for trace in traces],
        "loss_before": [targets.loss(trace["logits"][0]) for trace in whole],
    }


def _change(before: Quantities, now: Quantities, targets: Targets | None) -> Float[np.ndarray, " time"]:
    if targets:
        return np.asarray(np.abs(now["p"][0] - before["p"][0]).max(axis=-1))
    last = f"attended.{layers_of(now) - 1}"
    gone = np.linalg.norm(now[last][0] - before[last][0], axis=-1)
    size = np.linalg.norm(before[last][0], axis=-1)
    return np.asarray(gone / np.where(size == 0, 1, size))


def _require_same_length(traces: Sequence[Quantities], whole: Sequence[Quantities], steps: Sequence[int],
                         tokens: Sequence[str]) -> None:
    if not len(traces) == len(whole) == len(steps) > 0:
        raise ValueError(f"one step is needed for each trace, got {len(traces)}, {len(whole)} and {len(steps)}")
    times = {trace["scores.0"].shape[-1] for trace in (*traces, *whole)}
    if times != {len(tokens)}:
        raise ValueError(f"there are {len(tokens)} tokens, but the traces have {sorted(times)} positions")
