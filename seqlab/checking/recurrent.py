"""What the exercises about recurrent cells share: arguments, drawn cases, code, and the mistakes made with time."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqlab.checking.exercise import Arguments, Call, Hint, Mistake, Output, Parts

HEAD = "import numpy as np\n\n\n"
SIGMOID = "def sigmoid(a):\n    return 1 / (1 + np.exp(-a))\n\n\n"
LOOP = """    h = init_state[0]                         # [B, H]
    states = []
    for t in range(input_data.shape[1]):
        x = input_data[:, t]                  # [B, D]
{step}        states.append(h)
    return np.stack(states, axis=1), h[None]  # [B, T, H], [1, B, H]
"""
PEN = "        # ✎ Your line{s}: {what}\n"

LETTERS = ("B", "T", "D", "H")
INPUT = ("input_data", "[B, T, D]", "a batch of sequences of vectors")
STATE = ("init_state", "[1, B, H]", "the hidden state before the first step; code that takes it as [B, H] works too")
STATES = Output("states", "[B, T, H]", "the hidden state after every step")
LAST = Output("final state", "[1, B, H]", "the state after the last step; may be left out",
              ("layer", "sequence", "unit"), optional=True)
GATE = "(W_i, b_i, W_h, b_h)"

RIGHT = "Here a row meets a matrix: x @ W, without .T."
_START = "h = init_state[0]                    "


def flat_state(place: int) -> tuple[Call, Call]:
    """The two ways to hand over the state at a place of the arguments: as the course has it, and without its axis."""
    return (Call("init_state as [1, B, H]"),
            Call("init_state as [B, H]",
                 lambda arguments: (*arguments[:place], _without(arguments[place]), *arguments[place + 1:])))


def _without(state: Any) -> Any:
    return tuple(map(_without, state)) if isinstance(state, tuple) else state[0]


def drawn_gates(rng: np.random.Generator, count: int, D: int, H: int) -> list[tuple[np.ndarray, ...]]:
    """Draw gates, each as (W_i, b_i, W_h, b_h)."""
    return [(rng.normal(size=(D, H)) / np.sqrt(D), rng.normal(size=H) / 2, rng.normal(size=(H, H)) / np.sqrt(H),
             rng.normal(size=H) / 2) for _ in range(count)]


def drawn_run(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> tuple[np.ndarray, np.ndarray]:
    """Draw an initial state [1, B, H] in (-1, 1), zero if asked, and an input [B, T, D]."""
    B, T, D, H = sizes
    state = np.tanh(rng.normal(size=(1, B, H)) * (not zero))
    return state, rng.normal(size=(B, T, D))


def over_time(start: str = _START, again: str = "h = init_state[0]", nothing: str = "h = np.zeros_like(init_state[0])",
              initial: str = "init_state[0]") -> tuple[Mistake, ...]:
    """Mistakes of the loop over time; ``start`` takes the initial state, ``again`` and ``nothing`` do so wrongly.

    ``initial`` is the initial state [B, H].
    """
    steps, loop = "range(input_data.shape[1])", "range(input_data.shape[1]):\n"
    late, stack = ("        states.append(h)\n    return", "    return"), "np.stack(states, axis=1)"
    return (
        Mistake("stateless", "ignored initial state",
                "The first step must start from init_state, which is not always zero.", ((start, nothing),),
                classic=True),
        Mistake("shifted", "shifted by one step",
                "What stands at t is the state before step t: append the new state, not the old one.",
                (late, (loop, f"{loop}        states.append(h)\n"))),
        Mistake("not carried", "state not carried on",
                "Every step starts from init_state again: pass the new state on (h = …).",
                ((loop, f"{loop}        {again}\n"),)),
        *(Mistake("backwards", "read backwards", "The sequence is read from its end; t runs from 0 upwards.",
                  ((steps, f"{steps}[::-1]"), (stack, placed)))
          for placed in (stack, "np.stack(states[::-1], axis=1)")),
        *(Mistake("last step missing", "last step missing",
                  "The loop ends one step early: range(T) has all T steps, range(T - 1) leaves the last one out.",
                  ((steps, "range(input_data.shape[1] - 1)"), (stack, left)))
          for left in (stack, "np.stack([*states, 0 * h], axis=1)", "np.stack([*states, h], axis=1)")),
        *(Mistake("first step missing", "first step missing",
                  "The loop begins one step late: t runs from 0.", ((steps, f"{steps}[1:]"), (stack, left)))
          for left in (stack, "np.stack([0 * h, *states], axis=1)", f"np.stack([{initial}, *states], axis=1)")),
        Mistake("last state only", "last state only", "Return the state after every step, not just the last one.",
                ((stack, "h"),)),
        Mistake("time first", "time before batch",
                "Batch comes first: np.stack(states, axis=1), or swap the first two axes.",
                ((stack, "np.stack(states)"),)),
        Mistake("time last", "time last", "Time is the second axis: np.stack(states, axis=1).",
                ((stack, "np.stack(states, axis=2)"),)),
    )


def activations(of: str, where: str = "") -> tuple[Mistake, ...]:
    """Mistakes of the activation in the line ``of``, which has np.tanh."""
    return tuple(Mistake("activation", title, where + advice, ((of, of.replace("np.tanh", wrong)),))
                 for title, wrong, advice in (
        ("no tanh", "", "the sum must go through tanh."),
        ("sigmoid for tanh", "sigmoid", "the activation is σ, which is for gates; here it must be tanh."),
        ("ReLU for tanh", "relu", "the activation is ReLU; here it must be tanh.")))


def transposed(weights: Sequence[tuple[str, str]], classic: bool = False) -> Mistake:
    """The mistake that weights are transposed; each is what stands in the code, and its name."""
    names = " and ".join(name for _, name in weights)
    return Mistake("transposed", "transposed weight", f"Transposed: {names}. {RIGHT}",
                   tuple((f"@ {text}", f"@ {text}.T") for text, _ in weights), classic)


def unbiased(biases: Sequence[str], where: str, classic: bool = False) -> Mistake:
    """The mistake that biases are not added."""
    return Mistake("unbiased", "missing bias", f"{where} Every bias must be added once.",
                   tuple((f" + {bias}", "") for bias in biases), classic)


def aliased(cases: Sequence[Arguments], answers: Sequence[Parts], returned: Mapping[int, Parts]) -> Hint | None:
    """Notice that every step is the last one: one array, changed in place, stands in the list many times."""
    states = [(parts[0], answers[case][0]) for case, parts in returned.items()
              if parts[0].shape == answers[case][0].shape]
    same = all((array == array[:, -1:]).all() for array, _ in states)
    ends = all(np.allclose(array[:, -1], answer[:, -1], rtol=1e-4, atol=1e-4) for array, answer in states)
    if not states or not same or not ends:
        return None
    return Hint("every step is the last one", "All time steps hold the last state, which is right: one array was "
                "changed in place (h[:] = …, h *= …) and stands in the list many times. Make a new one at every step, "
                "h = …, or append h.copy().", ("aliased",))
