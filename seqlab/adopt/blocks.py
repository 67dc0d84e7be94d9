"""The tensors of one transformer block under the names that programs give them, and the block in seqlab's form."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from seqlab.adopt.parts import Arrays, TensorUse, sized
from seqlab.errors import Fault

# What the parts of a block are called: seqlab's role, and the names in other programs, without ``.weight``.
_ROLES = {
    "ln1": r"ln_?1|norm_?1|layer_?norm_?1|attn_norm|attention_norm|input_layernorm",
    "ln2": r"ln_?2|norm_?2|layer_?norm_?2|mlp_norm|ffn?_norm|post_attention_layernorm",
    "qkv": r"(?:self_attn|attn|attention|sa|mha)\.(?:c_attn|qkv|in_proj|qkv_proj|to_qkv)",
    "head": r"(?:sa|attn|attention|self_attn|mha)\.heads\.(?P<head>\d+)\.(?P<which>query|key|value)",
    "one": r"(?:self_attn|attn|attention|sa|mha)\.(?:W_?|to_|w_?)?(?P<what>[qkv]|query|key|value)(?:_proj|_lin)?",
    "out": r"(?:self_attn|attn|attention|sa|mha)\.(?:c_proj|out_proj|proj|o_proj|out|W_?o|to_out|proj_out)",
    "ff_in": r"(?:mlp|ff|ffn|ffwd|feed_forward)\.(?:net\.)?(?:c_fc|fc1|fc_in|0|w1|lin1|linear1)|linear1",
    "ff_out": r"(?:mlp|ff|ffn|ffwd|feed_forward)\.(?:net\.)?(?:c_proj|fc2|fc_out|2|w2|lin2|linear2)|linear2",
}
_PATTERNS = {role: re.compile(names, re.I) for role, names in _ROLES.items()}
_PART = re.compile(r"(?P<stem>.+?)[._](?P<kind>weight|bias)")
_CROSS = re.compile(r"multihead_attn|cross_attn|norm3|encoder_attn")
_BESIDE = re.compile(r"(?:.*\.)?(?:bias|masked_bias|tril|mask)")  # masks that modules keep


@dataclass(frozen=True)
class Piece:
    """A tensor of a block: its name, its role, and of one head or one of q, k, v which."""

    name: str
    role: str
    kind: str
    which: str = ""
    head: int = -1


def piece(name: str, rest: str) -> Piece | None:
    """Say what a tensor of a block is, by its name within it; None for one that is not known.

    Raises Fault for attention to another sequence.
    """
    if _CROSS.search(rest):
        raise Fault(f"The tensor {name!r:.80} attends to another sequence (an encoder's); seqlab opens networks that "
                    "read one sequence.")
    match = _PART.fullmatch(rest)
    if match is None:
        return None
    for role, pattern in _PATTERNS.items():
        hit = pattern.fullmatch(match["stem"])
        if hit:
            known = hit.groupdict()
            which = (known.get("which") or known.get("what") or "")[:1].lower()
            return Piece(name, role, match["kind"], which, int(known.get("head") or -1))
    return None


def is_mask(rest: str) -> bool:
    """Whether a tensor of a block is a mask that the module keeps, so that its attention looks back alone."""
    return bool(_BESIDE.fullmatch(rest)) and _PART.fullmatch(rest) is not None and not any(
        pattern.fullmatch(rest.rpartition(".")[0]) for role, pattern in _PATTERNS.items() if role != "one")


@dataclass(frozen=True)
class BlockShape:
    """Sizes of a block, whether its matrices are turned, and how many heads its tensors show (0: they do not)."""

    hidden: int
    wide: int
    turned: bool
    heads: int


def shape_of(pieces: Iterable[Piece], arrays: Arrays, label: str) -> BlockShape:
    """Read the sizes off the first block; raises Fault where a part that must be there is not."""
    by_role = {(part.role, part.kind): arrays[part.name] for part in pieces}
    for role, what in (("out", "output matrix of the attention"), ("ff_in", "first layer of the feed-forward network"),
                       ("ff_out", "second layer of the feed-forward network"), ("ln1", "first normalisation"),
                       ("ln2", "second normalisation")):
        if (role, "weight") not in by_role:
            raise Fault(f"The blocks {label!r:.60} have no {what} under a name that seqlab knows.")
    hidden = by_role["ln1", "weight"].shape[0]
    qkv, first = by_role.get(("qkv", "weight")), by_role["ff_in", "weight"]
    turned = first.ndim == 2 and first.shape[0] == hidden != first.shape[1]
    turned = qkv.shape == (hidden, 3 * hidden) if qkv is not None else turned
    heads = len({part.head for part in pieces if part.role == "head"})
    return BlockShape(hidden, first.shape[1 if turned else 0] if first.ndim == 2 else 0, turned, heads)


def weights_of(layer: int, pieces: Iterable[Piece], arrays: Arrays,
               shape: BlockShape) -> tuple[dict[str, np.ndarray], list[TensorUse], list[str]]:
    """Give a block's weights under seqlab's names but for the heads, the uses, and what it has not.

    The attention's matrices are ``W_q`` and so on, ``hidden × hidden``, their biases ``b_q``, for ``split`` to cut.
    """
    known = {(part.role, part.kind, part.which, part.head): part.name for part in pieces}
    hidden, wide, before = shape.hidden, shape.wide, f"core.blocks.{layer}."
    weights, uses, missing = dict[str, np.ndarray](), list[TensorUse](), list[str]()

    def take(role: str, own: str, size: tuple[int, ...], which: str = "", head: int = -1) -> np.ndarray:
        kind = "bias" if len(size) == 1 and not role.startswith("ln") else "weight"
        kind = own.rpartition(".")[2] if role.startswith("ln") else kind
        name = known.get((role, kind, which, head))
        if name is None and kind == "bias":
            missing.append(f"{before}{own}")
            return np.zeros(size, next(iter(weights.values())).dtype)
        if name is None:
            raise Fault(f"Block {layer} has no {own} under a name that seqlab knows.")
        turned = shape.turned and len(size) == 2
        uses.append(TensorUse(name, arrays[name].shape, before + own,
                              "named so in a block" + (", turned" if turned else "")))
        return sized(name, arrays, size[::-1] if turned else size).T if turned else sized(name, arrays, size)

    for number in "12":
        weights[f"{before}ln{number}.weight"] = take(f"ln{number}", f"ln{number}.weight", (hidden,))
        weights[f"{before}ln{number}.bias"] = take(f"ln{number}", f"ln{number}.bias", (hidden,))
    weights |= {f"{before}attention.{part}": array
                for part, array in _attention(known, shape, take).items()}
    for role, rows, columns in (("ff_in", wide, hidden), ("ff_out", hidden, wide)):
        weights[f"{before}{role}.weight"] = take(role, f"{role}.weight", (rows, columns))
        weights[f"{before}{role}.bias"] = take(role, f"{role}.bias", (rows,))
    return weights, uses, missing


Take = Callable[..., np.ndarray]


def _attention(known: Mapping[tuple[str, str, str, int], str], shape: BlockShape, take: Take) -> dict[str, np.ndarray]:
    hidden, parts = shape.hidden, dict[str, np.ndarray]()
    if ("qkv", "weight", "", -1) in known:
        parts |= zip_qkv("W", np.split(take("qkv", "attention.W_qkv", (3 * hidden, hidden)), 3))
        parts |= zip_qkv("b", np.split(take("qkv", "attention.b_qkv", (3 * hidden,)), 3))
    for letter in "qkv" if not parts else "":
        if shape.heads:
            feature = hidden // shape.heads
            for part, size in ((f"W_{letter}", (feature, hidden)), (f"b_{letter}", (feature,))):
                parts[part] = np.concatenate([take("head", f"attention.{part}", size, letter, head)
                                              for head in range(shape.heads)])
        else:
            parts[f"W_{letter}"] = take("one", f"attention.W_{letter}", (hidden, hidden), letter)
            parts[f"b_{letter}"] = take("one", f"attention.b_{letter}", (hidden,), letter)
    parts["W_o"] = take("out", "attention.W_o", (hidden, hidden))
    return parts | {"b_o": take("out", "attention.b_o", (hidden,))}


def zip_qkv(letter: str, parts: Iterable[np.ndarray]) -> dict[str, np.ndarray]:
    """Name the three parts of a stack."""
    return {f"{letter}_{which}": part for which, part in zip("qkv", parts, strict=True)}


def split(weights: Mapping[str, np.ndarray], heads: int) -> dict[str, np.ndarray]:
    """Cut the attention's matrices and biases into those of the heads."""
    cut = re.compile(r".*attention\.[Wb]_[qkv]")
    return {name: array.reshape(heads, len(array) // heads, *array.shape[1:]) if cut.fullmatch(name) else array
            for name, array in weights.items()}
