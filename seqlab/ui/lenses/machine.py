"""The lens ``machine``: a layer as cards and wires, with the numbers of this input flowing through it."""

from dataclasses import dataclass

import streamlit as st

from seqlab.figures.machine import LayerMachine, MachineNumbers, machine_picture
from seqlab.figures.rounding import largest_weight
from seqlab.reference.formulas.spot import Pass
from seqlab.trace import Trace
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.pinned import say_in_words
from seqlab.ui.lenses.view import ADDRESS, LensView
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.passes import Passes, Traces, ask
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.navigation import address
from seqlab.ui.widgets.machine import machine


@dataclass(frozen=True)
class MachineQuestion:
    """One layer of one pass, and of its heads one."""

    passes: Passes
    layer: int
    head: int

    @property
    def shown(self) -> LayerMachine:
        """What is drawn."""
        return LayerMachine(self.passes.run.core, self.layer, self.head)

    def forward(self, precision: str = "float32", trace: Trace | None = None) -> Pass:
        """The pass in NumPy, or of another program's trace. Raises Fault where its weights cannot be read."""
        passes = self.passes
        return Pass(passes.reference(precision)[0] if trace is None else trace,
                    passes.run.weights(passes.steps[0], precision), passes.ids, passes.condition)


@PICTURES.cached
def flowing(question: MachineQuestion) -> MachineNumbers:
    """Everything that is drawn, once for all sessions."""
    return question.shown.numbers(question.forward())


MACHINE = Proof[MachineQuestion, Traces](
    name="machine", remote=lambda question: ask(question.passes),
    reference=lambda question, precision: [question.shown.numbers(question.forward(precision))],
    torch=lambda question, answer, precision: [
        question.shown.numbers(question.forward(precision, Trace(answer[precision][0])))],
    steps=lambda question: question.passes.steps,
    weights=lambda question, number: largest_weight(question.passes.run.weights(question.passes.steps[number])),
    compares="every strip of colours in the machine, products and sums between its boxes among them")


def draw(question: Question, given: TaskInput, key: str) -> None:
    """Draw the choice of a layer and a head where there are several, the machine and its badge."""
    run = question.run
    layer, head = _choice(run, key)
    slot = st.container(key=f"{key}badge-slot", gap=None)
    asked = MachineQuestion(Passes.of(run, [question.step], given.ids[0], given.condition, question.changes),
                            layer, head)
    forward, numbers = asked.forward(), flowing(asked)
    predicted = [given.letters_out[best] for best in forward.trace["p"][0].argmax(-1)]
    machine(machine_picture(asked.shown, forward, numbers, letters=given.letters_in, predicted=predicted,
                            target=given.letters_target, key=key), key=f"{key}picture",
            on_open=lambda line, t, unit: _remember(f"{key}open", line, t, unit),
            on_pick=lambda line, t, unit: _remember(f"{key}pick", line, t, unit))
    prove(MACHINE, asked, key=f"{key}badge", slot=slot, symbols=run.core.symbols, run=run)
    line, t, unit = st.session_state.get(f"{key}pick", ("", 0, -1))
    if unit >= 0:
        say_in_words(asked.passes, f"{line}.{layer}", t, unit, given, key)
    if wanted := st.session_state.pop(f"{key}open", None):
        _step_by_step(run, asked, key, *wanted)


def _choice(run: Run, key: str) -> tuple[int, int]:
    network, row = run.config.network, st.container(horizontal=True)
    layer = head = 0
    if network.layers > 1:
        layer = choose(row.pills, "Layer", {place: f"Layer {place}" for place in range(network.layers)}, f"{key}layer",
                       0, required=True, help="Which of the stacked layers the picture shows.")
    if run.core.heads and network.heads > 1:
        head = choose(row.pills, "Head whose scores are shown", {place: f"Head {place}" for place in
                                                                 range(network.heads)}, f"{key}head", 0, required=True,
                      help="Which of the patterns of attention that a layer has side by side.")
    return layer, head


def _remember(name: str, *place: str | int) -> None:
    st.session_state[name] = place


def _step_by_step(run: Run, asked: MachineQuestion, key: str, line: str, t: int, unit: int) -> None:
    """Go to a line in Step by step, with the input that stands in the address."""
    given = {name: value for name, value in st.query_params.items() if name != ADDRESS and not name.startswith(key)}
    symbols = {part.symbol for part in asked.shown.parts if part.line}
    if line in symbols and 0 <= t < len(asked.passes.ids) and -1 <= unit < run.config.network.hidden:
        own = asked.head * (run.config.network.hidden // run.config.network.heads) if asked.head else 0
        st.switch_page(address("stepper"), query_params=given | {
            "run": run.id, "line": line, "t": str(t), "unit": str(own if unit < 0 else unit),
            "layer": str(asked.layer), "j": str(t)})


LENS = LensView("machine", "The machine", "The layer as a machine: boxes multiply by weights, round parts work unit by "
                "unit, strips are this network's numbers. Play it line by line, or follow one unit.", 80,
                lambda run: bool(run.core.lines()), draw)
