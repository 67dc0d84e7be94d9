"""What a network writes: a text at each of some temperatures, proved, and how the same draws read before."""

from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np
import streamlit as st
from jaxtyping import Int

from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.film import evenly
from seqlab.numerals import counted, perplexity
from seqlab.reference.sampling import Choice
from seqlab.training.run import Run
from seqlab.ui.lenses.view import ask_network
from seqlab.ui.proof.drawing import prove
from seqlab.ui.runs.following import goes_on, new_weights, weights_to_show
from seqlab.ui.runs.inputs import LONGEST, predicted_next
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.pacing import paced
from seqlab.ui.shell.style import style
from seqlab.ui.studios.sampling.choice import Opening, read_prompt
from seqlab.ui.studios.sampling.source import SAMPLES, SampleQuestion
from seqlab.ui.widgets.temperatures import temperatures

LENGTH, SHORT = 300, 110  # characters of the text, and of each line of what it wrote before
LINES = 6
USUAL = 0.7
CHOICES = tuple(Choice(step / 10) for step in (0, 3, 5, 7, 10, 12, 15))
PROMPT = "the "
LAST_SEED = 9999
COMPARES = ("Torch has read the same text and has drawn with the same random numbers; compared are all logits, "
            "probabilities and characters.")


def what_it_writes(run: Run) -> None:
    """Draw the text in a fragment, which follows a run while it trains."""
    style(Path(__file__).with_name("text.css"))
    st.fragment(paced(show_fault_inline(_written), new_weights(run)), run_every=2.0 if goes_on(run) else None)(run)


def _written(run: Run) -> None:
    kept, seed, alphabet = weights_to_show(run), _seed(), run.config.task_config.alphabet
    with st.container(key="asked"):
        prompt = _asked(run, alphabet, seed, bool(kept))
    if not kept:
        st.info("The first text appears as soon as training starts." if goes_on(run) else
                "This run kept no weights, so no text can be drawn from it.")
        return
    question = replace(SampleQuestion.of(run, kept[-1], prompt.text, LENGTH, seed, Choice()), choices=CHOICES)
    rows = question.rows()
    temperatures(prompt.text, {one: _text(question, ids) for one, ids in rows.items()}, _temperature(),
                 key="text-temperatures", on_choose=_choose)
    slot = st.container(key="badge-slot-text", gap=None)
    st.caption(f"After {counted(kept[-1], 'update')}, with the random numbers of seed {seed}. Below, what the same "
               f"numbers gave earlier in its training, at temperature {USUAL:g}.")
    _before(run, kept[:-1], prompt.text, seed)
    ask_network(run, predicted_next(_read(question, rows[_temperature()]), alphabet))
    prove(SAMPLES, question, key="text-sample", slot=slot, compares=COMPARES, run=run)


def _asked(run: Run, alphabet: Vocabulary, seed: int, writes: bool) -> Opening:
    """Draw the prompt, the button for other draws and the ways on; return what the text goes on from."""
    field, actions = st.columns([1.6, 1], vertical_alignment="bottom")
    typed = field.text_input("It writes on from", opening(alphabet), key="start", live=True, bind="query-params",
                             placeholder="Nothing: it begins by itself",
                             help="The network reads this first, and goes on with what it draws from its own "
                             "probabilities.")
    prompt = read_prompt(typed or "", alphabet)
    with actions.container(horizontal=True, vertical_alignment="center", key="text-actions"):
        st.button("Draw again", icon=":material/casino:", key="draw-again", on_click=_another, disabled=not writes,
                  help="The same network with other random numbers.")
        link("sampling", run=run.id, seed=seed, temperature=_temperature(), prompt=prompt.text)
        link("reading", run=run.id)
    if prompt.note:
        st.caption(f":material/info: {literal(prompt.note)}")
    return prompt


def opening(alphabet: Vocabulary) -> str:
    """What the text goes on from at first: a word where the network knows its letters; a sentence begins by itself."""
    if alphabet.begin is not None:
        return ""
    return alphabet.without_unknown(PROMPT) or alphabet.symbols[-1]


def _text(question: SampleQuestion, ids: Int[np.ndarray, " time"]) -> str:
    """What was written behind the prompt, without the mark for its end."""
    prompt, alphabet = question.prompt, question.alphabet
    written = [alphabet.symbols[at] for at in ids if at != alphabet.end]
    return alphabet.joined([prompt, *written] if prompt else written)[len(prompt):]


def _read(question: SampleQuestion, ids: Int[np.ndarray, " time"]) -> Int[np.ndarray, " read"]:
    """The beginning of a text as the network reads it."""
    start = question.options()["start"]
    return np.concatenate([np.array(start, np.int64), question.prompt_ids, ids[ids != question.alphabet.end]])[:LONGEST]


def _before(run: Run, kept: list[int], prompt: str, seed: int) -> None:
    """Show what the same draws gave after fewer updates, with the perplexity then."""
    steps = [kept[place] for place in evenly(len(kept), LINES)]
    lines = "".join(_line(run, step, before, prompt, seed) for before, step in zip([-1, *steps], steps, strict=False))
    if lines:
        st.html(f'<div class="text-steps"><span>updates</span><span>perplexity</span><span></span>{lines}</div>')


def _line(run: Run, step: int, before: int, prompt: str, seed: int) -> str:
    question = SampleQuestion.of(run, step, prompt, SHORT, seed, Choice(USUAL))
    text = " ".join(question.drawn().text.split("\n"))
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


def _temperature() -> float:
    """The temperature that the address names, where it is one of those at hand."""
    known = {f"{choice.temperature:g}": choice.temperature for choice in CHOICES}
    return known.get(st.query_params.get("temperature", ""), USUAL)


def _choose(temperature: float) -> None:
    if temperature == USUAL:
        st.query_params.pop("temperature", None)
    else:
        st.query_params["temperature"] = f"{temperature:g}"


def _another() -> None:
    st.query_params["seed"] = str((_seed() + 1) % (LAST_SEED + 1))
