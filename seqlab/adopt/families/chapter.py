"""Layers written from scratch under the chapter's names: W_xh, W_hh, b_h, and the LSTM's W_xi … b_c.

Source of the names: Zhang et al., "Dive into Deep Learning", the chapters on recurrent networks. Its layers multiply
rows by matrices, so every matrix is turned; a layer has one bias.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from seqlab.adopt.families import Family
from seqlab.adopt.families.recurrent import ACTIVATION
from seqlab.adopt.parts import Answers, Arrays, Built, OpenItem, RecognisedCore, TensorUse, sized
from seqlab.errors import Fault
from seqlab.numerals import counted

_NAME = re.compile(r"(?P<stem>.*?)(?P<number>\d+\.)?(?P<part>W_[xh][hifoczr]|b_[hifoczr])")
_BLOCKS = {"rnn": "h", "lstm": "ifco"}  # letters of the gates, in the order of torch's rows
_TANH = OpenItem("activation", ACTIVATION.text, ACTIVATION.choices, "tanh", decided="the chapter's layer takes tanh")


def recognise(arrays: Arrays, facts: Mapping[str, Any]) -> Sequence[RecognisedCore]:
    """Recognise every stack of such layers; raises Fault for the chapter's GRU, which is not torch's."""
    stacks: dict[str, dict[str, set[str]]] = {}
    for name in arrays:
        match = _NAME.fullmatch(name)
        if match:
            layers = stacks.setdefault(match["stem"], {})
            layers.setdefault(f"{match['stem']}{match['number'] or ''}", set()).add(match["part"])
    return [_core(stem, layers, arrays) for stem, layers in stacks.items()
            if any(part.startswith("W_h") for parts in layers.values() for part in parts)]


def _core(stem: str, layers: Mapping[str, set[str]], arrays: Arrays) -> RecognisedCore:
    prefixes = sorted(layers, key=lambda prefix: int(prefix.removeprefix(stem).strip(".") or 0))
    parts = layers[prefixes[0]]
    if "W_hz" in parts:
        raise Fault(f"The tensor {prefixes[0] + 'W_hz'!r:.80} belongs to a GRU that resets the state before its "
                    "matrix, as the chapter writes it; seqlab opens torch's, which resets after it, and no weights "
                    "make the two the same.")
    kind = next(kind for kind, gates in _BLOCKS.items() if ("W_hi" in parts) is (len(gates) > 1))
    gates, weights, uses = _BLOCKS[kind], dict[str, np.ndarray](), list[TensorUse]()
    hidden, width = _sizes(prefixes[0], gates[0], arrays)
    for layer, prefix in enumerate(prefixes):
        shapes = {"W_x": (hidden if layer else width, hidden), "W_h": (hidden, hidden), "b_": (hidden,)}
        for part, role in (("W_x", "weight_ih"), ("W_h", "weight_hh"), ("b_", "bias_ih")):
            named = [f"{prefix}{part}{gate}" for gate in gates]
            blocks = [sized(name, arrays, shapes[part]).T for name in named]
            weights[f"core.{role}_l{layer}"] = np.concatenate(blocks)
            uses += [TensorUse(name, shapes[part], f"core.{role}_l{layer}", _reason(part, gate, len(gates)))
                     for name, gate in zip(named, gates, strict=True)]
        weights[f"core.bias_hh_l{layer}"] = np.zeros(len(gates) * hidden, weights["core.bias_ih_l0"].dtype)
    label = f"{kind.upper()} from scratch, {counted(len(prefixes), 'layer')} of {counted(hidden, 'unit')}"
    return RecognisedCore(label, stem, tuple(uses), width, hidden,
                          partial(_build, kind, hidden, len(prefixes), weights),
                          (_TANH,) if kind == "rnn" else ())


def _sizes(prefix: str, gate: str, arrays: Arrays) -> tuple[int, int]:
    """Units and inputs of the first layer."""
    for name in (f"{prefix}W_h{gate}", f"{prefix}W_x{gate}"):
        if name not in arrays or arrays[name].ndim != 2:
            raise Fault(f"The tensor {name!r:.80} is missing, or no matrix.")
    return arrays[f"{prefix}W_h{gate}"].shape[1], arrays[f"{prefix}W_x{gate}"].shape[0]


def _reason(part: str, gate: str, gates: int) -> str:
    what = {"W_x": "reads the input, turned", "W_h": "reads the state, turned", "b_": "the layer's one bias"}[part]
    return f"the chapter's name; {what}" + (f"; rows of gate {'g' if gate == 'c' else gate}" if gates > 1 else "")


def _build(kind: str, hidden: int, layers: int, weights: dict[str, np.ndarray], answers: Answers) -> Built:
    model = f"{kind}_{answers['activation']}" if "activation" in answers else kind
    return Built({"model": model, "hidden": hidden, "layers": layers, "bias": "one"}, weights)


FAMILY = Family("chapter", "recurrent layers from scratch under the chapter's names", recognise)
