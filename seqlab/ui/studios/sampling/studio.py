"""The sampling studio: text drawn from a network, one character at a time, and every number that chose it."""

import streamlit as st

from seqlab.errors import Fault
from seqlab.export.exports import Leaving, TextSettings
from seqlab.figures.film import film_id
from seqlab.figures.studio import SampledText, sampled_npz, studio
from seqlab.reference.changed import Changes
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import read
from seqlab.ui.lenses.change_form import MOVED, Form
from seqlab.ui.proof.drawing import prove
from seqlab.ui.runs.changes import changes_made, list_changes, sites
from seqlab.ui.runs.following import goes_on, weights_to_show
from seqlab.ui.runs.take_away import Numbers, take_away
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.in_view import looked_at
from seqlab.ui.shell.navigation import link
from seqlab.ui.studios.sampling.choice import ask, dials, turn
from seqlab.ui.studios.sampling.source import SAMPLES, SampleQuestion
from seqlab.ui.widgets.sampling import studio as mount

CHANNEL = "sampling"
LOOKED_AT = 60  # characters that the other views are given


def sampling_studio(run: Run) -> None:
    """Draw what is asked, the studio and its badge; fragments, so that a dial draws the studio alone."""
    st.fragment(show_fault_inline(_ask))(run)


def _ask(run: Run) -> None:
    active, kept = goes_on(run), _snapshots(run)
    with st.container(key="second-asked"):
        opening, length, seed, step = ask(run.config.task_config.alphabet, [] if active else kept)
    if opening.text:
        looked_at(run, read(run, opening.text[-LOOKED_AT:]))
    made = changes_made(run) if kept else ()
    list_changes(made, run.symbols)
    # A live run's text follows its newest snapshot by a timer of its own, which leaves the fields alone.
    follow = 2.0 if active else None
    st.fragment(show_fault_inline(_show), run_every=follow)(run, opening.text, length, seed, step, made)
    if kept:
        _change(run, kept[-1], made)


def _change(run: Run, step: int, made: Changes) -> None:
    """Draw the fields by which the network is changed while it writes."""
    st.session_state.pop(MOVED, None)  # all that is drawn here is drawn again with the fields
    with st.expander("Change the network while it writes: hold a unit or a gate, and read what comes", expanded=False,
                     icon=":material/edit:", key="second-change"):
        Form(Question.of(run, step, read(run), made), sites(run), "draw-change-", drawing=True).draw()


def _snapshots(run: Run) -> list[int]:
    if not run.path.exists():
        raise Fault(f"Run {run.id} was deleted while it was shown; choose another network.")
    return weights_to_show(run)


def _show(run: Run, prompt: str, length: int, seed: int, chosen: int | None, made: Changes) -> None:
    kept = _snapshots(run)
    if not kept:
        st.info("The first text appears as soon as training starts." if goes_on(run) else
                "This run kept no weights, so no text can be drawn from it.")
        return
    if chosen is None and not goes_on(run):
        st.rerun()  # to the choice of its snapshots, and without the timer
    (choice, colour, odd), place = dials(), st.empty()
    if odd:
        place.warning(literal(odd), icon=":material/link_off:")
    question = SampleQuestion.of(run, _held(run, kept) if chosen is None else chosen, prompt, length, seed, choice,
                                 made)
    _draw(run, question, colour)


def _held(run: Run, kept: list[int]) -> int:
    """The snapshot of a run that trains whose text is read: it stays until a person asks for the newest.

    One that the run no longer keeps gives way to the newest, which a sentence says.
    """
    key = f"sampling-step-{run.id}"
    held, newest = st.session_state.setdefault(key, kept[-1]), kept[-1]
    with st.container(horizontal=True, vertical_alignment="center", key="sampling-live"):
        if held not in kept:
            st.caption(f":material/info: The weights of step {held:,} are no longer kept; this is step {newest:,}.")
            st.session_state[key] = held = newest
        else:
            st.caption(f"It trains. This text is from step {held:,} and stays while you read it.")
        st.button("Draw with the newest weights", icon=":material/update:", key="sampling-newest",
                  disabled=held == newest, on_click=st.session_state.__setitem__, args=(key, newest))
    return int(held)


def _draw(run: Run, question: SampleQuestion, colour: str) -> None:
    slot = st.container(key=f"badge-slot-{CHANNEL}", gap=None)
    drawn = question.drawn()
    packed = studio(drawn, question.column.rows(), channel=CHANNEL, colour=colour)
    mount(packed, key="studio", on_choose=turn)
    _further(run, question, drawn)
    prove(SAMPLES, question, question.column, key="sampling", slot=slot, channel=CHANNEL, film=film_id(packed), run=run)


def _further(run: Run, question: SampleQuestion, drawn: SampledText) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="sampling-further"):
        word = _beginning(drawn)
        if word:
            link("stepper", "Step by step", run=run.id, word=word)
            if run.core.state:
                link("cells", "Gradients", run=run.id, word=word, show="Gradients")
            if "attention" in run.core.symbols:
                link("attention", "Attention", run=run.id, word=word)
        name, choice = f"{run.id}-{question.seed}", question.choices[0]
        settings = TextSettings(question.prompt, question.length, question.seed, choice)
        take_away(Leaving(run, question.step, read(run), settings, question.changes), "html-sampling", Numbers(
            "The text", lambda: drawn.text, f"{name}.txt", "The prompt and the text."), Numbers(
            "All numbers, for numpy.load", lambda: sampled_npz(drawn), f"{name}.npz",
            "Symbols, logits and uniform draws."), key=CHANNEL)


def _beginning(drawn: SampledText) -> str:
    """The beginning of the text for the other views, on one line."""
    return " ".join(drawn.text[:LOOKED_AT].split("\n")).strip()
