"""Names of tensors: what saving wraps around them, and which ones stand near one another."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from seqlab.adopt.parts import Arrays

WRAPPERS = ("model", "state_dict", "model_state_dict", "net", "network", "weights", "params", "module", "_orig_mod")
_ASIDE = re.compile(r"\w*(?:optim|schedul|scaler|grad|rng|callback|loops)\w*", re.I)


def aside(name: str) -> bool:
    """Whether a part of a file belongs to training and not to a network, by its name."""
    return bool(_ASIDE.fullmatch(name))


def tidy(arrays: Arrays) -> dict[str, np.ndarray]:
    """Take off what saving wrapped around all names, and leave out what belongs to an optimiser."""
    named = {name: array for name, array in arrays.items() if not aside(name.partition(".")[0])}
    while heads := {name.partition(".")[0] for name in named if "." in name}:
        if not (len(heads) == 1 and heads <= set(WRAPPERS) and all("." in name for name in named)):
            break
        named = {name.partition(".")[2]: array for name, array in named.items()}
    return {re.sub(r"(?<![^.])(?:_orig_mod|module)\.", "", name): array for name, array in named.items()}


def in_order(names: Iterable[str]) -> list[str]:
    """Sort names so that numbers in them count as numbers: layer 2 comes before layer 10."""
    return sorted(names, key=lambda name: [(part.isdecimal(), int(part) if part.isdecimal() else 0, part)
                                           for part in re.split(r"(\d+)", name)])


def nearest(name: str, prefixes: Sequence[str]) -> list[str]:
    """Those of some prefixes that share the most leading parts with a name."""
    shared = {prefix: _shared(name, prefix) for prefix in prefixes}
    return [prefix for prefix, count in shared.items() if count == max(shared.values())]


def _shared(name: str, prefix: str) -> int:
    count = 0
    for left, right in zip(name.split("."), prefix.rstrip(".").split("."), strict=False):
        if left != right:
            break
        count += 1
    return count
