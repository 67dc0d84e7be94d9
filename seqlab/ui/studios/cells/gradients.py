"""The gradients section: how a loss is felt back through time, and one training step, number by number."""

import io
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from seqlab import notation
from seqlab.figures.gradients import flow, heat, written
from seqlab.figures.stacked import cell
from seqlab.numerals import number
from seqlab.reference.optim import OPTIMISERS
from seqlab.training.run import Run
from seqlab.training.setting_words import described
from seqlab.training.task_input import TaskInput
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.waiting import let_picture_leave
from seqlab.ui.runs.opens import ANY
from seqlab.ui.runs.picker import pick_run
from seqlab.ui.runs.tasks import task_input
from seqlab.ui.shell.choices import choose, choose_number
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.style import style
from seqlab.ui.studios.cells.gradient_step import (
    TRAINING_STEP,
    Gradients,
    LossQuestion,
    Step,
    StepQuestion,
    drawable,
    gradients_of,
    measured_slopes,
)
from seqlab.ui.studios.cells.inputs import short
from seqlab.ui.widgets.moving_slider import moving_choice, moving_slider
from seqlab.ui.widgets.plot import plot

LOSSES = {"one": "One answer", "all": "All answers"}
LABELS = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
CLIPS = {"off": None, "0.01": 0.01, "0.1": 0.1, "0.5": 0.5, "1": 1.0}
HEADS = ("length of the gradient", "|Δ| to torch", "|Δ| to measured slopes", "largest change", "|Δ| to torch after")

Choice = tuple[str, float, float | None]  # optimiser, learning rate, clip
Gaps = dict[str, tuple[float, float]]  # |Δ| to torch of each gradient, and of each weight after the step


@show_fault_inline
def gradients_section() -> None:
    """Draw the picker and, for the network chosen, both pictures and the table of a training step."""
    st.caption("Learning sends the loss back through the network, from the answer to everything that led to it. "
               "Backpropagation is written out in NumPy here, and compared with torch's autograd. Choose an answer and "
               "see how much of its gradient arrives at each letter.")
    style(Path(__file__).with_name("gradients.css"))
    choose, moment = st.columns([3, 2], vertical_alignment="bottom")
    with choose:
        run = pick_run(ANY)
    if run is None or not run.snapshots():
        st.info("There is no trained network to look at yet. Train one in the Echo lab: it takes a few seconds.")
        return
    with moment:
        step = _snapshot(run)
    st.fragment(show_fault_inline(_look))(run, step)


def _snapshot(run: Run) -> int:
    steps = run.snapshots()
    if len(steps) == 1:
        st.caption(f"After training step {steps[0]}")
        return steps[0]
    return choose(moving_choice, "After training step", steps, "snapshot", steps[-1],
                  help="0 is before training. Move it to see how training opens a way for the gradient.")


def _look(run: Run, step: int) -> None:
    given = task_input(run)
    if not given.letters_in:
        st.info("Type a word to see its gradients.")
        return
    targets, answers = _targets(given)
    if not answers.any():
        st.info("This network has no target for this word, so there is no loss. Type the word that it was trained "
                "on.")
        return
    at = _answer(given, answers)
    weight = answers if at is None else np.eye(len(answers))[at]
    question = LossQuestion.of(run, step, given.ids[0], targets, weight, given.condition)
    gradients, badge = gradients_of(question), st.container(key="badge-slot-gradients", gap=None)
    _pictures(run, gradients, given, at)
    chosen = StepQuestion(question, *_training_step(run, gradients))
    let_picture_leave()
    taken = chosen.stepped()
    table = st.html(_table(question, gradients, taken, Gaps()))  # the table before it stands until now
    proved = prove(TRAINING_STEP, chosen, key="proof-gradients", slot=badge,
                   symbols=("x", *(run.core.state or ("h",))))
    if proved is not None:
        table.html(_table(question, gradients, taken, chosen.gaps()))
    _download(run, gradients, taken)


def _targets(given: TaskInput) -> tuple[np.ndarray, np.ndarray]:
    """Ids of the targets at each time, and 1.0 where there is one."""
    places = {letter: place for place, letter in enumerate(given.letters_out)}
    ids = np.array([places.get(letter, -1) for letter in given.letters_target])
    return np.maximum(ids, 0), (ids >= 0).astype(np.float64)


def _answer(given: TaskInput, answers: np.ndarray) -> int | None:
    last = len(answers) - 1
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        which = choose(st.segmented_control, "Loss of", LOSSES, "loss", required=True,
                       help="Which answers the loss is computed of, and so where the gradient starts.")
    if which == "all" or not last or not answers.all():
        return None
    if not 0 <= st.session_state.get("answer", 0) <= last:  # set on a longer word
        st.session_state["answer"] = last
    with right:
        return int(choose_number(moving_slider, "The answer at t", 0, last, last, "answer",
                                 help="Only the loss of this answer is sent back."))


def _pictures(run: Run, gradients: Gradients, given: TaskInput, at: int | None) -> None:
    left, right = st.columns(2, gap="medium")
    names = drawable(run, gradients.trace)
    flowing = [name for name in names if notation.symbol(name).key in ("h", *run.core.state, "x")]
    source = None if at is None or given.delay is None or at < given.delay else at - given.delay
    marks = {} if at is None else {f"output {given.letters_target[at]}": at}
    if at is not None and source is not None and source != at:
        marks[f"input {given.letters_in[source]}"] = source
    with left:
        plot(flow({name: gradients.trace[name][0] for name in reversed(flowing)}, given.letters_in,
                  given.letters_target, marks, at), key="gradient-flow")
        st.markdown(_story(run, gradients, at, source))
    with right:
        picture = st.container()
        shown = _quantity(run, names)
        with picture:
            plot(heat(gradients.trace[shown][0], shown, given.letters_in, given.letters_target, several=_several(run)),
                 key="gradient-heat")


def _quantity(run: Run, names: list[str]) -> str:
    """Choose what is drawn unit by unit: at first the top state, or what a core without a state begins with."""
    states = [name for name in names if notation.symbol(name).key == "h"]
    first = states[-1] if run.core.state else next(name for name in names if name != "x")
    titles = {name: f"{written(name, _several(run))} · {notation.symbol(name).name}" for name in names}
    return choose(st.selectbox, "Unit by unit", titles, "quantity", first,
                  help="The quantity whose gradient is drawn for every unit and time.")


def _several(run: Run) -> bool:
    return run.config.network.layers > 1


def _story(run: Run, gradients: Gradients, at: int | None, source: int | None) -> str:
    """Say what the first picture shows, with its numbers."""
    if at is None:
        return f"The loss of all answers is **{short(gradients.loss)}** nats. Every answer sends its own part back."
    loss = f"The loss of this answer is **{short(gradients.loss)}** nats. What comes after it cannot matter to it."
    states = [name for name in gradients.trace if notation.symbol(name).key == "h"]
    length = np.linalg.norm(gradients.trace[states[-1] if run.core.state else "x"][0], axis=-1)
    if source is None or source == at or not length[at]:
        return loss
    ratio = length[source] / length[at]
    fate = "vanishes on the way" if ratio < 1e-3 else "grows on the way" if ratio > 10 else "survives"
    return (f"{loss} {at - source} {'step' if at - source == 1 else 'steps'} back, where its letter was the input, "
            f"**{short(float(ratio))} ×** of the gradient arrives: it **{fate}**.")


def _training_step(run: Run, gradients: Gradients) -> Choice:
    st.subheader("One training step")
    choice = _optimiser(run)
    norm = float(np.sqrt(sum((part ** 2).sum() for part in gradients.weights.values())))
    limit = choice[2]
    cut = "" if limit is None else (f", so clipping shortens it to {number(limit)}" if norm > limit
                                    else f", so clipping at {number(limit)} leaves it as it is")
    st.markdown(f"All gradients together have the length **{short(norm)}**{cut}. Then {LABELS[choice[0]]}, starting "
                "afresh, moves every weight. Some numbers of each weight were also moved a little, up and down: the "
                "loss tells their measured slopes.")
    return choice


def _optimiser(run: Run) -> Choice:
    own = run.config.optimiser
    first = own.name if own.name in OPTIMISERS else "adam"
    rate = min(RATES, key=lambda known: abs(np.log(known / own.lr)))
    limit = "off" if own.clip is None else min((name for name, value in CLIPS.items() if value), key=lambda known: abs(
        np.log(float(known) / (own.clip or 1.0))))
    with st.container(horizontal=True, vertical_alignment="bottom", key="gradient-optimiser"):
        name = choose(st.segmented_control, "Optimiser", {name: LABELS[name] for name in OPTIMISERS}, "optimiser",
                      first, required=True, help=described("optimiser.name"))
        clip = choose(st.segmented_control, "Clip at", list(CLIPS), "clip", limit, required=True,
                      help="The whole gradient is shortened to this length.")
        lr = choose(moving_choice, "Learning rate", {known: f"{known:g}" for known in RATES}, "lr", rate,
                    help=described("optimiser.lr"))
        st.button("Reset", icon=":material/restart_alt:", key="gradient-reset",
                  on_click=st.session_state.update, args=({"optimiser": first, "clip": limit, "lr": rate},),
                  help="Back to the optimiser that this network was trained with.")
    return name, lr, CLIPS[clip]


def _table(question: LossQuestion, gradients: Gradients, taken: Step, gaps: Gaps) -> str:
    """Write the table as HTML; torch's columns wait for its answer."""
    before, measured = question.run.weights(question.step, "float64"), measured_slopes(question)
    rows = []
    for name, gradient in gradients.weights.items():
        mark = "<b class=ok>✓</b>" if measured[name].within else "<b class=no>✗</b>"
        first, after = map(short, gaps[name]) if name in gaps else ("…", "…")
        cells = (short(float(np.linalg.norm(gradient))), first, f"{short(measured[name].gap)} {mark}",
                 short(float(np.abs(taken.updated[name] - before[name]).max())), after)
        size = " × ".join(map(str, gradient.shape))
        rows.append(f"<tr><th scope=row>{escape(name)}<small>{size}</small></th>"
                    f"{''.join(map(cell, HEADS, cells))}</tr>")
    heads = "".join(f"<th scope=col>{head}</th>" for head in ("weight", *HEADS))
    return ('<div class="weights-table" role="group" tabindex="0" aria-label="Gradient of every weight">'
            f'<table><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>')


def _download(run: Run, gradients: Gradients, taken: Step) -> None:
    def packed() -> bytes:
        file = io.BytesIO()
        every = gradients.weights | dict(gradients.trace)
        arrays: dict[str, Any] = {f"gradient.{name}": part for name, part in every.items()}
        arrays |= {f"updated.{name}": part for name, part in taken.updated.items()}
        np.savez(file, loss=np.array(gradients.loss), **arrays)
        return file.getvalue()

    st.download_button("Download these gradients", packed, f"{run.id}-gradients.npz", "application/octet-stream",
                       icon=":material/download:", key="gradient-file", on_click="ignore", type="tertiary",
                       help="Every gradient and every updated weight, for numpy.load.")
