"""Another book: a network scored on texts that it was not trained for, with its own alphabet and preparation."""

from collections.abc import Sequence
from math import log

import numpy as np
import streamlit as st

from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.figures.reading import tallies
from seqlab.numerals import perplexity
from seqlab.studies.chapter.books import PUBLISHED_OTHER
from seqlab.studies.chapter.measures import published_text
from seqlab.studies.published import published
from seqlab.tasks.text import TextConfig
from seqlab.training.run import Run
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.shell.choices import choose_several, toggle
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import visible
from seqlab.ui.studios.reading.scores import (
    BOOKS,
    HELD_OUT,
    BookPortion,
    Tally,
    passages,
    portions_of,
    published_portions,
    running_sums,
)
from seqlab.ui.studios.reading.texts import absent, named

USUAL = (HELD_OUT, "gutenberg-36", "gutenberg-1342")
COLUMNS = (("characters", "characters"), ("loss", "nats"), ("perplexity", "perplexity"), ("bits", "bits"),
           ("right", "predicted right"), ("strange", "unknown"))
AS_SOURCE = (*COLUMNS[:3], ("published", "source says"), *COLUMNS[3:])


def books_section(run: Run) -> None:
    """Draw the choice of texts and, in a fragment, the table that fills."""
    if run.config.task_spec.scoring is None:
        st.info("Networks of this task are not scored on books; choose another network.")
        return
    st.caption("The same weights, alphabet and preparation, on texts that it did not learn from. Perplexity is "
               "e^loss: as if it had to choose among so many equally likely characters each time.")
    st.fragment(show_fault_inline(_books))(run)


def _books(run: Run) -> None:
    reads_books = hasattr(run.config.task_config, "corpus")  # what learned a formal language is scored by its strings
    own = [HELD_OUT] if run.config.has_data else []
    names = [*own, *(name for name in _known() if name != HELD_OUT and reads_books)]
    chosen = choose_several(st.multiselect, "Texts", {name: _title(run, name) for name in names}, "texts",
                            [name for name in USUAL if name in names], placeholder="Choose texts to score it on",
                            help="Texts that the network did not learn from, each scored by its perplexity.")
    as_source = isinstance(run.config.task_config, TextConfig) and toggle(
        st.toggle, "Score books as the chapter's exercises do", False, "as-source",
        help="Windows 10,000 to 15,000 of the book's file with its licence, each beginning one character after the one "
        "before; e to the mean of the batches' losses. Otherwise the whole book, without the licence.")
    here = [name for name in chosen if (not absent(run) if name == HELD_OUT else corpora.at_hand(name))]
    if absent(run) and HELD_OUT in chosen:
        st.caption(f":material/info: {literal(absent(run))} The other texts can be scored.")
    for name in chosen:
        if name != HELD_OUT and name not in here:
            _offer(name)
    if not here:
        st.info("Choose at least one text that is on this machine.")
        return
    _scored(run, here, as_source)


def _scored(run: Run, here: list[str], as_source: bool) -> None:
    """Draw the table of some texts, which fills, what their alphabets lack, and the proof."""
    table, columns = st.empty(), AS_SOURCE if as_source else COLUMNS
    rows: dict[str, dict[str, str]] = {name: _row(run, name, Tally(), 0.0, as_source) for name in here}
    table.html(tallies(list(rows.values()), columns))
    snapshot = Snapshot.of(run)
    notes, proved = [], []
    for name in here:
        try:
            portions, texts = _read(snapshot, name, as_source)
            for tally, share in running_sums(portions):
                rows[name] = _row(run, name, tally, share, as_source)
                table.html(tallies(list(rows.values()), columns))
        except Fault as fault:
            rows[name] |= {"note": str(fault)}
            table.html(tallies(list(rows.values()), columns))
            continue
        proved.append(portions[0])
        unknown = run.config.task_config.alphabet.unknown_symbols("".join(texts)).most_common()
        notes.append(_mismatch(run, name, tally, unknown))
    _notes(run, rows, notes, as_source)
    if proved:
        prove(BOOKS, *proved, key="proof-books", slot=st.container(key="badge-slot-books", gap=None))


def _read(snapshot: Snapshot, name: str, as_source: bool) -> tuple[list[BookPortion], Sequence[str]]:
    """Portions of a text and what they read of it: of a book those of the source where that is asked for."""
    if as_source and _is_book(name):
        text = published_text(snapshot.run, name)
        return published_portions(snapshot, name, text), (text,)
    texts = passages(snapshot.run, name)
    return portions_of(snapshot, name, texts), texts


def _is_book(name: str) -> bool:
    """Whether a text is a file of Project Gutenberg, which has a licence."""
    return name.startswith("gutenberg-")


def _known() -> list[str]:
    """Corpora that can be chosen: the usual books, those that people have added, and what else is at hand."""
    books = [f"gutenberg-{number}" for number in corpora.BOOKS]
    usual = [*(name for name in USUAL if name != HELD_OUT), PUBLISHED_OTHER]
    others = [name for name in ("time-machine", "python-topics", *books) if name not in usual and corpora.at_hand(name)]
    return [*usual, *others, *visible(corpora.names())]


def _title(run: Run, name: str) -> str:
    if name != HELD_OUT:
        return corpora.title(name)
    corpus = getattr(run.config.task_config, "corpus", None)
    return f"{corpora.title(corpus)}, held-out part" if corpus else "the held-out part"


def _offer(name: str) -> None:
    """Say that a book is not here, and offer to fetch it."""
    slot = st.empty()
    with slot.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/cloud_off: {literal(corpora.title(name))} is not on this machine.", width="content")
        asked = st.button(f"Download {literal(corpora.title(name))}", key=f"fetch-{name}", icon=":material/download:")
    if not asked:
        return
    bar = slot.progress(0.0, f"Downloading {literal(corpora.title(name))} …")

    def progress(done: int, total: int) -> None:
        title = literal(corpora.title(name))
        bar.progress(min(1.0, done / total) if total else 0.0, f"{done / 1e6:.1f} MB of {title} …")

    corpora.corpus(name, progress)
    st.rerun()


def _row(run: Run, name: str, tally: Tally, share: float, as_source: bool) -> dict[str, str]:
    as_source &= _is_book(name)
    note = ("the part it has not learned from" if name == HELD_OUT else
            "windows 10,000 to 15,000 of the file" if as_source else "the whole text, without a licence")
    if share < 1:
        note = f"reading … {share:.0%}" if tally.count else "waiting …"
    known = published(f"chapter/{name}")
    row = {"name": _title(run, name), "note": note, "published": "–" if known is None else f"{known:.2f}"}
    if tally.count:
        loss = tally.mean_of_means if as_source else tally.mean
        row |= {"characters": f"{tally.count:,}", "loss": f"{loss:.3f}",
                "perplexity": perplexity(loss), "bits": f"{loss / log(2):.3f}",
                "right": f"{tally.right / tally.count:.1%}", "strange": f"{tally.unknown:,}"}
    return row


def _mismatch(run: Run, name: str, tally: Tally, unknown: list[tuple[str, int]]) -> str:
    if not unknown:
        return ""
    count, title = sum(number for _, number in unknown), literal(_title(run, name))
    outside = f"**{title}**: {len(unknown)} characters are outside its alphabet, {count:,} times: {named(unknown)}."
    if not tally.unknown:
        return f"{outside} They were left out."
    return (f"{outside} They count as the symbol unknown; over the characters that it knows the perplexity is "
            f"{perplexity(tally.known)}.")


def _notes(run: Run, rows: dict[str, dict[str, str]], notes: list[str], as_source: bool) -> None:
    mismatches = [text for text in notes if text]
    lines = mismatches or ["No vocabulary mismatch: the network knows every character of these texts."]
    st.markdown("**Vocabulary mismatch.** " + " ".join(lines) if mismatches else lines[0])
    if as_source:
        st.caption("The source scores the chapter's RNN with an embedding. Its other author is that of Gutenberg book "
                   "71557, for which Pride and Prejudice stands in.")
    validation = run.status.validation
    if HELD_OUT in rows and validation is not None and np.isfinite(validation) and run.status.state == "finished":
        st.caption(f"When its training ended, torch measured {validation:.3f} nats on the held-out part: the same "
                   "windows, another program.")
