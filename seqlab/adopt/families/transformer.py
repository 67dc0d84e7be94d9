"""Transformers: GPT-like blocks (nanoGPT, GPT-2, a lecture's) and nn.TransformerEncoder."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from seqlab.adopt.blocks import BlockShape, Piece, is_mask, piece, shape_of, split, weights_of
from seqlab.adopt.ends import SCALE
from seqlab.adopt.families import Family
from seqlab.adopt.names import nearest
from seqlab.adopt.parts import STATED, Answers, Arrays, Built, OpenItem, RecognisedCore, Settings, TensorUse, sized
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.reference.positions import sinusoids

_BLOCK = re.compile(r"(?P<stem>.*?)(?P<list>h|blocks?|layers?|resblocks|transformer_blocks|decoder_blocks)\."
                    r"(?P<number>\d+)\.(?P<rest>.+)")
_POSITIONS = re.compile(r"(?:.*\.)?(?:wpe|pe|pos_?(?:emb\w*|enc\w*)?|position\w*)"
                        r"(?:\.(?:weight|pe|embedding\.weight))?", re.I)
LAST_NORM = re.compile(r"(?:.*\.)?(?:ln_?f|norm_?f?|final_(?:layer_?)?norm|ln|layer_?norm|ln_final|norm_out)\."
                   r"(weight|bias)", re.I)
_ENTRY = re.compile(r"(?:.*\.)?(?:input\w*|proj_in|entry|in_proj|embed\w*_proj\w*)\.(weight|bias)", re.I)
_HEADS = ("n_head", "n_heads", "num_heads", "nhead", "heads", "num_attention_heads")
_CAUSAL = {"yes": "what stands before it (causal)", "no": "all of the sequence"}
MOST_HEADS = 64


def recognise(arrays: Arrays, facts: Mapping[str, Any]) -> Sequence[RecognisedCore]:
    """Recognise every stack of blocks; raises Fault for one that attends to another sequence."""
    stacks, masks = stacks_of(arrays)
    return [_core(prefix, blocks, arrays, facts, prefix in masks, list(stacks)) for prefix, blocks in stacks.items()]


def stacks_of(arrays: Arrays) -> tuple[dict[str, dict[int, list[Piece]]], set[str]]:
    """Give the parts of every stack of blocks by prefix and number, and the prefixes of those that keep masks."""
    stacks: dict[str, dict[int, list[Piece]]] = {}
    masks: set[str] = set()
    for name in arrays:
        match = _BLOCK.fullmatch(name)
        part = piece(name, match["rest"]) if match else None
        alone = None if match else _alone(name)
        if match and part:
            stacks.setdefault(f"{match['stem']}{match['list']}.", {}).setdefault(int(match["number"]), []).append(part)
        elif alone:
            stacks.setdefault(alone[0], {}).setdefault(0, []).append(alone[1])
        elif match and is_mask(match["rest"]):
            masks.add(f"{match['stem']}{match['list']}.")
    stacks = {prefix: blocks for prefix, blocks in stacks.items()
              if {"out", "ff_in"} <= {part.role for part in blocks[min(blocks)]}}
    return stacks, masks


def _alone(name: str) -> tuple[str, Piece] | None:
    """Read a name as that of a part of a block without a number: what stands before the part, and the part."""
    parts = name.split(".")
    for place in range(len(parts) - 1):
        part = piece(name, ".".join(parts[place:]))
        if part:
            return "".join(f"{word}." for word in parts[:place]), part
    return None


def _core(prefix: str, blocks: Mapping[int, list[Piece]], arrays: Arrays, facts: Mapping[str, Any], masked: bool,
          prefixes: Sequence[str]) -> RecognisedCore:
    shape = shape_of(blocks[min(blocks)], arrays, prefix)
    weights, uses, missing = dict[str, np.ndarray](), list[TensorUse](), list[str]()
    for layer, number in enumerate(sorted(blocks)):
        parts, used, without = weights_of(layer, blocks[number], arrays, shape)
        weights, uses, missing = weights | parts, uses + used, missing + without
    taken = {part.name for parts in blocks.values() for part in parts}
    beside = {name: array for name, array in arrays.items()
              if not _BLOCK.fullmatch(name) and name not in taken and prefix in nearest(name, prefixes)}
    settings: Settings = {"hidden": shape.hidden, "layers": len(blocks), "feed_forward": shape.wide, "entry": "none"}
    width = around_blocks(beside, shape, weights, uses, missing, settings)
    biases = {name for name in weights if name.rpartition(".")[2].startswith("b")}
    settings["bias"] = "none" if biases <= set(missing) else "two"
    names = {use.name for use in uses}
    gpt = any(".c_attn" in name or ".heads." in name for name in names)
    label = f"{counted(len(blocks), 'transformer block')} of width {shape.hidden}"
    longest = len(weights["core.position.weight"]) if "core.position.weight" in weights else 0
    questions = _questions(shape, facts, gpt, masked, settings, beside, names)
    return RecognisedCore(label, prefix, tuple(uses), width, shape.hidden, partial(_build, settings, weights),
                          questions, longest, tied=True, missing=_in_words(missing))


def around_blocks(beside: Arrays, shape: BlockShape, weights: dict[str, np.ndarray], uses: list[TensorUse],
                  missing: list[str], settings: Settings) -> int:
    """Take what stands before and above the blocks: positions, an input layer, a normalisation; gives the width."""
    hidden, width, dtype = shape.hidden, shape.hidden, next(iter(weights.values())).dtype
    for name, array in beside.items():
        flat = array.reshape(-1, hidden) if array.size and array.shape[-1] == hidden else array
        last, entry = LAST_NORM.fullmatch(name), _ENTRY.fullmatch(name)
        if _POSITIONS.fullmatch(name) and flat.ndim == 2 and array.ndim <= 3 and flat.shape[1] == hidden:
            waves = np.allclose(flat, sinusoids(len(flat), hidden, np.dtype(np.float64)), atol=1e-5)
            settings |= {"positions": "sinusoidal"} if waves else {"positions": "learned", "context": len(flat)}
            if not waves:
                weights["core.position.weight"] = flat
            uses.append(TensorUse(name, array.shape, "sinusoidal positions" if waves else "core.position.weight",
                                  f"{len(flat)} positions of {hidden} numbers, {'the waves' if waves else 'added'}"))
        elif last and array.shape == (hidden,):
            weights[f"core.norm.{last[1]}"] = array
            uses.append(TensorUse(name, array.shape, f"core.norm.{last[1]}", "a normalisation above all blocks"))
        elif entry and entry[1] == "weight" and array.ndim == 2 and array.shape[0] == hidden:
            width, settings["entry"], weights["core.input.weight"] = array.shape[1], "linear", array
            bias = name.removesuffix("weight") + "bias"
            uses.append(TensorUse(name, array.shape, "core.input.weight", "a linear layer before the blocks"))
            weights["core.input.bias"] = sized(bias, beside, (hidden,)) if bias in beside else np.zeros(hidden, dtype)
            if bias in beside:
                uses.append(TensorUse(bias, (hidden,), "core.input.bias", f"stands by {name}"))
    settings["final_norm"] = "core.norm.weight" in weights
    if settings["final_norm"] and "core.norm.bias" not in weights:
        weights["core.norm.bias"] = np.zeros(hidden, dtype)
        missing.append("core.norm.bias")
    return width


def _questions(shape: BlockShape, facts: Mapping[str, Any], gpt: bool, masked: bool, settings: Settings,
               beside: Arrays, names: set[str]) -> tuple[OpenItem, ...]:
    first = settings["final_norm"] or gpt
    ends = [array.shape[0] for name, array in beside.items() if array.ndim == 2 and array.shape[1] == shape.hidden
            and name not in names]
    text = len(ends) == 1 or len(set(ends)) < len(ends)  # as many outputs as symbols, or one matrix for both
    asked = [
        heads_of(shape, facts),
        OpenItem("causal", "What does each position attend to?", _CAUSAL, "yes" if gpt or masked or text else "no",
                 decided="it keeps a mask" if masked else "blocks of such names are a GPT's" if gpt else ""),
        OpenItem("norm", "Where does a block normalise?",
                 {"first": "before attention and feed-forward", "last": "after them (torch's own choice)"},
                 "first" if first else "last", decided="blocks of such names are a GPT's" if gpt else ""),
        OpenItem("activation", "Which function does its feed-forward network apply?",
                 {"gelu": "GELU", "gelu-tanh": "GELU, approximated by tanh", "relu": "ReLU"},
                 "gelu-tanh" if shape.turned else "gelu" if gpt and not shape.heads else "relu")]
    return (*asked, *entering_questions(settings, shape, scaled=not gpt))


def entering_questions(settings: Settings, shape: BlockShape, *, scaled: bool) -> tuple[OpenItem, ...]:
    """Ask how codes enter: with which positions, and multiplied by what."""
    asked = []
    if "positions" not in settings:
        asked.append(OpenItem("positions", "The file has no positions. Does the program add any?",
                              {"none": "none", "sinusoidal": "waves (sines and cosines)"}, "none"))
    if settings.get("positions") != "learned" and scaled:
        asked.append(OpenItem(SCALE, "Are the codes multiplied by the root of their width before positions are added?",
                              {"no": "no", "root": f"yes, by √{shape.hidden}"}, "no",
                              only={} if "positions" in settings else {"positions": "sinusoidal"}))
    return tuple(asked)


def heads_of(shape: BlockShape, facts: Mapping[str, Any]) -> OpenItem:
    """Ask for the number of heads, where neither tensors nor facts tell; raises Fault for one that does not divide."""
    choices = {str(count): str(count) for count in range(1, min(shape.hidden, MOST_HEADS) + 1)
               if not shape.hidden % count}
    text = f"How many heads has its attention, of width {shape.hidden}?"
    if shape.heads:
        return OpenItem("heads", text, choices, str(shape.heads), decided="each head has tensors of its own")
    path, stated = next(((path, value) for path, value in _walk(facts) if path.rpartition(".")[2] in _HEADS), ("", 0))
    if stated and str(stated) not in choices:
        raise Fault(f"The file says {path} = {stated!r:.20}, which does not divide the width {shape.hidden}.")
    likely = next((count for count in ("4", "2", "3") if count in choices), "1")
    return OpenItem("heads", text, choices, str(stated or likely), decided=f"the file has {path}" if stated else "")


def _walk(facts: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    pairs = [(f"{before}{key}", value) for key, value in facts.items() if key != STATED]
    return [inner for path, value in pairs
            for inner in (_walk(value, f"{path}.") if isinstance(value, Mapping) else [(path, value)])]


def _build(settings: Settings, weights: dict[str, np.ndarray], answers: Answers) -> Built:
    heads = int(answers["heads"])
    chosen = {"model": "transformer" if answers["causal"] == "yes" else "encoder", "heads": heads,
              "norm": answers["norm"], "activation": answers["activation"]}
    positions = {"positions": answers["positions"]} if "positions" in answers else {}
    return Built(settings | chosen | positions, split(weights, heads))


def _in_words(missing: Sequence[str]) -> tuple[str, ...]:
    """Which biases there are not, once for all blocks."""
    return tuple(dict.fromkeys(f"{re.sub(r'^core[.](blocks[.][0-9]+[.])?', '', name)} (0)" for name in missing))


FAMILY = Family("transformer", "GPT-like blocks and nn.TransformerEncoder", recognise)
