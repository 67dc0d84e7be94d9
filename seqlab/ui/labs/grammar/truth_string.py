"""One string: the truth at each of its places, and what a network's state and output make of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from jaxtyping import Float

from seqlab import notation
from seqlab.data.grammar import Grammar, Walk
from seqlab.data.grammar.quantities import quantities
from seqlab.data.vocabulary import END
from seqlab.figures.truth import MOST_UNITS, GrammarString, divergences, expectations, marked, quantity, state_map
from seqlab.reference.core import span
from seqlab.reference.divergence import divergence, states
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.ui.labs.grammar.truth_field import string_field
from seqlab.ui.labs.grammar.truth_measured import measured
from seqlab.ui.lenses.view import ask_network
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.passes import PASSES, Passes
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.runs.inputs import LONGEST, predicted_next
from seqlab.ui.shell.choices import choose
from seqlab.ui.widgets.plot import plot

QUANTITY, STATE = "quantity", "state"


def string_view(snapshot: Snapshot) -> Callable[[], None]:
    """Draw the field, where the string leaves the language, and its pictures; raises Fault where that cannot be.

    What comes back draws the badge, which may wait for torch.
    """
    run = snapshot.run
    language: Grammar = run.config.task_config.language
    with st.container(key="asked"):
        field, choices = st.columns([1.1, 1], vertical_alignment="bottom")
    spelt, buttons = st.columns([1.7, 1], vertical_alignment="center")
    tokens = string_field(run, language, field, buttons)
    walk = language.walk(tokens)
    annotated = GrammarString(tokens, walk.left)
    spelt.html(marked(annotated, _possible(language, walk)))
    ids = _ids(run, tokens)
    passes = Passes.of(run, [snapshot.step], ids, None)
    trace = passes.reference()[0]
    with choices:
        name, symbol = _choices(run, language, tokens)
    _states(run, annotated, trace, symbol, _Followed.of(snapshot, language, tokens, name, symbol))
    ask_network(run, predicted_next(ids[:LONGEST], run.config.task_config.alphabet))
    _outputs(run, annotated, walk, trace)
    slot = st.container(key="badge-slot-truth", gap=None)

    def prove_it() -> None:
        prove(PASSES, passes, key="proof-truth", slot=slot, symbols=(symbol, "logits"), run=run,
              compares="The badge compares every quantity of this pass, the states and the logits that are drawn among "
                       "them. The truth comes from the grammar alone, by another program.")

    return prove_it


@dataclass(frozen=True)
class _Followed:
    """A quantity along a string, and what probes that were measured know of it, if they were."""

    name: str
    true: Float[np.ndarray, " time"]
    probe: Mapping[str, Any] | None

    @classmethod
    def of(cls, snapshot: Snapshot, language: Grammar, tokens: tuple[str, ...], name: str, symbol: str) -> "_Followed":
        truth = measured.known(snapshot)
        probes = truth["probes"] if truth else ()
        fitting = (probe for probe in probes if (probe["name"], probe["symbol"]) == (name, symbol))
        return cls(name, quantities(language, tokens)[name], next(fitting, None))


def _ids(run: Run, tokens: tuple[str, ...]) -> np.ndarray:
    """The string behind the mark for its beginning; a token outside the alphabet is read as unknown."""
    alphabet = run.config.task_config.alphabet
    return np.array([alphabet.begin, *(alphabet.places.get(token, alphabet.unknown) for token in tokens)])


def _possible(language: Grammar, walk: Walk) -> list[str]:
    if walk.left is None:
        return []
    return [token for token, p in zip((*language.tokens, END), walk.expected[walk.left], strict=True) if p > 0]


def _choices(run: Run, language: Grammar, tokens: tuple[str, ...]) -> tuple[str, str]:
    """Draw the choice of the quantity that is followed and, where there are several, of the state it is read off."""
    names, symbols = list(quantities(language, tokens)), list(run.core.state or ("h",))
    with st.container(horizontal=True, vertical_alignment="bottom", key="truth-choices"):
        name = choose(st.selectbox, "What is true", names, QUANTITY,
                      help="What the state is compared with. The units are ordered by how well they follow it.")
        symbol = symbols[-1]  # an LSTM counts in its cell; h shows what the next token needs
        if len(symbols) > 1:
            symbol = choose(st.segmented_control, "Read off",
                            {key: f"{notation.symbol(key).name} {key}" for key in symbols}, STATE, symbol,
                            required=True, help="Which state the true quantity is looked for in.")
    return name, symbol


def _states(run: Run, annotated: GrammarString, trace: Trace, symbol: str, followed: _Followed) -> None:
    """The quantity, what is read off the state, and the state itself."""
    values = states(trace, symbol, 0, len(annotated.tokens) + 1)
    probe, label = followed.probe, notation.symbol(symbol)
    order, read, alone, unit = list(range(values.shape[1])), None, None, ""
    limits = (0.0, 1.0)
    if probe is not None:
        order = np.argsort(-np.abs(probe["follows"]), kind="stable").tolist()
        read = values @ probe["weight"] + probe["bias"]
        alone = values[:, probe["index"]] * probe["alone"] + probe["rest"]
        unit, limits = unit_name(probe, trace.layers), (probe["low"], probe["high"])
    plot(quantity(annotated, followed.name, followed.true, read, alone, unit, limits), key="truth-quantity")
    low, high = span(run.core, f"{symbol}.0")
    rows = "a row for each unit" if len(order) <= MOST_UNITS else f"{MOST_UNITS} of its {len(order)} units"
    st.caption(f"**The {label.name} {symbol}**, {rows}"
               + (f"; the one on top, {unit}, follows the quantity best." if unit else "."))
    plot(state_map(annotated, values, order, label.name, "sequential" if low >= 0 else label.colour, (low, high)),
         key="truth-states")


def unit_name(probe: Mapping[str, Any], layers: int) -> str:
    """Name the unit of a probe; its layer only where there are several."""
    return f"unit {probe['unit']}" + (f" of layer {probe['layer']}" if layers > 1 else "")


def _outputs(run: Run, annotated: GrammarString, walk: Walk, trace: Trace) -> None:
    """What may come next, the truth over the model, and how far they are apart."""
    task = run.config.task_config
    alphabet, language = task.alphabet, task.language
    columns = np.array([*(alphabet.places[token] for token in language.tokens), alphabet.end])
    logits, time = trace["logits"][0], len(annotated.tokens) + 1
    st.caption("**What comes next**: how probable each token truly is, and below it how probable the model thinks it. "
               "The last row is the end of the string.")
    plot(expectations(annotated, language.tokens, walk.expected, trace["p"][0][:time, columns].astype(np.float64)),
         key="truth-next")
    nats = divergence(walk.expected, logits[:time], columns)
    inside = nats[np.isfinite(nats)]
    st.caption(f"**How far apart they are**: KL(truth ‖ model), {inside.mean():.4f} nats on the average"
               + ("" if walk.left is None else ", up to where the string leaves the language") + ".")
    plot(divergences(annotated, nats), key="truth-kl")
