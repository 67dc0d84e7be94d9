"""The lens ``trail``: what the network remembers of one symbol of its input, and for how long."""

import streamlit as st

from seqlab import notation
from seqlab.errors import Fault
from seqlab.figures.rounding import PRECISIONS, largest_weight
from seqlab.figures.trail_plot import in_words, trail_plot
from seqlab.training.question import Question
from seqlab.training.task_input import UNSCORED, TaskInput
from seqlab.ui.lenses.view import LensView
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.trails import Answers, Trails
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.foreign import literal
from seqlab.ui.widgets.plot import plot

MOST_COST = 2e10  # multiplications: some seconds of one core

TRAILS = Proof[Trails, Answers](
    name="trails", remote=Trails.ask, reference=lambda trails, precision: [trails.reference(precision)],
    torch=lambda trails, answer, precision: [answer[precision]], precisions=PRECISIONS,
    steps=lambda trails: (trails.question.step,),
    weights=lambda trails, number: largest_weight(trails.question.weights()),
    compares="The badge compares the spread of every unit at every time, and that of the answers, over all passes with "
             "another symbol in this place.")


def draw(question: Question, given: TaskInput, key: str) -> None:
    """Draw the choice of a symbol and of a state where there are several, its trail, and the badge."""
    places = [place for place, letter in enumerate(given.letters_in) if letter != UNSCORED]
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    at = choose(left.selectbox, "Symbol", {place: f"t = {place}: {given.letters_in[place]}" for place in places},
                f"{key}at", places[0], help="The symbol of the input whose trail is followed.")
    asked = Trails.of(question, (at,))
    if asked.cost > MOST_COST:
        raise Fault("This network is too large for its trails to be drawn of so long an input; take a shorter one.")
    trails = asked.reference()
    states = {name: _label(name) for name in trails if name != "p"}
    name = choose(right.selectbox, "State", states, f"{key}state",
                  help="The state in which the trail is looked for.") if len(states) > 1 else next(iter(states))
    slot = st.container(key=f"{key}badge-slot", gap=None)
    st.markdown(literal(in_words(trails[name][0], letter=given.letters_in[at], at=at, delay=given.delay)))
    plot(trail_plot(trails[name][0], name=name, core=question.run.core, letters=given.letters_in, at=at,
                    delay=given.delay), key=f"{key}plot")
    prove(TRAILS, asked, key=f"{key}badge", slot=slot, symbols=[notation.symbol(name).key], run=question.run)


def _label(name: str) -> str:
    return f"{notation.symbol(name).name}, layer {notation.layer(name)}"


LENS = LensView("trail", "What it remembers", "How far its state depends on one symbol, at every time after: the same "
                "input is read once with each other symbol in that place, and the spread is drawn.", 10,
                lambda run: run.sizes.symbols > 1, draw)
