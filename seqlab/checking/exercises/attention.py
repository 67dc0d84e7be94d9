"""Multi-head attention, and the same where no position sees what comes after it."""

import numpy as np

from seqlab.checking.exercise import Arguments, CodingExercise, Mistake, Output
from seqlab.checking.recurrent import HEAD, PEN, RIGHT
from seqlab.reference import attention, course

SIZES = ((1, 3, 4, 2), (2, 5, 6, 3), (4, 8, 10, 5), (3, 7, 8, 2), (2, 4, 5, 1))  # B, T, E, heads
_LISTS = "list of [E, E/heads]"
_DEF = "def mha(Wq, Wk, Wv, Wo, input_data):\n"
_SOFTMAX = """def softmax(a, axis=-1):
    e = np.exp(a - a.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


"""
_SCALE = "        scores = scores / np.sqrt(query.shape[-1])\n"
_SCORES = f"""        query, key = input_data @ q, input_data @ k
        scores = query @ key.swapaxes(1, 2)   # [B, T, T]
{_SCALE}"""
_VISIBLE = "np.where(np.tri(T, dtype=bool), scores, -np.inf)"
_MASK = f"""        T = scores.shape[1]
        scores = {_VISIBLE}
"""
_WEIGHTS = "        weights = softmax(scores)\n"
_MIX = "        heads.append(weights @ (input_data @ v))\n"
_JOINED = "np.concatenate(heads, axis=-1)"
_HEADS = "    heads = []\n    for q, k, v in zip(Wq, Wk, Wv):\n{head}" + _MIX + f"    return {_JOINED} @ Wo\n"
_RESHAPED = ".reshape(input_data.shape)"
_CONSTANTS = tuple(np.linspace(-12.0, 3.0, 31))


def draw(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw (Wq, Wk, Wv, Wo, input_data), the first three as lists of one matrix for each head."""
    B, T, E, heads = sizes
    lists = [[1.5 * rng.normal(size=(E, E // heads)) / np.sqrt(E) for _ in range(heads)] for _ in range(3)]
    return (*lists, rng.normal(size=(E, E)) / np.sqrt(E), rng.normal(size=(B, T, E)))


def _axis(over: str, axis: str) -> Mistake:
    return Mistake("axis", "softmax over the wrong axis", f"Softmax runs over {over}. For every query the weights of "
                   "all keys must sum to 1: axis=-1 of [B, T queries, T keys].",
                   (("softmax(scores)", f"softmax(scores, axis={axis})"),), classic=axis == "1")


def _heads(advice: str, joined: str) -> Mistake:
    return Mistake("heads", "order of the heads", advice, ((_JOINED, joined),))


_TURNED = tuple(Mistake("transposed", "transposed weight", f"Transposed: {name}. {RIGHT}", edits, classic)
                for name, edits, classic in (
    ("Wo", (("@ Wo", "@ Wo.T"),), True), ("Wq", (("data @ q", "data @ q.T"),), False),
    ("Wk", (("data @ k", "data @ k.T"),), False), ("Wv", (("data @ v", "data @ v.T"),), False),
    ("Wq, Wk, Wv", tuple((f"data @ {part}", f"data @ {part}.T") for part in "qkv"), False)))
_OVER_HEADS = ((_WEIGHTS + _MIX, "        heads.append((scores, input_data @ v))\n"),
               (f"    return {_JOINED}", "    shares = softmax(np.stack([s for s, _ in heads]), axis=0)\n"
                "    heads = [share @ v for share, (_, v) in zip(shares, heads)]\n" f"    return {_JOINED}"))

MHA = (
    Mistake("unscaled", "missing √d", "The scores are not divided by √d, where d = E/heads is the width of one head.",
            ((_SCALE, ""),), classic=True),
    Mistake("scale multiplied", "multiplied by √d", "The scores are multiplied by √d; they must be divided by it.",
            (("/ np.sqrt", "* np.sqrt"),)),
    Mistake("scale E", "√E for √d", "The scores are divided by √E; d is the width of one head, E/heads.",
            (("query.shape[-1]", "Wo.shape[0]"),)),
    Mistake("scale d", "d for √d", "The scores are divided by d; it must be its square root.",
            (("np.sqrt(query.shape[-1])", "query.shape[-1]"),)),
    Mistake("no softmax", "softmax missing", "The scores themselves mix the values: softmax turns each row of them "
            "into weights that are positive and sum to 1.", (("softmax(scores)", "scores"),)),
    Mistake("not normalised", "weights that do not sum to 1", "After exp, each row must be divided by its sum.",
            (("softmax(scores)", "np.exp(scores)"),)),
    Mistake("activation", "σ for softmax", "Each score goes through σ by itself; softmax makes the row sum to 1.",
            (("softmax(scores)", "sigmoid(scores)"),)),
    *(_axis(over, axis) for over, axis in (("the queries", "1"), ("queries and keys at once", "(1, 2)"),
                                           ("the batch", "0"), ("the whole array", "None"))),
    Mistake("axis", "softmax over the wrong axis", "Softmax runs over the heads. For every query the weights of all "
            "keys must sum to 1: the last axis.", _OVER_HEADS),
    *_TURNED,
    Mistake("no Wo", "Wo forgotten", "The heads are put side by side but not multiplied by Wo.", ((" @ Wo", ""),)),
    _heads("The heads stand side by side in the wrong order; the first comes first.",
           "np.concatenate(heads[::-1], axis=-1)"),
    _heads("The heads are mixed feature by feature; they must stand one after another.",
           f"np.stack(heads, axis=-1){_RESHAPED}"),
    _heads("The heads are reshaped before their axis was moved behind that of time; swap the axes first.",
           f"np.stack(heads, axis=1){_RESHAPED}"),
    _heads("The heads are reshaped while their axis still stands before that of the batch; it must be moved behind "
           "that of time first.", f"np.stack(heads){_RESHAPED}"),
    Mistake("roles", "queries and keys swapped", "Row t must hold the scores of query t.",
            (("input_data @ q, input_data @ k", "input_data @ k, input_data @ q"),)),
    Mistake("roles", "weights transposed", "Row t of the weights mixes the values for query t; they are turned round.",
            (("weights @", "weights.swapaxes(1, 2) @"),)),
    Mistake("values", "keys for values", "The weights mix the keys; they must mix the values, x @ Wv[i].",
            (("data @ v", "data @ k"),)),
    Mistake("values", "queries for values", "The weights mix the queries; they must mix the values, x @ Wv[i].",
            (("data @ v", "data @ q"),)),
    Mistake("scale", "another scale", "The scores are multiplied by another number than 1/√d: {free} instead of the "
            "root of 1/d, where d = E/heads.", (("/ np.sqrt(query.shape[-1])", "* FREE"),),
            free=tuple(np.linspace(-4.0, 6.0, 41))),
)
CAUSAL = (
    Mistake("unmasked", "missing mask", "Nothing is masked: position t also sees positions after it. Their scores "
            "must be −∞ before softmax.", ((_MASK, ""),), classic=True),
    Mistake("own position masked", "own position masked", "Position t does not see itself: the mask begins one place "
            "too early. np.tri(T) lets t see 0 … t, itself among them.", (("tri(T, ", "tri(T, k=-1, "),), late=True),
    Mistake("mask turned", "mask turned round", "Position t sees itself and what comes after it.",
            (("dtype=bool)", "dtype=bool).T"),)),
    Mistake("mask turned", "mask turned round", "Position t sees what comes after it; what is masked is what it should "
            "see.", ((_VISIBLE, "np.where(np.tri(T, dtype=bool), -np.inf, scores)"),)),
    Mistake("late mask", "masked too late", "The mask comes after softmax, so the weights no longer sum to 1; mask the "
            "scores.", ((_MASK, ""), (_WEIGHTS, f"{_WEIGHTS}        weights = weights * np.tri(weights.shape[1])\n"))),
    Mistake("mask ahead", "mask off by one", "Position t sees one position too many.",
            (("tri(T, ", "tri(T, k=1, "),)),
    *(Mistake("finite mask", "a finite number for −∞", how + " {free}, which softmax turns into a weight; only "
              "−∞ (or a number like −1e9) becomes 0.", ((_VISIBLE, masked),), free=_CONSTANTS)
      for how, masked in (("Masked scores become", "np.where(np.tri(T, dtype=bool), scores, FREE)"),
                          ("To masked scores is added", "scores + FREE * (1 - np.tri(T))"))),
    *MHA,
)

_ARGUMENTS = (("Wq", _LISTS, "one matrix a head: queries are x @ Wq[i]"), ("Wk", _LISTS, "likewise the keys"),
              ("Wv", _LISTS, "likewise the values"), ("Wo", "[E, E]", "mixes the heads, side by side"),
              ("input_data", "[B, T, E]", "a batch of sequences of vectors"))
_OUTPUT = (r"y^{(i)} &= \text{softmax}(s^{(i)}) \, v", r"\text{output} &= [\,y^{(1)}, y^{(2)}, \dots] \, W_o")
_LETTERS = ("B", "T", "E", "heads")
_START = HEAD + _SOFTMAX + _DEF

EXERCISE = (
    CodingExercise(
        "mha", "Attention", 3, "mha", _ARGUMENTS, (Output("output", "[B, T, E]", "the output at every position"),),
        (r"s^{(i)} &= q k^\top / \sqrt{d} \quad (d = E/\text{heads})", *_OUTPUT), course.mha, draw, SIZES, _LETTERS,
        (1, 2, 2, 1), _START + _HEADS.format(head=PEN.format(s="s", what="weights [B, T, T] of this head")),
        _START + _HEADS.format(head=_SCORES + _WEIGHTS), MHA, (course.mha, attention.attention)),
    CodingExercise(
        "causal", "Causal attention", 4, "mha", _ARGUMENTS,
        (Output("output", "[B, T, E]", "the output; position t sees positions 0 … t alone"),),
        (r"s^{(i)}_{tj} &= q_t k_j^\top / \sqrt{d} \quad (j \le t)", r"s^{(i)}_{tj} &= -\infty \quad (j > t)",
         *_OUTPUT), course.causal_mha, draw, SIZES, _LETTERS, (1, 2, 2, 1),
        _START + _HEADS.format(head=PEN.format(s="s", what="weights [B, T, T] of this head, masked")),
        _START + _HEADS.format(head=_SCORES + _MASK + _WEIGHTS), CAUSAL,
        (course.causal_mha, attention.attention, attention.causal)),
)
