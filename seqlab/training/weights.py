"""Weights of a run as NumPy arrays: which ones there must be, and reading them with every check."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from seqlab.errors import Fault
from seqlab.reference.core import cores
from seqlab.training.config import RunConfig

CACHE_BYTES = 256 * 2**20


def network_shapes(config: RunConfig) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the weights of a config's network, as ``SequenceNetwork(…).state_dict()`` has them."""
    network, sizes = config.network, config.task_spec.dimensions(config.task_config)
    shapes: dict[str, tuple[int, ...]] = {}
    for part, count in (("symbol", sizes.symbols), ("condition", sizes.conditions)):
        if count:
            shapes[f"encoder.{part}.weight"] = (count, count if network.input == "one-hot" else network.embedding)
    width = sum(shape[1] for shape in shapes.values())
    shapes |= {f"core.{name}": shape for name, shape in cores()[network.model].shapes(width, network).items()}
    if network.readout == "linear":
        shapes |= {"decoder.weight": (sizes.classes, network.hidden), "decoder.bias": (sizes.classes,)}
    return shapes


def check(weights: Mapping[str, np.ndarray], config: RunConfig) -> None:
    """Raise Fault unless the weights are exactly those of the config's network, and finite numbers."""
    expected = network_shapes(config)
    if set(weights) != set(expected):
        odd = sorted(set(weights) ^ set(expected))[0]
        raise Fault(f"The weights do not belong to this network: {odd!r:.60} is missing or not expected.")
    for name, shape in expected.items():
        array = weights[name]
        if array.shape != shape:
            raise Fault(f"The weights do not fit the network: {name} is {_size(array.shape)}, expected {_size(shape)}.")
        if array.dtype.kind != "f":
            raise Fault(f"The weights {name} are of type {array.dtype}; expected floating-point numbers.")
        if not np.isfinite(array).all():
            raise Fault(f"The weights {name} hold a number that is not finite (NaN or infinity).")


def read(path: Path, config: RunConfig, dtype: str = "float32") -> dict[str, np.ndarray]:
    """Read a snapshot's weights, checked and widened to ``dtype``, read-only; raises Fault."""
    try:
        weights = load(path.read_bytes())
    except FileNotFoundError:
        raise Fault(f"There are no weights {path.stem} in this run.") from None
    except (OSError, SafetensorError, ValueError, TypeError, KeyError, AttributeError):
        raise Fault(f"The weights {path.stem} cannot be read; the file is damaged.") from None
    check(weights, config)
    wide = {name: weights[name].astype(dtype, copy=False) for name in network_shapes(config)}
    for array in wide.values():
        array.flags.writeable = False
    return wide


class Cache:
    """Weights that were read lately, at most so many bytes; a changed file is read again."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit, self._size = limit, 0
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[Path, str], tuple[tuple[int, int], int, dict[str, np.ndarray]]] = OrderedDict()

    def read(self, path: Path, config: RunConfig, dtype: str) -> dict[str, np.ndarray]:
        """Return a snapshot's weights from memory or from the disk; raises Fault."""
        key, stamp = (path, dtype), _stamp(path)
        with self._lock:
            held = self._held.get(key)
            if held and held[0] == stamp:
                self._held.move_to_end(key)
                return held[2]
        weights = read(path, config, dtype)
        with self._lock:
            self._keep(key, (stamp, sum(array.nbytes for array in weights.values()), weights))
        return weights

    def _keep(self, key: tuple[Path, str], entry: tuple[tuple[int, int], int, dict[str, np.ndarray]]) -> None:
        if key in self._held:
            self._size -= self._held.pop(key)[1]
        self._held[key] = entry
        self._size += entry[1]
        while self._size > self._limit and len(self._held) > 1:
            self._size -= self._held.popitem(last=False)[1][1]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        raise Fault(f"There are no weights {path.stem} in this run.") from None
    return found.st_mtime_ns, found.st_size


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "a single number"
