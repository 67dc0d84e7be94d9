"""What stands before and after the layers: codes of the symbols, of a condition, and the output layer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from seqlab.adopt.parts import Answers, Arrays, Built, OpenItem, RecognisedCore, TensorUse, size, sized
from seqlab.errors import Fault
from seqlab.reference.network import CONDITION, CONDITION_FIRST, SYMBOL

_CODE = re.compile(r"(?:^|[._])(?:\w*emb\w*|wte|tok\w*|lookup\w*|encoder|symbol|condition\w*|char\w*|word\w*|vocab\w*|"
                   r"(?-i:C|E))(?=[._]|$)", re.I)
_OUT = re.compile(r"(?:^|[._])(?:fc\w*|lin\w*|\w*out\w*|\w*decode\w*|\w*head\w*|\w*proj\w*|\w*classif\w*|dense\w*|"
                  r"\w*logits|unembed\w*|h2\w+|hidden2\w+|predict\w*|W_hq|W_ho|W_hy|V)(?=[._]|$)", re.I)
_CONDITION = re.compile(r"delay|cond|lag|speaker|style|label|class", re.I)
_TURNED = re.compile(r"(.*\.)?W_(h[qoy])")  # rows times matrices: hidden × outputs
_TURNED_BIAS = {"hq": "b_q", "ho": "b_o", "hy": "b_y"}
LAST, FIRST = "last", "first"
SCALE = "scale"  # the question whether the codes are multiplied by the root of their width


@dataclass(frozen=True)
class OutputLayer:
    """An output layer in the file: its matrix, whether that is turned on its side, and its bias."""

    name: str
    turned: bool = False
    bias: str = ""


@dataclass(frozen=True)
class Ends:
    """What was recognised around a core; ``count`` symbols with codes, ``conditions`` values of a condition.

    ``codes`` are the names of the matrices of the symbols and of the condition, none where the input is one-hot.
    """

    core: RecognisedCore
    codes: tuple[str, ...]
    outputs: tuple[OutputLayer, ...]
    reasons: dict[str, str] = field(default_factory=dict)
    questions: tuple[OpenItem, ...] = ()

    def output(self, answers: Answers) -> OutputLayer | None:
        """The output layer that was chosen; None where the hidden state is the logits."""
        return next((layer for layer in self.outputs if layer.name == answers.get("output", "")), None)


def recognise(core: RecognisedCore, arrays: Arrays) -> Ends:
    """Recognise what stands around a core among the tensors that it leaves; raises Fault for what cannot be joined."""
    reasons: dict[str, str] = {}
    codes, layers = _codes(core, arrays, reasons), _outputs(core, arrays)
    if not codes:
        codes = _by_width(core, arrays, [layer.name for layer in layers], reasons)
    layers = [layer for layer in layers if layer.name not in codes]
    questions = [*_which_code(codes, arrays), *_which_output(core, codes, layers, arrays)]
    return Ends(core, tuple(codes), tuple(layers), reasons, tuple(questions))


def _codes(core: RecognisedCore, arrays: Arrays, reasons: dict[str, str]) -> list[str]:
    """Matrices that are named as codes and have no bias, whose widths together are what the core reads."""
    named = [name for name, array in arrays.items()
             if array.ndim == 2 and name not in core.names and f"{_stem(name)}.bias" not in arrays
             and _CODE.search(_stem(name)) and not _OUT.search(_stem(name))]
    for name in named:
        reasons[name] = "named as an embedding; "
    widths = [arrays[name].shape[1] for name in named]
    if not named or (sum(widths) == core.width and len(named) <= 2):
        return _symbol_first(named, arrays)
    if len(named) > 1 and set(widths) == {core.width}:
        raise Fault(f"The codes {' and '.join(map(repr, named[:3]))} are as wide as the input of the layers, "
                    f"{core.width}, so they seem to be added; seqlab joins the codes of a symbol and of a condition.")
    raise Fault(f"The layers read {core.width} numbers at each time, but the codes before them "
                f"({', '.join(f'{name!r:.60} {size(arrays[name].shape)}' for name in named[:3])}) give {sum(widths)}; "
                "seqlab opens networks that read the code of a symbol, or it and a condition's side by side.")


def _by_width(core: RecognisedCore, arrays: Arrays, layers: Sequence[str], reasons: dict[str, str]) -> list[str]:
    """A matrix without a telling name that comes before the layers in the file and is as wide as they read."""
    order, first = list(arrays), min((place for place, name in enumerate(arrays) if name in core.names), default=0)
    fitting = [name for name in order[:first] if arrays[name].ndim == 2 and arrays[name].shape[1] == core.width
               and name not in core.names and not _OUT.search(_stem(name)) and f"{_stem(name)}.bias" not in arrays]
    for name in fitting[:1]:
        reasons[name] = "stands before the layers and is as wide as what they read; "
    return fitting[:1]


def _symbol_first(names: list[str], arrays: Arrays) -> list[str]:
    """The symbols' codes before the condition's, which are known by their name, or are fewer."""
    return sorted(names, key=lambda name: (bool(_CONDITION.search(name)), -arrays[name].shape[0]))


def _outputs(core: RecognisedCore, arrays: Arrays) -> list[OutputLayer]:
    """Matrices that read what the core gives, the likeliest last."""
    layers = []
    for name, array in arrays.items():
        turned, stem = _TURNED.fullmatch(name), _stem(name)
        if name in core.names or array.ndim != 2:
            continue
        if turned and array.shape[0] == core.hidden:
            bias = f"{turned[1] or ''}{_TURNED_BIAS[turned[2]]}"
            layers.append(OutputLayer(name, turned=True, bias=bias if bias in arrays else ""))
        elif array.shape[1] == core.hidden and (_OUT.search(stem) or f"{stem}.bias" in arrays
                                                or not _CODE.search(stem)):
            bias = f"{stem}.bias" if f"{stem}.bias" in arrays else ""
            layers.append(OutputLayer(name, bias=bias))
    return sorted(layers, key=lambda layer: bool(_OUT.search(_stem(layer.name))))


def _which_code(codes: list[str], arrays: Arrays) -> list[OpenItem]:
    if len(codes) < 2:
        return []
    named = [bool(_CONDITION.search(name)) for name in codes] == [False, True]
    return [OpenItem("condition", "Two matrices of codes: which is that of the condition, the other being the "
                     "symbols'?", {name: f"{name}, {size(arrays[name].shape)}" for name in codes}, codes[1],
                     decided=f"{codes[1]} is named so" if named else ""),
            OpenItem("place", "Where is the condition's code joined?",
                     {LAST: "after the symbol's", FIRST: "before the symbol's"}, LAST)]


def _which_output(core: RecognisedCore, codes: list[str], layers: list[OutputLayer], arrays: Arrays) -> list[OpenItem]:
    choices = {layer.name: f"{layer.name}, {size(arrays[layer.name].shape)}" for layer in reversed(layers)}
    tied = next((name for name in codes if arrays[name].shape[1] == core.hidden), None)
    if not layers and tied and core.tied:
        choices[tied] = f"the embedding {tied}, which is the output layer too"
    elif not layers:
        choices[""] = "the hidden state is the logits"
    why = "" if len(choices) > 1 else "there is no other" if layers else "the file has no output layer"
    text = "Which tensor is the output layer?"
    return [OpenItem("output", text, choices, next(iter(choices)), decided=why)]


def build(ends: Ends, arrays: Arrays, answers: Answers, count: int, conditions: int, dtype: np.dtype) -> Built:
    """Give settings and weights of the ends under seqlab's names; raises Fault for a bias of the wrong length."""
    codes, settings, weights = _ordered(ends.codes, answers), dict[str, object](), dict[str, np.ndarray]()
    place = CONDITION_FIRST if answers.get("place") == FIRST else CONDITION
    settings["condition_first"] = place == CONDITION_FIRST
    if codes:
        settings |= {"input": "embedding", "embedding": arrays[codes[0]].shape[1]}
        factor = np.sqrt(arrays[codes[0]].shape[1]) if answers.get(SCALE) == "root" else 1.0
        weights |= {role: (arrays[name] * factor).astype(arrays[name].dtype)
                    for role, name in zip((SYMBOL, place), codes, strict=False)}
        if len({arrays[name].shape[1] for name in codes}) > 1:
            raise Fault(f"The codes of the symbols are {arrays[codes[0]].shape[1]} wide and those of the condition "
                        f"{arrays[codes[1]].shape[1]}; seqlab opens networks where both are equally wide.")
    else:
        settings["input"] = "one-hot"
        weights[SYMBOL] = np.eye(count, dtype=dtype)
        if conditions:
            weights[place] = np.eye(conditions, dtype=dtype)
    return Built(settings | _output(ends, arrays, answers, codes, weights), weights)


def _output(ends: Ends, arrays: Arrays, answers: Answers, codes: Sequence[str],
            weights: dict[str, np.ndarray]) -> dict[str, object]:
    """Add the output layer to the weights and give its settings."""
    layer, tied = ends.output(answers), answers["output"] in codes
    if layer is None and not tied:
        return {"readout": "state"}
    name = layer.name if layer else answers["output"]
    matrix = arrays[name].T if layer and layer.turned else arrays[name]
    tied = (tied or (bool(codes) and np.array_equal(matrix, arrays[codes[0]]))) and answers.get(SCALE) != "root"
    if not tied:
        weights["decoder.weight"] = matrix
    if layer and layer.bias:
        weights["decoder.bias"] = sized(layer.bias, arrays, (matrix.shape[0],))
    else:
        weights["decoder.bias"] = np.zeros(matrix.shape[0], matrix.dtype)
    biased = bool(layer and layer.bias)
    settings: dict[str, object] = {"readout": "linear"} | ({"tied": True} if tied else {})
    return settings if biased else settings | {"decoder_bias": False}


def uses(ends: Ends, arrays: Arrays, answers: Answers) -> tuple[TensorUse, ...]:
    """Say what each tensor around the core is taken for, and why."""
    taken, place = [], CONDITION_FIRST if answers.get("place") == FIRST else CONDITION
    for role, name in zip((SYMBOL, place), _ordered(ends.codes, answers), strict=False):
        rows, width = arrays[name].shape
        taken.append(TensorUse(name, (rows, width), role, ends.reasons.get(name, "")
                               + f"{rows} codes of {width} numbers, which the layers read"))
    layer = ends.output(answers)
    if layer:
        shape = arrays[layer.name].shape
        reason = f"reads the {ends.core.hidden} numbers that the layers give"
        if any(np.array_equal(arrays[layer.name], arrays[name]) for name in ends.codes[:1]):
            reason += "; equal to the codes of the symbols, so one matrix is both"
        taken.append(TensorUse(layer.name, shape, "decoder.weight", reason + (", turned" if layer.turned else "")))
        if layer.bias:
            taken.append(TensorUse(layer.bias, arrays[layer.bias].shape, "decoder.bias", f"stands by {layer.name}"))
    elif answers["output"]:
        taken = [replace(use, reason=f"{use.reason}; it is the output layer too") if use.name == answers["output"]
                 else use for use in taken]
    return tuple(taken)


def _ordered(codes: tuple[str, ...], answers: Answers) -> list[str]:
    """The symbols' codes, and then the condition's."""
    return sorted(codes, key=lambda name: name == answers.get("condition", codes[-1]) and len(codes) > 1)


def _stem(name: str) -> str:
    return name.removesuffix(".weight")
