"""What a network writes: a short text drawn now, proved, and how the same draws read earlier in its training."""

from html import escape
from pathlib import Path

import numpy as np
import streamlit as st

from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.film import evenly
from seqlab.numerals import counted, perplexity
from seqlab.reference.sampling import Choice
from seqlab.training.run import Run
from seqlab.ui.proof.drawing import prove
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.style import style
from seqlab.ui.studios.sampling.source import SAMPLES, SampleQuestion

LENGTH, SHORT = 360, 110  # characters of the text, and of each line of what it wrote before
LINES = 6
CHOICE = Choice(temperature=0.7)
PROMPT = "the "
LAST_SEED = 9999
COMPARES = ("Torch has read the same text and has drawn with the same random numbers; compared are all logits, "
            "probabilities and characters.")


def what_it_writes(run: Run) -> None:
    """Draw the text in a fragment, which follows a run while it trains."""
    style(Path(__file__).with_name("text.css"))
    st.fragment(show_fault_inline(_written), run_every=2.0 if goes_on(run) else None)(run)


def _written(run: Run) -> None:
    kept, seed = run.snapshots(), _seed()
    with st.container(horizontal=True, vertical_alignment="center", key="text-actions"):
        st.header("What it writes")
        st.button("Draw again", icon=":material/casino:", key="draw-again", on_click=_another, disabled=not kept,
                  help="The same network with other random numbers.")
        link("sampling", run=run.id, seed=seed, temperature=CHOICE.temperature)
        link("reading", run=run.id)
    if not kept:
        st.info("The first text appears as soon as training starts." if goes_on(run) else
                "This run kept no weights, so no text can be drawn from it.")
        return
    alphabet = run.config.task_config.alphabet
    question = SampleQuestion.of(run, kept[-1], opening(alphabet), LENGTH, seed, CHOICE)
    st.html(f'<div class="text-sample"><i>{escape(question.prompt)}</i>{escape(_text(question))}</div>')
    slot = st.container(key="badge-slot-text", gap=None)
    st.caption(f"After {counted(kept[-1], 'update')}, at temperature {CHOICE.temperature:g}, with the random numbers "
               f"of seed {seed}. Below, what the same numbers gave earlier in its training.")
    _before(run, kept[:-1], seed)
    prove(SAMPLES, question, key="text-sample", slot=slot, compares=COMPARES, run=run)


def opening(alphabet: Vocabulary) -> str:
    """What the text goes on from: a word where the network knows its letters; a sentence begins by itself."""
    if alphabet.begin is not None:
        return ""
    return alphabet.without_unknown(PROMPT) or alphabet.symbols[-1]


def _text(question: SampleQuestion) -> str:
    drawn = question.drawn()
    return drawn.text[len(drawn.prompt):]


def _before(run: Run, kept: list[int], seed: int) -> None:
    """Show what the same draws gave after fewer updates, with the perplexity then."""
    steps = [kept[place] for place in evenly(len(kept), LINES)]
    lines = "".join(_line(run, step, before, seed) for before, step in zip([-1, *steps], steps, strict=False))
    if lines:
        st.html(f'<div class="text-steps"><span>updates</span><span>perplexity</span><span></span>{lines}</div>')


def _line(run: Run, step: int, before: int, seed: int) -> str:
    question = SampleQuestion.of(run, step, opening(run.config.task_config.alphabet), SHORT, seed, CHOICE)
    text = " ".join((question.prompt + _text(question)).split("\n"))
    return f"<span>{step:,}</span><span>{_perplexity(run, before, step)}</span><span>{escape(text)}</span>"


def _perplexity(run: Run, before: int, step: int) -> str:
    """Perplexity on what validates, as measured last since the line before; a dash where it was not."""
    columns = run.metrics()
    since = (columns["step"] > before) & (columns["step"] <= step)
    known = np.flatnonzero(np.isfinite(columns["validation"]) & since)
    return perplexity(float(columns["validation"][known[-1]]), 1) if len(known) else "–"


def _seed() -> int:
    """The seed of the draws, as the address has it; 0 where that cannot be."""
    asked = st.query_params.get("seed", "0")
    return min(int(asked), LAST_SEED) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0


def _another() -> None:
    st.query_params["seed"] = str((_seed() + 1) % (LAST_SEED + 1))
