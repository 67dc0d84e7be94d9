"""A film: the passes of a network over one input at several snapshots of its training, packed for the browser.

The bytes are a 32-bit little-endian length, a JSON header padded with spaces so that what follows starts at a
multiple of 8, and the arrays, whose places in bytes after that start are in the header:
each panel int16 ``frame time unit``, probabilities uint16 ``frame time vocab``, orders uint16 ``unit``; of the last
frame alone trails int16 ``position time unit``; and films within the film, bytes.
"""

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import numpy as np
from jaxtyping import Float, Int16, UInt16

from seqlab import notation
from seqlab.figures import order
from seqlab.reference.core import Core, span
from seqlab.trace import Trace

LIMIT = 1_500_000
NOT_A_NUMBER = -32768  # marks NaN and infinity in a panel; all other values lie in ±32767
BLANK = "·"
_HEADER_ROOM = 40_000
PackedArray = tuple[Mapping[str, object], np.ndarray]  # what the header says of an array, and the array

ORDERS = {"strongest": "time of strongest response", "clusters": "similar units together", "number": "unit number"}


class FilmHeader(TypedDict):
    """Header of a film; ``said`` (predicted symbols) and ``accuracy`` (None where nothing is scored) are by frame.

    ``trailed`` are the times of the symbols whose trails are among the arrays, in their order.
    """

    channel: str
    model: str
    frames: int
    time: int
    layers: int
    steps: list[int]
    total: int
    inputs: list[str]
    target: list[str]
    alphabet: list[str]
    delay: int | None
    said: list[list[str]]
    accuracy: list[float | None]
    autoplay: bool
    trailed: list[int]


def film(traces: Sequence[Trace], *, core: Core, steps: Sequence[int], alphabet: Sequence[str], inputs: Sequence[str],
         target: Sequence[str], channel: str, delay: int | None = None, total: int | None = None,
         autoplay: bool = False, trailed: Sequence[int] = (), more: Sequence[PackedArray] = ()) -> bytes:
    """Pack one trace for each snapshot (batch index 0), thinned evenly where they would pass ``LIMIT`` bytes.

    ``steps`` are the optimiser steps of the snapshots, ``total`` the steps of the whole run. ``delay`` links each
    input to its echo. Positions whose target is ``·`` are not scored. Inputs without a symbol make an empty film.
    ``more`` are parts that stand beside the snapshots: trails of the symbols at the times ``trailed``, other delays.
    Raises ValueError when traces and steps, or inputs, target and trace, differ in length.
    """
    if all(symbol == BLANK for symbol in inputs):
        return pack({"channel": channel, "frames": 0, "inputs": []}, [])
    _require_same_length(traces, steps, inputs, target)
    time, units, vocab = len(inputs), traces[0]["h.0"].shape[-1], len(alphabet)
    room = frames_that_fit(time, units, len(core.views) * traces[0].layers, vocab)
    chosen = evenly(len(traces), room)
    traces, steps = [traces[k] for k in chosen], [steps[k] for k in chosen]
    p = np.stack([trace["p"][0] for trace in traces])
    predicted = [_predicted(frame, alphabet) for frame in p]
    header: FilmHeader = {
        "channel": channel, "model": core.label, "frames": len(traces), "time": time, "layers": traces[0].layers,
        "steps": [int(step) for step in steps], "total": int(total or steps[-1]), "inputs": list(inputs),
        "target": list(target), "alphabet": list(alphabet), "delay": delay, "said": predicted,
        "accuracy": [_share(text, target) for text in predicted], "autoplay": autoplay,
        "trailed": list(trailed),
    }
    return pack(header, [_probabilities(p), *_panels(traces, core), *more, *_orders(traces[-1])])


def frames_that_fit(time: int, units: int, panels: int, vocab: int, limit: int = LIMIT) -> int:
    """Count the frames of a film that stay under a limit in bytes; at least one."""
    frame = 2 * time * (units * panels + vocab) + 2 * time + 40
    return max(1, (limit - _HEADER_ROOM) // frame)


def evenly(count: int, keep: int) -> list[int]:
    """Choose ``keep`` of ``count`` places, evenly, with the first and the last (only the last if ``keep`` is 1)."""
    if keep >= count:
        return list(range(count))
    if keep == 1:
        return [count - 1]
    return [round(k * (count - 1) / (keep - 1)) for k in range(keep)]


def header_of(data: bytes) -> dict[str, Any]:
    """Read the header of a film back, with its ``id``, a short hash of all it holds."""
    length = struct.unpack_from("<I", data)[0]
    header: dict[str, Any] = json.loads(data[4:4 + length])
    return header


def film_id(data: bytes) -> str:
    """Return the short hash that stands for the content of a film."""
    return str(header_of(data)["id"])


def quantise(values: Float[np.ndarray, "*shape"], low: float, high: float) -> Int16[np.ndarray, "*shape"]:
    """Write numbers in [low, high] as integers from -32767 to 32767, NaN and infinity as ``NOT_A_NUMBER``."""
    finite = np.isfinite(values)
    if finite.all():
        return np.rint((values - low) * (65534 / (high - low)) - 32767).astype(np.int16)
    return np.where(finite, quantise(np.where(finite, values, low), low, high), NOT_A_NUMBER).astype(np.int16)


def restore(codes: Int16[np.ndarray, "*shape"], low: float, high: float) -> Float[np.ndarray, "*shape"]:
    """Read quantised numbers back; they are off by at most (high - low) / 131068, and a little for float32."""
    values = low + (codes.astype(np.float64) + 32767) / 65534 * (high - low)
    return np.where(codes == NOT_A_NUMBER, np.nan, values)


def _panels(traces: Sequence[Trace], core: Core) -> list[PackedArray]:
    names = [f"{key}.{layer}" for layer in range(traces[0].layers) for key in core.views]
    return [_panel(name, np.stack([trace[name][0] for trace in traces]), span(core, name)) for name in names]


def _panel(name: str, values: Float[np.ndarray, "frame time unit"],
           span: tuple[float, float]) -> PackedArray:
    """Quantise over the colour span or the numbers, whichever reaches further: colours clip, readings do not."""
    finite = np.isfinite(values)
    low = values.min(initial=span[0], where=finite)
    high = values.max(initial=span[1], where=finite)
    symbol = notation.symbol(name)
    # Indigo means negative everywhere, so what is never negative (a state after ReLU) has the colours of a gate.
    colour = "sequential" if span[0] >= 0 else symbol.colour
    about = {"kind": "panel", "name": name, "key": symbol.key, "layer": notation.layer(name), "label": symbol.name,
             "meaning": symbol.meaning, "colour": colour, "span": span, "range": (float(low), float(high)),
             "units": values.shape[-1]}
    return about, quantise(values, float(low), float(high))


def _probabilities(p: Float[np.ndarray, "frame time vocab"]) -> PackedArray:
    codes: UInt16[np.ndarray, "frame time vocab"] = np.rint(np.nan_to_num(p) * 65535).astype(np.uint16)
    return {"kind": "probabilities"}, codes


def _orders(last: Trace) -> list[PackedArray]:
    """Orders of the last snapshot, for every frame: a unit keeps its row while the film runs."""
    parts: list[PackedArray] = []
    for layer in range(last.layers):
        h = last[f"h.{layer}"][0]
        ways = {"strongest": order.strongest(h), "clusters": order.clusters(h), "number": np.arange(h.shape[-1])}
        parts += [({"kind": "order", "name": name, "label": label, "layer": layer}, ways[name].astype(np.uint16))
                  for name, label in ORDERS.items()]
    return parts


def _predicted(p: Float[np.ndarray, "time vocab"], alphabet: Sequence[str]) -> list[str]:
    """Write the most probable symbol of every time, ``?`` where the probabilities are not numbers."""
    known = np.isfinite(p).all(axis=-1)
    return [alphabet[best] if sure else "?" for best, sure in zip(p.argmax(axis=-1), known, strict=True)]


def _share(predicted: Sequence[str], target: Sequence[str]) -> float | None:
    scored = [one == other for one, other in zip(predicted, target, strict=True) if other != BLANK]
    return sum(scored) / len(scored) if scored else None


def _require_same_length(traces: Sequence[Trace], steps: Sequence[int], inputs: Sequence[str],
                         target: Sequence[str]) -> None:
    if len(traces) != len(steps) or not traces:
        raise ValueError(f"a film needs one step for each trace, got {len(traces)} traces and {len(steps)} steps")
    times = {len(inputs), len(target), *(trace["p"].shape[1] for trace in traces)}
    if len(times) > 1:
        raise ValueError(f"inputs, target and traces differ in length: {sorted(times)}")


def pack(header: Mapping[str, object], parts: Sequence[PackedArray]) -> bytes:
    """Write the bytes that are described above, from a header without ``arrays`` and the description of each array."""
    blobs: list[bytes] = []
    arrays: list[dict[str, object]] = []
    place = 0
    for about, array in parts:
        blob = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
        arrays.append({**about, "offset": place, "length": array.size})
        blobs += [blob, b"\0" * (-len(blob) % 8)]
        place += len(blob) + len(blobs[-1])
    body = b"".join(blobs)
    whole = {**header, "arrays": arrays}
    plain = json.dumps(whole, ensure_ascii=False, allow_nan=False).encode()
    whole["id"] = hashlib.blake2s(plain + body, digest_size=8).hexdigest()
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return struct.pack("<I", len(text)) + text + body
