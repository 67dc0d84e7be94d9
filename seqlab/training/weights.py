"""Weights of a run as NumPy arrays: which ones there must be, and reading them with every check."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from seqlab.errors import Fault
from seqlab.reference.core import core_of
from seqlab.reference.network import CONDITION, CONDITION_FIRST, SYMBOL
from seqlab.training.cache import ByteCache
from seqlab.training.config import RunConfig

CACHE_BYTES = 64 * 2**20
HEADER_BYTES = 2**17  # of a safetensors file: a network's has a few hundred bytes for each layer


def network_shapes(config: RunConfig) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the weights of a config's network, as ``SequenceNetwork(…).state_dict()`` has them."""
    network, sizes = config.network, config.task_spec.dimensions(config.task_config)
    shapes: dict[str, tuple[int, ...]] = {}
    for part, count in ((SYMBOL, sizes.symbols), (CONDITION_FIRST if network.condition_first else CONDITION,
                                                  sizes.conditions)):
        if count:
            shapes[part] = (count, count if network.input == "one-hot" else network.embedding)
    width = sum(shape[1] for shape in shapes.values())
    shapes |= {f"core.{name}": shape for name, shape in core_of(network).shapes(width, network).items()}
    if network.readout == "linear":
        own = {} if network.tied else {"decoder.weight": (sizes.classes, network.hidden)}
        shapes |= own | {"decoder.bias": (sizes.classes,)}
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
        weights = load(_bounded(path, config))
    except FileNotFoundError:
        raise Fault(f"There are no weights {path.stem} in this run.") from None
    except (OSError, SafetensorError, ValueError, TypeError, KeyError, AttributeError):
        raise Fault(f"The weights {path.stem} cannot be read; the file is damaged.") from None
    check(weights, config)
    wide = {name: weights[name].astype(dtype, copy=False) for name in network_shapes(config)}
    for array in wide.values():
        array.flags.writeable = False
    return wide


def _bounded(path: Path, config: RunConfig) -> bytes:
    """Read a file no longer than the network's weights can be, with a short header; raises ValueError, OSError."""
    most = HEADER_BYTES + 8 * sum(math.prod(shape) for shape in network_shapes(config).values())
    if path.stat().st_size > most:
        raise Fault(f"The weights {path.stem} do not belong to this network: their file is too large.")
    return headed(path)


def headed(path: Path) -> bytes:
    """Read a safetensors file whose header has a sensible length; raises ValueError, OSError."""
    content = path.read_bytes()
    if len(content) < 8 or int.from_bytes(content[:8], "little") > HEADER_BYTES:
        raise ValueError("no header of weights")
    return content


class Cache:
    """Weights that were read lately, at most so many bytes; a changed file is read again."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self.held: ByteCache[tuple[Path, str], dict[str, np.ndarray]] = ByteCache(limit, _bytes)

    def read(self, path: Path, config: RunConfig, dtype: str) -> dict[str, np.ndarray]:
        """Return a snapshot's weights from memory or from the disk; raises Fault."""
        return self.held.get((path, dtype), stamp(path), lambda: read(path, config, dtype))


def _bytes(weights: Mapping[str, np.ndarray]) -> int:
    return sum(array.nbytes for array in weights.values())


def stamp(path: Path) -> tuple[int, int]:
    """Time and size of a snapshot's file, by which a changed one is known; raises Fault where there is none."""
    try:
        facts = path.stat()
    except OSError:
        raise Fault(f"There are no weights {path.stem} in this run.") from None
    return facts.st_mtime_ns, facts.st_size


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "a single number"
