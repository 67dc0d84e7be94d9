"""GRUs with weights written by hand: one that is a given RNN, and one that never forgets.

Several answers are right, so what counts is what a GRU with the returned weights does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from seqlab.checking.exercise import Arguments, CodingExercise, Hint, Mistake, Output, Parts
from seqlab.checking.recurrent import GATE, HEAD, PEN, STATES, drawn_run
from seqlab.reference import course, special
from seqlab.reference.activations import sigmoid

AS_RNN = ((2, 4), (3, 4), (3, 2), (5, 6), (3, 3))  # D, H
BATCH, STEPS, LONG = 3, 8, 100
_GATE_OUTPUTS = tuple(Output(f"{part} of {gate}", shape, "", axes) for gate in "rzn"
                      for part, shape, axes in (("W_i", "[D, H]", ("row", "column")), ("b_i", "[H]", ("unit",)),
                                                ("W_h", "[H, H]", ("row", "column")), ("b_h", "[H]", ("unit",))))
_STANDING = """    def gate(b):                              # looks at nothing and stands at σ(b)
        return np.zeros((D, H)), np.full(H, b), np.zeros((H, H)), np.zeros(H)
"""
_HALF = ("σ of a bias such as ±5 is 0.993 or 0.007: near to 1 or 0, yet a little leaks at every step. From about ±40 "
         "on, σ is 1 or 0 as far as float64 can tell.")


def gates(parts: Parts) -> tuple[Parts, ...]:
    """Group twelve arrays as three gates, each (W_i, b_i, W_h, b_h)."""
    return tuple(parts[start:start + 4] for start in (0, 4, 8))


def run(arguments: Arguments, parts: Parts, probe: Arguments) -> Parts:
    """Run the GRU with the returned gates on what the probe has drawn; its states are what is compared."""
    states, _ = course.gru(*gates(parts), *probe)  # type: ignore[arg-type]  # three gates of four arrays each
    return (states,)


def levels(parts: Parts, probe: Arguments) -> tuple[np.ndarray, np.ndarray]:
    """The gates r and z of the first step, [B, H] each."""
    state, x = probe
    r, z = (sigmoid(x[:, 0] @ W_i + b_i + state[0] @ W_h + b_h) for W_i, b_i, W_h, b_h in gates(parts)[:2])
    return r, z


def rnn_probe(arguments: Arguments) -> Arguments:
    """Draw an initial state and an input for a GRU as wide as the RNN's weights."""
    D, H = arguments[1].shape
    return drawn_run(np.random.default_rng((D, H)), (BATCH, STEPS, D, H), False)


def memory_probe(arguments: Arguments) -> Arguments:
    """Draw an initial state, and an input of 100 steps."""
    D, H = arguments
    return drawn_run(np.random.default_rng((D, H)), (BATCH, LONG, D, H), False)


def _finite(returned: Mapping[int, Parts]) -> list[tuple[int, Parts]]:
    return [(case, parts) for case, parts in returned.items() if all(np.isfinite(part).all() for part in parts)]


def as_rnn(cases: Sequence[Arguments], answers: Sequence[Parts], returned: Mapping[int, Parts]) -> Hint | None:
    """Look at the returned gates: where z and r stand, and what the candidate then is."""
    for case, parts in _finite(returned):
        wt_h, wt_x, bias = cases[case]
        r, z = levels(parts, rnn_probe(cases[case]))
        n = gates(parts)[2]
        if z.min() > 0.9:
            return Hint("z turned round", "z = 1 keeps the old state for ever; for an RNN z must be 0: a large "
                        "negative bias.", ("polarity",))
        if np.ptp(z) > 1e-3 or np.ptp(r) > 1e-3:
            return Hint("gates that look", "The gates r and z change with input and state; with weights of 0 they "
                        "stand where their biases put them.", ("looking gates",))
        if (open_r := float(r.mean())) < 1e-3 and n[2].any():
            return Hint("r shut", "r is 0, so the candidate sees nothing of the old state; r must be open: a large "
                        "positive bias.", ("shut reset",))
        factor = round(open_r, 1) or 1.0
        made = {"wt_h": (factor * n[2], wt_h), "wt_x": (n[0], wt_x), "bias": (n[1] + factor * n[3], bias)}
        wrong = [name for name, (mine, right) in made.items() if not np.allclose(mine, right, rtol=0.02, atol=0.02)]
        if wrong:
            return _candidate(wrong[0], *made[wrong[0]])
        if z.max() > 1e-9 or abs(open_r - factor) > 1e-9:
            return Hint("gates half open", _HALF, ("half open",))
    return None


def _candidate(name: str, mine: np.ndarray, right: np.ndarray) -> Hint:
    """Say what the candidate of a special GRU makes of one of the RNN's weights."""
    for factor, title, cause in ((2.0, "twice", "twice"), (0.0, "not at all", "missing"), (0.5, "half", "half")):
        if np.allclose(mine, factor * right, rtol=0.02, atol=0.02):
            named = {"bias twice": "bias twice", "bias missing": "unbiased"}.get(f"{name} {cause}", "term missing")
            return Hint(f"{name} counts {title}", f"Through b_i, b_h and the reset gate, the candidate n gets {name} "
                        f"{title}; it must get it once.", (named,))
    if mine.shape == right.T.shape and np.allclose(mine, right.T, rtol=0.02, atol=0.02):
        return Hint("transposed weight", f"{name} is transposed; it can go in as it is.", ("transposed",))
    return Hint(f"{name} differs", f"The gates stand as they should; what the candidate n gets for {name} is another.",
                ("candidate",))


def memory(cases: Sequence[Arguments], answers: Sequence[Parts], returned: Mapping[int, Parts]) -> Hint | None:
    """Look at the returned update gate: it must stand at 1."""
    for case, parts in _finite(returned):
        _, z = levels(parts, memory_probe(cases[case]))
        if z.max() < 0.1:
            return Hint("z turned round", "z = 0 forgets at once; z = 1 keeps the old state: a large positive bias.",
                        ("polarity",))
        if np.ptp(z) > 1e-3:
            return Hint("a gate that looks", "The gate z changes with input and state; with weights of 0 it stands "
                        "where its bias puts it.", ("looking gates",))
        if 1 - z.min() > 1e-12:
            return Hint("gates half open", f"z stands at {z.min():.6g}, so after {LONG} steps {z.min() ** LONG:.3g} of "
                        f"the state is left. {_HALF}", ("half open",))
    return None


_SUMMARY = (Output("r, z, n", f"{GATE} each", "any that work: what counts is what a GRU with these gates does"),)
_RETURNS = "    return {r}, {z}, {n}\n"
_AS_RNN = f"{HEAD}def init_gru_with_rnn(wt_h, wt_x, bias):\n    D, H = wt_x.shape\n"
_MEMORY = f"{HEAD}def init_gru_with_long_term_memory(input_size, hidden_size):\n    D, H = input_size, hidden_size\n"

EXERCISE = (
    CodingExercise(
        "gru_as_rnn", "GRU as RNN", 5, "init_gru_with_rnn",
        (("wt_h", "[H, H]", "of an RNN: h = tanh(h @ wt_h + x @ wt_x + bias)"), ("wt_x", "[D, H]", "of its input"),
         ("bias", "[H]", "added to both")),
        _GATE_OUTPUTS,
        (r"\sigma(b) &\to 1 \text{ for } b \to \infty, \quad \sigma(-b) \to 0",
         r"h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1} \overset{!}{=} \tanh(h_{t-1} W_h + x_t W_x + b)"),
        course.init_gru_with_rnn,
        lambda rng, sizes, zero: (rng.normal(size=(sizes[1], sizes[1])) / np.sqrt(sizes[1]),
                                  rng.normal(size=sizes) / np.sqrt(sizes[0]), rng.normal(size=sizes[1]) / 2),
        AS_RNN, ("D", "H"), (1, 1),
        _AS_RNN + PEN.format(s="s", what=f"r, z and n, each {GATE}")[4:] + _RETURNS.format(r="r", z="z", n="n"),
        _AS_RNN + _STANDING + _RETURNS.format(r="gate(100.0)", z="gate(-100.0)", n="(wt_x, bias, wt_h, np.zeros(H))"),
        (Mistake("polarity", "z turned round", "z = 1 keeps the old state for ever; for an RNN z must be 0: a large "
                 "negative bias.", (("gate(-100.0)", "gate(100.0)"),), classic=True),),
        (course.init_gru_with_rnn, special.gru_from_rnn), (as_rnn,), probe=rnn_probe,
        observe=lambda arguments, parts: run(arguments, parts, rnn_probe(arguments)), tolerance=1e-6,
        observed=(STATES,), summary=_SUMMARY),
    CodingExercise(
        "gru_memory", "GRU memory", 6, "init_gru_with_long_term_memory",
        (("input_size", "one number", "D"), ("hidden_size", "one number", "H")), _GATE_OUTPUTS,
        (r"h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1} \overset{!}{=} h_0",), course.init_gru_with_long_term_memory,
        lambda rng, sizes, zero: sizes, AS_RNN, ("D", "H"), (1, 2),
        _MEMORY + PEN.format(s="s", what=f"r, z and n, each {GATE}")[4:] + _RETURNS.format(r="r", z="z", n="n"),
        _MEMORY + _STANDING + _RETURNS.format(r="gate(0.0)", z="gate(100.0)", n="gate(0.0)"),
        (Mistake("half open", "gates half open", _HALF, (("gate(100.0)", "gate(5.0)"),), classic=True),
         Mistake("polarity", "z turned round", "z = 0 forgets at once; z = 1 keeps the old state: a large positive "
                 "bias.", (("gate(100.0)", "gate(-100.0)"),))),
        (course.init_gru_with_long_term_memory, special.gru_long_term_memory), (memory,), probe=memory_probe,
        observe=lambda arguments, parts: run(arguments, parts, memory_probe(arguments)), tolerance=1e-6,
        observed=(replace(STATES, meaning="the state after every step, which must stay the first"),), summary=_SUMMARY),
)
