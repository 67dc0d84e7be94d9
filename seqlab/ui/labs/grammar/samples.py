"""What a network wrote after every epoch, and which of it is in its language."""

import streamlit as st

from seqlab.data.grammar import Grammar
from seqlab.tasks.grammar import GENERATED, SHOWN, GrammarConfig, epoch
from seqlab.training.run import Run
from seqlab.training.samples import Sample
from seqlab.ui.runs.following import goes_on, new_figures
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.pacing import paced
from seqlab.ui.widgets.samples import Written, samples

MOST = 400  # evaluations that are sent to the browser


def samples_section(run: Run) -> None:
    """Draw the list in a fragment, which follows a run while it trains."""
    st.fragment(paced(show_fault_inline(_samples), new_figures(run)), run_every=1.0 if goes_on(run) else None)(run)


def _samples(run: Run) -> None:
    task: GrammarConfig = run.config.task_config
    with st.container(horizontal=True, vertical_alignment="center", key="grammar-samples"):
        st.header("What it writes")
        link("sampling", run=run.id)
        link("reading", run=run.id)
        link("stepper", run=run.id)
    written = run.samples()
    if not written:
        st.info("The first strings appear after the first epoch." if goes_on(run) else
                "This run kept no strings; train it on, and it writes some after each epoch.")
        return
    shares = _shares(run)
    kept = list(written)[-MOST:]
    samples([Written(step, _name(run, step), shares.get(step), [_cut(one, task.language) for one in written[step]])
             for step in kept], seed=task.prompt, key="samples")
    begin = f"They go on from “{literal(task.prompt)}”. " if task.prompt else ""
    st.caption(f"{SHOWN} strings drawn at temperature 1 after each epoch. {begin}The share is that of {GENERATED:,} "
               f"that begin by themselves. A string without an end after {task.longest} {task.level}s counts as "
               "unfinished, so not as valid.")


def _shares(run: Run) -> dict[int, float]:
    columns = run.metrics()
    return {int(step): float(share) for step, share in zip(columns["step"], columns["valid"], strict=True)
            if share == share}  # noqa: PLR0124 (NaN is what differs from itself)


def _name(run: Run, step: int) -> str:
    each = epoch(run.config.task_config, run.config.batch)
    number = step / each
    told_as = f"Epoch {number:,.0f}" if step % each == 0 else f"Epoch {number:,.2f}"
    return f"{told_as} · step {step:,}"


def _cut(sample: Sample, language: Grammar) -> tuple[str, str, bool]:
    """A string up to where it leaves the language, and from there on."""
    tokens = language.cut(sample.text)
    if sample.left is None or sample.left >= len(tokens):
        return sample.text, "", sample.valid
    good = language.joined(tokens[:sample.left])
    return good, sample.text[len(good):], False
