"""What surprises it: any text, each character coloured by how little a network expected it."""

from math import log

import streamlit as st

from seqlab.data.preparation import LABELS
from seqlab.figures.reading import ScoredText, reading_bytes, reading_csv
from seqlab.numerals import counted, perplexity
from seqlab.training.run import Run
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.studios.reading.texts import (
    MOST,
    SENTENCE,
    SURPRISES,
    PreparedText,
    Reading,
    absent,
    held_out,
    named,
    surprises,
)
from seqlab.ui.widgets.kept_area import kept_area
from seqlab.ui.widgets.reading import reading as mount

EXCERPT = 700  # characters of the passage that it opens with
LONGEST_WORD = 100


def surprise_section(run: Run) -> None:
    """Draw the field for a text and, in a fragment, what the network makes of it."""
    st.fragment(show_fault_inline(_surprise))(run)


def _surprise(run: Run) -> None:
    typed = _typed(run)
    given = PreparedText.of(run.config.task_config, typed)
    if not given.predicted:
        st.info(f"Type at least two {run.config.task_config.alphabet.level}s that this network knows: it cannot "
                "predict the first one, before which there is nothing.")
        return
    reading = Reading(Snapshot.of(run), given)
    with st.spinner("Reading …"):
        read = surprises(reading)
    st.html(_figures(read, run.config.task_config.alphabet.level))
    if len(typed) > MOST:
        st.caption(f":material/info: Only the first {MOST:,} of {len(typed):,} characters are read.")
    for note in _notes(run, given):
        st.caption(f":material/info: {note}")
    badge = st.container(key="badge-slot-reading", gap=None)
    mount(reading_bytes(read), key="reading")
    st.download_button("Download CSV", lambda: reading_csv(read), f"{run.id}-reading.csv", "text/csv", key="csv",
                       icon=":material/download:", on_click="ignore", type="tertiary",
                       help="Every character with its surprise and what was expected instead.")
    prove(SURPRISES, reading, key="proof-reading", slot=badge)


def _typed(run: Run) -> str:
    """Draw the field; it opens with a passage that the network has not learned from, and keeps what a person wrote."""
    passages, state = _excerpts(run), st.session_state
    default = passages[0] if passages else SENTENCE
    for_another = state.get("passage-run") != run.id and state.get("passage") == state.get("passage-given")
    if state.get("passage") is None or for_another:
        state["passage"] = state["passage-given"] = default
        state["passage-place"] = 0
    state["passage-run"] = run.id
    missing = absent(run)
    if missing:
        st.caption(f":material/info: {literal(missing)} It reads a sentence of this page, and whatever you paste.")
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    typed = left.text_area("Your text", key="passage", height=84, persist_state="session",
                           placeholder="Type or paste a text",
                           help=f"The first {MOST:,} characters are read. It opens with a held-out passage.")
    kept_area("passage", state["passage-given"], key="kept-passage", most=20 * MOST)
    with right:
        st.button("Another", icon=":material/casino:", key="another", width="stretch", args=(passages,),
                  on_click=_another, disabled=len(passages) < 2,
                  help="The next passage of the part that this network has not learned from.")
    return str(typed or "")


def _another(passages: list[str]) -> None:
    place = st.session_state.get("passage-place", 0) + 1
    st.session_state["passage-place"] = place
    st.session_state["passage"] = st.session_state["passage-given"] = passages[place % len(passages)]


def _excerpts(run: Run) -> list[str]:
    """Passages of the held-out part: stretches of a running text, or some sentences at a time."""
    texts = held_out(run)
    if len(texts) == 1:
        text = texts[0]
        starts = range(0, max(1, len(text) - EXCERPT), EXCERPT)[:40]
        return [_stretch(text, start) for start in starts]
    lines = [text.rstrip("\n") for text in texts[:320]]
    return ["\n".join(lines[first:first + 8]) for first in range(0, len(lines), 8)]


def _stretch(text: str, start: int) -> str:
    """A stretch of a text from a word's beginning to a word's end, where spaces part its words."""
    gap = text.find(" ", start, start + LONGEST_WORD)
    part = text[gap + 1 if gap >= 0 else start:][:EXCERPT]
    whole = part.rpartition(" ")[0]
    return whole if len(whole) > EXCERPT - LONGEST_WORD else part


def _figures(read: ScoredText, unit: str) -> str:
    loss = float(read.surprise.mean(dtype="float64"))
    tiles = ((f"{loss:.3f}", f"nats per {unit}"), (perplexity(loss), "perplexity"),
             (f"{loss / log(2):.3f}", f"bits per {unit}"), (f"{read.right:.1%}", "predicted: its first choice came"),
             (f"{len(read.surprise):,}", f"{counted(len(read.surprise), unit).partition(' ')[2]} predicted"))
    return '<div class="tiles">' + "".join(f"<p><b>{number}</b><small>{name}</small></p>" for number, name in
                                           tiles) + "</div>"


def _notes(run: Run, given: PreparedText) -> list[str]:
    config = run.config.task_config
    notes = []
    if config.alphabet.begin is not None:
        notes.append("Each line is read by itself; ⏎ is the mark for its end, predicted like a "
                     f"{config.alphabet.level}.")
    elif getattr(config, "preparation", "whole") != "whole":
        notes.append(f"Prepared as its own text was: {LABELS[config.preparation]}.")
    if run.core.heads:
        notes.append(f"It reads windows of {run.sizes.longest} {config.alphabet.level}s, as in its training, each "
                     "one with at least half a window before it.")
    if given.unknown:
        count = sum(number for _, number in given.unknown)
        fate = "left out" if config.alphabet.unknown is None else "read as one symbol, unknown"
        notes.append(f"{counted(count, config.alphabet.level)} that it does not know "
                     f"{'were' if count > 1 else 'was'} {fate}: {named(given.unknown)}.")
    return [" ".join(notes)] if notes else []
