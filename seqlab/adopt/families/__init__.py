"""Kinds of layers that are recognised in a file: one file a kind, with a ``FAMILY`` that the registry finds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seqlab.adopt.parts import Arrays, RecognisedCore
from seqlab.registry import discover


@dataclass(frozen=True)
class Family:
    """One kind of layers: ``recognise(arrays, facts)`` gives every core of that kind among named tensors.

    It raises Fault, in one sentence, where there are such layers with something that seqlab cannot open.
    ``label`` names the kind in a list of what can be opened.
    """

    name: str
    label: str
    recognise: Callable[[Arrays, Mapping[str, Any]], Sequence[RecognisedCore]]


def families() -> dict[str, Family]:
    """All families by name; a new one is a new file in ``seqlab/adopt/families`` with a ``FAMILY``."""
    return discover("seqlab.adopt.families", "FAMILY", Family)
