"""nn.MultiheadAttention alone: layers of it one above another, without what makes a transformer's block of it."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from seqlab.adopt.blocks import BlockShape, split, zip_qkv
from seqlab.adopt.families import Family
from seqlab.adopt.families.transformer import LAST_NORM, around_blocks, entering_questions, heads_of, stacks_of
from seqlab.adopt.names import in_order, nearest
from seqlab.adopt.parts import Answers, Arrays, Built, OpenItem, RecognisedCore, Settings, TensorUse, sized
from seqlab.errors import Fault
from seqlab.numerals import counted

_NAME = re.compile(r"(?P<prefix>.*?)in_proj_weight")
_OTHER = re.compile(r".*(?:[qkv]_proj_weight|bias_[kv])")
_NUMBER = re.compile(r"\d+\.?$")
_CAUSAL = OpenItem("causal", "Each position attends to what stands before it (seqlab has such layers alone)?",
                   {"yes": "yes, with a causal mask"}, "yes")


def recognise(arrays: Arrays, facts: Mapping[str, Any]) -> Sequence[RecognisedCore]:
    """Recognise every stack of such layers that is no part of a block; raises Fault for other keys and values."""
    taken = {part.name for blocks in stacks_of(arrays)[0].values() for parts in blocks.values() for part in parts}
    found: dict[str, list[str]] = {}
    for name in in_order(arrays):
        match = _NAME.fullmatch(name)
        if match and name not in taken:
            found.setdefault(_NUMBER.sub("", match["prefix"]), []).append(match["prefix"])
        elif _OTHER.fullmatch(name) and name not in taken:
            raise Fault(f"The tensor {name!r:.80} is that of an attention whose keys or values have a width of their "
                        "own (kdim, vdim, add_bias_kv), which seqlab cannot open.")
    return [_core(stem, layers, arrays, facts, list(found)) for stem, layers in found.items()]


def _core(stem: str, layers: Sequence[str], arrays: Arrays, facts: Mapping[str, Any],
          stems: Sequence[str]) -> RecognisedCore:
    first = arrays[f"{layers[0]}in_proj_weight"]
    hidden, weights, uses = first.shape[-1], dict[str, np.ndarray](), list[TensorUse]()
    missing: list[str] = []
    for layer, prefix in enumerate(layers):
        start = f"core.blocks.{layer}.attention."
        for name, roles, size in (("in_proj_weight", "W_qkv", (3 * hidden, hidden)),
                                  ("in_proj_bias", "b_qkv", (3 * hidden,)),
                                  ("out_proj.weight", "W_o", (hidden, hidden)), ("out_proj.bias", "b_o", (hidden,))):
            bare = "bias" in name and prefix + name not in arrays
            array = np.zeros(size, first.dtype) if bare else sized(prefix + name, arrays, size)
            parts = zip_qkv(roles[0], np.split(array, 3)) if roles.endswith("qkv") else {roles: array}
            weights |= {start + part: value for part, value in parts.items()}
            if bare:
                missing.append(f"{roles} (0)")
            else:
                uses.append(TensorUse(prefix + name, size, start + roles, "named so by torch's attention"))
    shape, names = BlockShape(hidden, 0, False, 0), {use.name for use in uses}
    beside = {name: array for name, array in arrays.items()
              if name not in names and not LAST_NORM.fullmatch(name) and stem in nearest(name, stems)}
    settings: Settings = {"hidden": hidden, "layers": len(layers), "entry": "none",
                          "bias": "none" if len(missing) == 2 * len(layers) else "two"}
    width = around_blocks(beside, shape, weights, uses, [], settings)
    del settings["final_norm"]
    longest = len(weights["core.position.weight"]) if "core.position.weight" in weights else 0
    questions = (heads_of(shape, facts), _CAUSAL, *entering_questions(settings, shape, scaled=True))
    return RecognisedCore(f"{counted(len(layers), 'layer')} of attention, width {hidden}", stem, tuple(uses), width,
                          hidden, partial(_build, settings, weights), questions, longest,
                          missing=tuple(dict.fromkeys(missing)))


def _build(settings: Settings, weights: dict[str, np.ndarray], answers: Answers) -> Built:
    positions = {"positions": answers["positions"]} if "positions" in answers else {}
    heads = int(answers["heads"])
    return Built(settings | positions | {"model": "self_attention", "heads": heads}, split(weights, heads))


FAMILY = Family("attention", "nn.MultiheadAttention", recognise)
