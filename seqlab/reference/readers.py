"""Reading weights that torch modules made: any nn.RNN, nn.GRU, nn.LSTM or nn.MultiheadAttention, without torch.

A source is a module (anything with ``state_dict()``), a state dict of tensors or arrays, or a safetensors file, as a
path or as bytes. Every reader raises Fault, in one sentence, where the weights are not what it can use.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from seqlab.errors import Fault
from seqlab.reference.attention import AttentionWeights

GATES = {"rnn": 1, "gru": 3, "lstm": 4}  # blocks of rows in weight_ih and weight_hh

Gate = tuple[Float[np.ndarray, "input hidden"], Float[np.ndarray, " hidden"],
             Float[np.ndarray, "hidden hidden"], Float[np.ndarray, " hidden"]]


def recurrent(source: object, kind: str | None = None, prefix: str | None = None) -> dict[str, np.ndarray]:
    """Read a stack of recurrent layers under our names (``core.weight_ih_l0`` …), which are torch's.

    ``kind`` is rnn, gru or lstm (None: known by the shapes), ``prefix`` what stands before the names in the source
    (None: that of the only such layer). Biases that are not there become zeros.

    Tolerance to torch: 1e-12 in float64 (tests/reference/test_readers.py).
    """
    parts = _under(_arrays(source), prefix, ("weight_hh_l0", "weight_hh"))
    if "weight_hh" in parts:  # an RNNCell, GRUCell or LSTMCell: one layer without a number
        parts = {f"{name}_l0": array for name, array in parts.items()}
    _refuse(parts, r"_reverse$", "a bidirectional network is not supported; seqlab reads from left to right")
    _refuse(parts, r"^weight_hr_l", "a projected state (proj_size) is not supported")
    layers = sum(name.startswith("weight_hh_l") for name in parts)
    first = _matrix(parts, "weight_hh_l0")
    hidden, blocks = first.shape[1], _blocks(first, kind)
    width, read = _matrix(parts, "weight_ih_l0").shape[1], {}
    for layer in range(layers):
        shapes = {"weight_ih": (blocks * hidden, hidden if layer else width), "weight_hh": (blocks * hidden, hidden),
                  "bias_ih": (blocks * hidden,), "bias_hh": (blocks * hidden,)}
        for part, shape in shapes.items():
            name = f"{part}_l{layer}"
            bare = part.startswith("bias") and name not in parts
            read[f"core.{name}"] = np.zeros(shape, first.dtype) if bare else checked(name, parts.get(name), shape)
    return read


def kind_of(weights: Mapping[str, np.ndarray]) -> str:
    """Give rnn, gru or lstm by the shape of ``core.weight_hh_l0``."""
    rows, hidden = weights["core.weight_hh_l0"].shape
    return next(kind for kind, blocks in GATES.items() if blocks * hidden == rows)


def multihead(source: object, heads: int | None = None, prefix: str | None = None) -> AttentionWeights:
    """Read an attention layer as one matrix for each head; biases that are not there stay None.

    ``heads`` may be left out where the source is a module, which knows.

    Tolerance to torch: 1e-12 in float64 (tests/reference/test_readers.py).
    """
    known = getattr(source, "num_heads", heads)
    count = known if heads is None else heads
    if count is None:
        raise Fault("The weights do not tell the number of heads; give it.")
    if count != known:
        raise Fault(f"The module has {known} heads, not {heads}.")
    parts = _under(_arrays(source), prefix, ("out_proj.weight",))
    _refuse(parts, r"^[qkv]_proj_weight$", "keys or values of another width (kdim, vdim) are not supported")
    _refuse(parts, r"^bias_[kv]$", "an added key and value (add_bias_kv) is not supported")
    width = _matrix(parts, "out_proj.weight").shape[0]
    feature = features(width, count)
    stacked = checked("in_proj_weight", parts.get("in_proj_weight"), (3 * width, width))
    W_q, W_k, W_v = stacked.reshape(3, count, feature, width)
    W_o, b_q, b_k, b_v, b_o = checked("out_proj.weight", parts["out_proj.weight"], (width, width)), *4 * (None,)
    if "in_proj_bias" in parts:
        b_q, b_k, b_v = checked("in_proj_bias", parts["in_proj_bias"], (3 * width,)).reshape(3, count, feature)
    if "out_proj.bias" in parts:
        b_o = checked("out_proj.bias", parts["out_proj.bias"], (width,))
    return AttentionWeights(W_q, W_k, W_v, W_o, b_q, b_k, b_v, b_o)


def features(width: int, heads: int) -> int:
    """Width of one head; raises Fault where the heads do not divide the width."""
    if heads < 1 or width % heads:
        raise Fault(f"{heads} heads do not divide the width {width}; take a divisor of it.")
    return width // heads


def course_rnn(weights: Mapping[str, np.ndarray], layer: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turn one layer of an RNN to the course's (wt_h [H, H], wt_x [D, H], bias [H]), for rows times matrices."""
    W_ih, W_hh, b_ih, b_hh = _layer(weights, layer)
    return W_hh.T, W_ih.T, b_ih + b_hh


def course_gru(weights: Mapping[str, np.ndarray], layer: int = 0) -> tuple[Gate, Gate, Gate]:
    """Turn one layer of a GRU to the course's triples r, z, n, each (W_i [D, H], b_i [H], W_h [H, H], b_h [H])."""
    W_ih, W_hh, b_ih, b_hh = (np.split(part, 3) for part in _layer(weights, layer))
    r, z, n = ((W_ih[k].T, b_ih[k], W_hh[k].T, b_hh[k]) for k in range(3))
    return r, z, n


def course_mha(weights: AttentionWeights) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray], np.ndarray]:
    """Turn an attention layer to the course's lists Wq, Wk, Wv of [E, E/heads], one a head, and Wo [E, E].

    The course's attention has no biases: raises Fault where there is one that is not zero.
    """
    for name in ("b_q", "b_k", "b_v", "b_o"):
        bias = getattr(weights, name)
        if bias is not None and bias.any():
            raise Fault(f"The course's attention has no biases, but {name} is not zero.")
    Wq, Wk, Wv = ([head.T for head in part] for part in (weights.W_q, weights.W_k, weights.W_v))
    return Wq, Wk, Wv, weights.W_o.T


def checked(name: str, array: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray:
    """Pass an array of finite numbers in the right shape; raises Fault that names it, with what was expected."""
    if array is None:
        raise Fault(f"The weights {name} are missing; expected {_size(shape)}.")
    if array.shape != shape:
        raise Fault(f"The weights {name} have the wrong shape: expected {_size(shape)}, got {_size(array.shape)}.")
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        place = ", ".join(map(str, wrong[0]))
        raise Fault(f"The weights {name} hold {array[tuple(wrong[0])]} at [{place}]: expected finite numbers.")
    return array


def _arrays(source: object) -> dict[str, np.ndarray]:
    """Every tensor of a source as an array of float32 or float64."""
    if isinstance(source, bytes | bytearray | str | Path):
        source = _file(source)
    elif hasattr(source, "state_dict"):
        source = source.state_dict()
    if not isinstance(source, Mapping):
        raise Fault("The weights must be a module, a state dict or a safetensors file.")
    return {str(name): _array(str(name), value) for name, value in source.items()}


def _file(source: bytes | bytearray | str | Path) -> Mapping[str, np.ndarray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load
    try:
        return load(bytes(source) if isinstance(source, bytes | bytearray) else Path(source).read_bytes())
    except (OSError, SafetensorError, ValueError, TypeError, KeyError, AttributeError, MemoryError):
        raise Fault("The weights cannot be read: this is no safetensors file, or it is damaged.") from None


def _array(name: str, value: object) -> np.ndarray:
    try:
        array = np.asarray(value.detach().cpu().numpy() if hasattr(value, "detach") else value)
    except (TypeError, ValueError, RuntimeError):
        raise Fault(f"The weights {name} cannot be read as an array; save them as float32 or float64.") from None
    if array.dtype.kind != "f":
        raise Fault(f"The weights {name} are of type {array.dtype}; expected floating-point numbers.")
    return array if array.dtype == np.float64 else array.astype(np.float32, copy=False)


def _under(arrays: dict[str, np.ndarray], prefix: str | None, marks: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Keep what stands under a prefix, without it; where none is given, under the only one that has a mark."""
    if prefix is None:
        prefixes = {name.removesuffix(mark) for name in arrays for mark in marks
                    if name == mark or name.endswith(f".{mark}")}
        if len(prefixes) > 1:
            names = ", ".join(sorted(prefixes))
            raise Fault(f"The weights hold {len(prefixes)} such layers ({names}); give the prefix of one.")
        prefix = prefixes.pop() if prefixes else ""
    parts = {name.removeprefix(prefix).removeprefix("."): array for name, array in arrays.items()
             if name.startswith(prefix)}
    if not any(mark in parts for mark in marks):
        raise Fault(f"The weights {prefix}{marks[0]} are missing; these are not the weights of such a layer.")
    return parts


def _refuse(parts: Mapping[str, object], pattern: str, reason: str) -> None:
    name = next((name for name in parts if re.search(pattern, name)), None)
    if name is not None:
        raise Fault(f"The weights hold {name}: {reason}.")


def _matrix(parts: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """Pass a matrix whose sizes nobody knows yet, but which must have some."""
    array = parts.get(name)
    if array is None:
        raise Fault(f"The weights {name} are missing.")
    if array.ndim != 2 or not array.size:
        raise Fault(f"The weights {name} have the wrong shape: expected a matrix, got {_size(array.shape)}.")
    return array


def _blocks(weight: np.ndarray, kind: str | None) -> int:
    rows, hidden = weight.shape
    if kind is not None:
        if kind not in GATES:
            raise Fault(f"There is no recurrent layer {kind!r:.20}; there are {', '.join(GATES)}.")
        return GATES[kind]
    if rows not in [blocks * hidden for blocks in GATES.values()]:
        shapes = ", ".join(f"{_size((blocks * hidden, hidden))} ({name})" for name, blocks in GATES.items())
        raise Fault(f"The weights weight_hh_l0 have the wrong shape: expected {shapes}, got {_size(weight.shape)}.")
    return rows // hidden


def _layer(weights: Mapping[str, np.ndarray], layer: int) -> tuple[np.ndarray, ...]:
    return tuple(weights[f"core.{part}_l{layer}"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "a single number"
