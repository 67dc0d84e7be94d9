"""nn.RNN, nn.GRU and nn.LSTM with any number of layers, and stacks of their cells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from seqlab.adopt.families import Family
from seqlab.adopt.names import in_order
from seqlab.adopt.parts import Answers, Arrays, Built, OpenItem, RecognisedCore, TensorUse, size, sized
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.reference.readers import GATES

_NAME = re.compile(r"(?P<prefix>.*?)(?P<part>(?:weight|bias)_(?:ih|hh)|weight_hr)(?:_l(?P<layer>\d+))?"
                   r"(?P<reverse>_reverse)?")
_NUMBER = re.compile(r"(.*?)(\d+)(\.?)$")
BLOCKS = {blocks: kind for kind, blocks in GATES.items()}  # of rows in weight_hh
PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
ACTIVATION = OpenItem("activation", "Which function does its RNN apply? The weights are the same for both.",
                      {"tanh": "tanh (torch's own choice)", "relu": "ReLU"}, "tanh")
Layer = dict[str, str]  # the name in the file of each part of a layer


def recognise(arrays: Arrays, facts: Mapping[str, Any]) -> Sequence[RecognisedCore]:
    """Recognise every stack of such layers; raises Fault for bidirectional and projected ones."""
    modules: dict[str, dict[int, Layer]] = {}
    for name in arrays:
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        if match["reverse"]:
            raise Fault(f"{name!r:.80} belongs to a bidirectional layer, which reads from right to left too; seqlab "
                        "opens networks that read from left to right.")
        if match["part"] == "weight_hr":
            raise Fault(f"{name!r:.80} projects the hidden state (proj_size), which seqlab cannot open; train the "
                        "network without it.")
        modules.setdefault(match["prefix"], {}).setdefault(int(match["layer"] or 0), {})[match["part"]] = name
    return [_core(prefix, layers, arrays) for prefix, layers in _stacked(modules, arrays)]


def _stacked(modules: dict[str, dict[int, Layer]], arrays: Arrays) -> Iterator[tuple[str, list[Layer]]]:
    """Layers in order: those of one module, and modules of one layer that are numbered and fit on one another."""
    left = {prefix: [modules[prefix][place] for place in sorted(modules[prefix])] for prefix in in_order(modules)}
    while left:
        prefix, layers = next(iter(left.items()))
        del left[prefix]
        number = _NUMBER.fullmatch(prefix)
        stem = prefix
        while number and (following := f"{number[1]}{int(number[2]) + 1}{number[3]}") in left and _fit(
                layers[-1], left[following][0], arrays):
            layers, stem = layers + left.pop(following), number[1]
            number = _NUMBER.fullmatch(following)
        yield stem, layers


def _fit(below: Layer, above: Layer, arrays: Arrays) -> bool:
    """Whether a layer is of the same kind and size as the one below, and reads what that gives."""
    if not ("weight_hh" in below and "weight_hh" in above and "weight_ih" in above):
        return False
    state = arrays[below["weight_hh"]].shape
    return arrays[above["weight_hh"]].shape == state and arrays[above["weight_ih"]].shape == state


def _core(prefix: str, layers: list[Layer], arrays: Arrays) -> RecognisedCore:
    first = layers[0]
    kind, hidden = _kind(prefix, first, arrays)
    rows, width = arrays[first["weight_hh"]].shape[0], _width(prefix, first, arrays)
    uses, parts = list[TensorUse](), dict[str, np.ndarray]()
    biases = [part in layer for layer in layers for part in ("bias_ih", "bias_hh")]
    for place, layer in enumerate(layers):
        shapes = {"weight_ih": (rows, hidden if place else width), "weight_hh": (rows, hidden),
                  "bias_ih": (rows,), "bias_hh": (rows,)}
        for part in PARTS:
            role = f"core.{part}_l{place}"
            if part.startswith("bias") and part not in layer:
                parts[role] = np.zeros(shapes[part], arrays[first["weight_hh"]].dtype)
                continue
            name = layer.get(part, f"{prefix}{part}_l{place}")
            parts[role] = sized(name, arrays, shapes[part])
            uses.append(TensorUse(name, shapes[part], role, _reason(kind, part, place, rows, hidden)))
    if any(biases) and not all(biases):
        raise Fault(f"Some layers under {prefix!r:.60} have biases and others have none, or only one of two; seqlab "
                    "opens networks whose layers are alike.")
    label = f"{kind.upper()}, {counted(len(layers), 'layer')} of {counted(hidden, 'unit')}"
    return RecognisedCore(
        label, prefix, tuple(uses), width, hidden, partial(_build, kind, hidden, len(layers), any(biases), parts),
        (ACTIVATION,) if kind == "rnn" else (), missing=() if any(biases) else ("biases of the recurrent layers",))


def _kind(prefix: str, layer: Layer, arrays: Arrays) -> tuple[str, int]:
    if "weight_hh" not in layer:
        raise Fault(f"The tensor {prefix + 'weight_hh_l0'!r:.80} is missing, which takes the hidden state on.")
    shape = arrays[layer["weight_hh"]].shape
    if len(shape) != 2 or not shape[1] or shape[0] % shape[1] or shape[0] // shape[1] not in BLOCKS:
        hidden = shape[-1] if shape else 0
        expected = ", ".join(f"{size((blocks * hidden, hidden))} ({kind.upper()})" for blocks, kind in BLOCKS.items())
        raise Fault(f"The tensor {layer['weight_hh']!r:.80} is {size(shape)}; expected {expected}.")
    return BLOCKS[shape[0] // shape[1]], shape[1]


def _width(prefix: str, layer: Layer, arrays: Arrays) -> int:
    if "weight_ih" not in layer:
        raise Fault(f"The tensor {prefix + 'weight_ih_l0'!r:.80} is missing, which reads the input.")
    shape = arrays[layer["weight_ih"]].shape
    if len(shape) != 2 or not shape[1]:
        raise Fault(f"The tensor {layer['weight_ih']!r:.80} is {size(shape)}; expected a matrix.")
    return int(shape[1])


def _reason(kind: str, part: str, place: int, rows: int, hidden: int) -> str:
    reads = {"weight_ih": "reads the input" if not place else "reads the layer below", "weight_hh": "reads the state",
             "bias_ih": "bias beside the input", "bias_hh": "bias beside the state"}[part]
    return f"named so by torch; {rows} rows are {rows // hidden} × {hidden} units, as in {kind.upper()}; {reads}"


def _build(kind: str, hidden: int, layers: int, biases: bool, parts: dict[str, np.ndarray], answers: Answers) -> Built:
    model = f"rnn_{answers['activation']}" if kind == "rnn" else kind
    settings = {"model": model, "hidden": hidden, "layers": layers, "bias": "two" if biases else "none"}
    return Built(settings, parts)


FAMILY = Family("recurrent", "nn.RNN, nn.GRU, nn.LSTM and their cells", recognise)
