"""The layer of the tutorials: one linear map over the input and the old state side by side (``i2h``)."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from seqlab.adopt.families import Family
from seqlab.adopt.parts import Answers, Arrays, Built, OpenItem, RecognisedCore, TensorUse, size, sized
from seqlab.errors import Fault
from seqlab.numerals import counted

_NAME = re.compile(r"(?P<prefix>.*?)(?:i2h|in2hidden|in2h|input2hidden|input_to_hidden)\.weight")
_BESIDE = re.compile(r"(?:i2o|in2out|input2output|input_to_output)\.weight")
_ACTIVATION = OpenItem("activation", "Which function makes the new state? (seqlab has tanh alone for such a layer)",
                       {"tanh": "tanh"}, "tanh")


def recognise(arrays: Arrays, facts: Mapping[str, Any]) -> Sequence[RecognisedCore]:
    """Recognise every such layer; raises Fault where the output reads the input too."""
    return [_core(match["prefix"], name, arrays) for name in arrays if (match := _NAME.fullmatch(name))]


def _core(prefix: str, name: str, arrays: Arrays) -> RecognisedCore:
    matrix, bias = arrays[name], name.removesuffix("weight") + "bias"
    if any(_BESIDE.fullmatch(other.removeprefix(prefix)) for other in arrays):
        raise Fault(f"The output of the layer {name!r:.80} reads the input beside the state (i2o); seqlab opens "
                    "networks whose output reads the state.")
    if matrix.ndim != 2 or matrix.shape[1] <= matrix.shape[0]:
        raise Fault(f"The tensor {name!r:.80} is {size(matrix.shape)}; expected more columns than rows, for the input "
                    "and the old state side by side.")
    hidden, both = matrix.shape
    uses = [TensorUse(name, matrix.shape, "core.weight_l0", "named so in tutorials; its last columns read the state")]
    weights = {"core.weight_l0": matrix, "core.bias_l0": np.zeros(hidden, matrix.dtype)}
    if bias in arrays:
        weights["core.bias_l0"] = sized(bias, arrays, (hidden,))
        uses.append(TensorUse(bias, (hidden,), "core.bias_l0", f"stands by {name}"))
    label = f"RNN from a tutorial, {counted(hidden, 'unit')}"
    return RecognisedCore(label, prefix, tuple(uses), both - hidden, hidden,
                          partial(_build, hidden, bias in arrays, weights), (_ACTIVATION,),
                          missing=() if bias in arrays else ("bias of the layer",))


def _build(hidden: int, biased: bool, weights: dict[str, np.ndarray], answers: Answers) -> Built:
    return Built({"model": "elman", "hidden": hidden, "layers": 1, "bias": "two" if biased else "none"}, weights)


FAMILY = Family("elman", "the tutorials' layer i2h", recognise)
