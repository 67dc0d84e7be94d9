"""Switching parts of a network off: attention heads, and units of a recurrent layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seqlab.errors import Fault
from seqlab.reference.core import Core
from seqlab.reference.network import untied

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Ablation:
    """What is switched off: ``heads`` and ``units`` are pairs of a layer and a head, or a unit."""

    heads: Pairs = ()
    units: Pairs = ()

    def __bool__(self) -> bool:
        return bool(self.heads or self.units)

    def joined(self, other: "Ablation") -> "Ablation":
        """Switch off what either switches off."""
        return Ablation(tuple(dict.fromkeys(self.heads + other.heads)), tuple(dict.fromkeys(self.units + other.units)))


def without(core: Core, weights: Mapping[str, np.ndarray], ablation: Ablation) -> dict[str, np.ndarray]:
    """Copy weights with 0 in every column that reads what is switched off, so that nothing of it passes on.

    A head is read by W_o of its block. A unit's state is read by the next time step of its own layer, and by the layer
    above or the decoder. Raises Fault for a part that the network has not.
    """
    changed = untied(weights) if ablation.units else dict(weights)
    for layer, head in ablation.heads:
        prefix = f"core.blocks.{layer}.attention."
        heads, feature, _ = weights[f"{prefix}W_q"].shape if f"{prefix}W_q" in weights else (0, 0, 0)
        if not 0 <= head < heads:
            raise Fault(f"This network has no attention head {head} in layer {layer} to switch off.")
        _silence(changed, f"{prefix}W_o", range(head * feature, (head + 1) * feature))
    for layer, unit in ablation.units:
        for name in readers(core, changed, layer, unit):
            _silence(changed, name, (unit,))
    return changed


def readers(core: Core, weights: Mapping[str, np.ndarray], layer: int, unit: int) -> tuple[str, ...]:
    """Name the weights whose columns read the state of a unit; raises Fault where that cannot be, or it has none."""
    recurrent = f"core.weight_hh_l{layer}"
    if not core.state or core.symbols[-1] != "h" or "core.weight_hh_l0" not in weights:
        raise Fault(f"Single units of the model {core.label} cannot be switched off here.")
    if recurrent not in weights or not 0 <= unit < weights[recurrent].shape[1]:
        raise Fault(f"This network has no unit {unit} in layer {layer} to switch off.")
    above = f"core.weight_ih_l{layer + 1}"
    above = above if above in weights else "decoder.weight"
    if above not in weights:
        why = "the output layer is the embedding too" if "decoder.bias" in weights else "the state itself is the answer"
        raise Fault(f"Here {why}, so single units cannot be switched off.")
    return recurrent, above


def _silence(weights: dict[str, np.ndarray], name: str, columns: Sequence[int]) -> None:
    weights[name] = weights[name].copy()
    weights[name][:, list(columns)] = 0.0
