"""The mistakes that people make in each exercise, most common first; ``hints`` tries them on what came out."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from seqlab.checking.exercises import Arguments
from seqlab.checking.variants import ACTIVATIONS, Gate, Knob, Turn, Variant

Weight = TypeVar("Weight", np.ndarray, list[np.ndarray])  # attention has a list with one matrix a head

# The nine classic ones; a person may load each into the page.
CLASSIC = {
    "transposed": "transposed weight", "swapped": "swapped gates", "before": "reset before the product",
    "polarity": "1 − z for z", "unscaled": "missing √d", "axis": "softmax over the wrong axis",
    "unmasked": "missing mask", "stateless": "ignored initial state", "unbiased": "missing bias",
}
_RIGHT = "Here a row meets a matrix: x @ W, without .T."
_STATE = "The first step must start from init_state, which is not always zero."
_EVERY = "Every bias must be added once."


def _at(place: int, change: Callable[..., object]) -> Turn:
    """Change one argument."""
    return lambda args: (*args[:place], change(args[place]), *args[place + 1:])


def _part(part: int, change: Callable[..., np.ndarray]) -> Callable[[Gate], Gate]:
    """Change one part of a gate (W_i, b_i, W_h, b_h)."""
    return lambda gate: (*gate[:part], change(gate[part]), *gate[part + 1:])


def _gates(gates: str, parts: tuple[int, ...], change: Callable[..., np.ndarray]) -> Turn:
    """Change parts of some gates of a GRU."""
    def turn(args: Arguments) -> Arguments:
        for place in ("rzn".index(gate) for gate in gates):
            for part in parts:
                args = _at(place, _part(part, change))(args)
        return args
    return turn


def _order(*places: int) -> Turn:
    return lambda args: tuple(args[place] for place in places)


def _transposed(weight: Weight) -> Weight:
    return [part.T for part in weight] if isinstance(weight, list) else weight.T


def _exact(cause: str, advice: str, turn: Turn = lambda args: args, title: str = "", **knobs: Knob) -> Variant:
    return Variant(cause, title or CLASSIC.get(cause, cause), advice, turn, knobs)


_STEPS = (
    _exact("shift", "What stands at t is the state before step t: append the new state, not the old one.", shift=True,
           title="shifted by one step"),
    _exact("still", "Every step starts from init_state again: pass the new state on (h = …).", still=True,
           title="state not carried on"),
    _exact("backwards", "The sequence is read from its end; t runs from 0 upwards.", backwards=True,
           title="read backwards"),
)

RNN = (
    _exact("transposed", f"The weight wt_h is transposed. {_RIGHT}", _at(0, _transposed)),
    _exact("transposed", f"The weight wt_x is transposed. {_RIGHT}", _at(1, _transposed)),
    _exact("transposed", f"Both weights are transposed. {_RIGHT}",
           lambda args: (args[0].T, args[1].T, *args[2:])),
    _exact("stateless", _STATE, _at(3, np.zeros_like)),
    _exact("unbiased", "The bias is not added.", _at(2, np.zeros_like)),
    _exact("bias twice", "The bias is added twice; it belongs to the sum once.", _at(2, lambda b: 2 * b)),
    *(_exact(name, advice, activation=activation) for name, (activation, advice) in ACTIVATIONS.items()),
    *_STEPS,
    _exact("no old state", "The old state is not used: h @ wt_h is missing.", _at(0, np.zeros_like)),
    _exact("no input", "The input is not used: x @ wt_x is missing.", _at(1, np.zeros_like)),
)

GRU = (
    _exact("swapped", "The gates r and z have each other's weights; the arguments come in the order r, z, n.",
           _order(1, 0, 2, 3, 4)),
    _exact("before", "The reset gate acts on the state before the product, (r ⊙ h) @ W_h. In torch's convention it "
           "acts after it: r ⊙ (h @ W_h + b_h).", reset="before"),
    _exact("polarity", "z and 1 − z have changed places. Here z = 1 keeps the old state: h = (1 − z) ⊙ n + z ⊙ h.",
           _gates("z", (0, 1, 2, 3), np.negative)),
    *(_exact("transposed", f"The weight {name} of {where} is transposed. {_RIGHT}", _gates(gates, (part,), _transposed))
      for part, name in ((2, "W_h"), (0, "W_i"))
      for gates, where in (("rzn", "every gate"), ("r", "r"), ("z", "z"), ("n", "n"))),
    _exact("transposed", f"All weights are transposed. {_RIGHT}", _gates("rzn", (0, 2), _transposed)),
    _exact("stateless", _STATE, _at(3, np.zeros_like)),
    *(_exact("unbiased", f"{where} {_EVERY}", _gates(gates, parts, np.zeros_like))
      for parts, where in (((1, 3), "No bias is added{}."), ((1,), "The bias b_i{} is not added."),
                           ((3,), "The bias b_h{} is not added."))
      for gates, where in (("rzn", where.format("")), *((gate, where.format(f" of {gate}")) for gate in "rzn"))),
    _exact("bias outside", "The bias b_h of n stands outside the reset: r multiplies h @ W_h + b_h as a whole.",
           reset="inside", title="bias outside the reset"),
    _exact("no reset", "The reset gate is not used: n needs r ⊙ (h @ W_h + b_h).", reset="none",
           title="reset gate not used"),
    *(_exact(name, f"In the candidate n: {advice[0].lower()}{advice[1:]}", candidate=activation)
      for name, (activation, advice) in ACTIVATIONS.items()),
    _exact("gates", "The gates r and z go through tanh; they must go through σ, which stays between 0 and 1.",
           gate=np.tanh, title="tanh for σ in the gates"),
    _exact("order", "The gates z and n have each other's weights; the arguments come in the order r, z, n.",
           _order(0, 2, 1, 3, 4), title="z and n swapped"),
    _exact("order", "The gates r and n have each other's weights; the arguments come in the order r, z, n.",
           _order(2, 1, 0, 3, 4), title="r and n swapped"),
    *_STEPS,
)

MHA = (
    _exact("unscaled", "The scores are not divided by √d, where d = E/heads is the width of one head.", scale="none"),
    _exact("scale E", "The scores are divided by √E; d is the width of one head, E/heads.", scale="E",
           title="√E for √d"),
    _exact("scale d", "The scores are divided by d; it must be its square root.", scale="square", title="d for √d"),
    *(_exact("axis", f"Softmax runs over {where}. For every query the weights of all keys must sum to 1: "
             "axis=-1 of [B, T queries, T keys].", axis=axis)
      for axis, where in ((-2, "the queries"), ((-2, -1), "queries and keys at once"), (1, "the batch"),
                          ("all", "the whole array"))),
    _exact("transposed", f"The weight Wo is transposed. {_RIGHT}", _at(3, _transposed)),
    *(_exact("transposed", f"The weights {name} are transposed. {_RIGHT}", _at(place, _transposed))
      for place, name in ((0, "Wq"), (1, "Wk"), (2, "Wv"))),
    _exact("transposed", f"All weights of the heads are transposed. {_RIGHT}",
           lambda args: (*(_transposed(part) for part in args[:3]), *args[3:])),
    _exact("no Wo", "The heads are put side by side but not multiplied by Wo.", output=False, title="Wo forgotten"),
    _exact("heads", "The heads stand side by side in the wrong order; the first comes first.", order="reversed",
           title="order of the heads"),
    _exact("heads", "The heads are mixed feature by feature; they must stand one after another.", order="interleaved",
           title="order of the heads"),
    _exact("heads", "The heads are reshaped before their axis was moved behind that of time; swap the axes first.",
           order="raw", title="order of the heads"),
    _exact("roles", "Queries and keys have changed places: row t must hold the scores of query t.",
           _order(1, 0, 2, 3, 4), title="queries and keys swapped"),
    _exact("values", "The weights mix the keys; they must mix the values, x @ Wv[i].", values="k",
           title="keys for values"),
    _exact("values", "The weights mix the queries; they must mix the values, x @ Wv[i].", values="q",
           title="queries for values"),
)

CAUSAL = (
    _exact("unmasked", "Nothing is masked: position t also sees positions after it. Their scores must be −∞ before "
           "softmax.", mask="none"),
    _exact("mask turned", "The mask is turned round: position t sees itself and what comes after it.", mask="future",
           title="mask turned round"),
    _exact("mask zero", "Masked scores are 0, which softmax turns into a weight; they must be −∞.", mask="zero",
           title="masked with 0"),
    _exact("mask late", "The mask comes after softmax, so the weights no longer sum to 1; mask the scores.",
           mask="late", title="masked too late"),
    _exact("mask ahead", "The mask is off by one: position t sees one position too many.", mask="ahead",
           title="mask off by one"),
    *MHA,
)

MISTAKES: dict[str, tuple[Variant, ...]] = {"rnn": RNN, "gru": GRU, "mha": MHA, "causal": CAUSAL}
