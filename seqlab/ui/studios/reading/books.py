"""Another book: a network judged on texts that it was not trained for, with its own alphabet and preparation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from math import exp, log
from typing import Any

import numpy as np
import streamlit as st

from seqlab.agreement import Agreement
from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.figures.reading import tallies
from seqlab.training.run import Run
from seqlab.ui.proof.comparison import proved
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.services import engine
from seqlab.ui.studios.cells.two_readings import worse
from seqlab.ui.studios.reading.texts import Snapshot, absent, named

HELD = "held-out"
USUAL = (HELD, "gutenberg-36", "gutenberg-1342")
PUBLISHED = {"gutenberg-36": 8.94, "gutenberg-1342": 9.40}  # perplexities, of the chapter's RNN
PORTION = 32_768  # characters that a worker judges at a time
COLUMNS = (("characters", "characters"), ("loss", "nats"), ("perplexity", "perplexity"), ("bits", "bits"),
           ("right", "foreseen"), ("published", "published"), ("strange", "unknown"))


@dataclass(frozen=True)
class Tally:
    """Sums over the characters that were judged; ``strange`` are those that the network does not know."""

    loss: float = 0.0
    right: int = 0
    count: int = 0
    strange_loss: float = 0.0
    strange: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    @property
    def mean(self) -> float:
        """Mean loss in nats."""
        return self.loss / self.count

    @property
    def known(self) -> float:
        """Mean loss over the characters that the network knows; NaN where there are none."""
        return (self.loss - self.strange_loss) / (self.count - self.strange) if self.count > self.strange else np.nan


def books_section(run: Run) -> None:
    """Draw the choice of texts and, in a fragment, the table that fills."""
    if run.config.task_spec.scoring is None:
        st.info("Networks of this task are not judged on books; choose another network.")
        return
    st.caption("The same weights, alphabet and preparation, on texts that it did not learn from. Perplexity is "
               "e^loss: as if it had to choose among so many equally likely characters each time.")
    st.fragment(show_fault_inline(_books))(run)


def _books(run: Run) -> None:
    reads_books = hasattr(run.config.task_config, "corpus")  # what learned a formal language is judged by its strings
    names = [HELD, *(name for name in _known() if name != HELD and reads_books)]
    chosen = st.multiselect("Texts", names, [name for name in USUAL if name in names],
                            format_func=partial(_title, run), key="texts", bind="query-params",
                            placeholder="Choose texts to judge it by")
    own = getattr(run.config.task_config, "corpus", None)
    chosen = [name for name in chosen if name in names]
    here = [name for name in chosen if (name == HELD and not absent(run)) or (name != HELD and corpora.at_hand(name))]
    if absent(run) and HELD in chosen:
        st.caption(f":material/info: {absent(run)} The other texts can be judged.")
    for name in chosen:
        if name != HELD and name not in here:
            _offer(name)
    if not here:
        st.info("Choose at least one text that is on this machine.")
        return
    table = st.empty()
    rows: dict[str, dict[str, str]] = {name: _row(run, name, Tally(), 0.0) for name in here}
    table.html(tallies(list(rows.values()), COLUMNS))
    judge = _Judge(Snapshot.of(run))
    said, proofs = [], []
    for name in here:
        try:
            for tally, share in judge.judged(name):
                rows[name] = _row(run, name, tally, share)
                table.html(tallies(list(rows.values()), COLUMNS))
        except Fault as fault:
            rows[name] |= {"note": str(fault)}
            table.html(tallies(list(rows.values()), COLUMNS))
            continue
        proofs.append(judge.proof)
        said.append(_mismatch(run, name, tally, judge.strange))
    _told(run, rows, said, own)
    if proofs:
        with st.container(key="badge-slot-books", gap=None):
            proved(lambda: {dtype: worse(*(part[dtype] for part in proofs)) for dtype in proofs[0]},
                   key="proof-books", symbols=("logits",),
                   compares="All figures of the table come from NumPy in single precision. The badge compares the "
                            "logits of the first windows of each text, some 4,000 characters of it, with torch.")


class _Judge:
    """Judges texts portion by portion; what was found before is kept."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot, self.run = snapshot, snapshot.run
        self.proof: dict[str, Agreement] = {}
        self.strange: list[tuple[str, int]] = []

    def judged(self, name: str) -> Iterator[tuple[Tally, float]]:
        """Yield what was found so far and which share of the text that is; raises Fault."""
        spec, config = self.run.config.task_spec, self.run.config.task_config
        assert spec.passages is not None
        texts = spec.passages(config) if name == HELD else spec.passages(config, name)
        self.strange = config.alphabet.unknown_symbols("".join(texts)).most_common()
        portions = list(_portions(self.run, () if name == HELD else texts))
        total = Tally()
        for number, (rows, first) in enumerate(portions):
            try:
                found = dict(_portion(self.snapshot, name, number, rows, first, config.alphabet.pad,
                                      config.alphabet.unknown))
            except TimeoutError:
                raise Fault("No worker has answered; the figures will be here when you open this page "
                            "again.") from None
            if not number:
                self.proof = found.pop("agreement")
            total += Tally(**found)
            yield total, (number + 1) / len(portions)


def _portions(run: Run, texts: Sequence[str]) -> Iterator[tuple[np.ndarray, int]]:
    scoring: Callable[..., Iterator[tuple[np.ndarray, int]]] | None = run.config.task_spec.scoring
    assert scoring is not None
    for rows, first in scoring(run.config.task_config, texts):
        hop = max(1, PORTION // rows.shape[1])
        for start in range(0, len(rows), hop):
            yield rows[start:start + hop], first


@st.cache_resource(max_entries=4000, show_spinner=False)
def _portion(snapshot: Snapshot, name: str, number: int, _rows: np.ndarray, _first: int, _pad: int | None,
             _unknown: int | None) -> dict[str, Any]:
    found: dict[str, Any] = awaited(engine().ask("seqlab.lenses.reading:judged", snapshot.path, snapshot.step,
                                                 np.ascontiguousarray(_rows), _first, _pad, _unknown, number == 0))
    return found


def _known() -> list[str]:
    """Corpora that can be chosen: the usual books, those that people have added, and what else is at hand."""
    books = [f"gutenberg-{number}" for number in corpora.BOOKS]
    usual = [name for name in USUAL if name != HELD]
    others = [name for name in ("time-machine", "python-topics", *books) if name not in usual and corpora.at_hand(name)]
    return [*usual, *others, *(text.name for text in corpora.own())]


def _title(run: Run, name: str) -> str:
    if name != HELD:
        return corpora.title(name)
    corpus = getattr(run.config.task_config, "corpus", None)
    return f"{corpora.title(corpus)}, held-out part" if corpus else "what was kept from learning"


def _offer(name: str) -> None:
    """Say that a book is not here, and offer to fetch it."""
    slot = st.empty()
    with slot.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/cloud_off: {corpora.title(name)} is not on this machine.", width="content")
        asked = st.button(f"Download {corpora.title(name)}", key=f"fetch-{name}", icon=":material/download:")
    if not asked:
        return
    bar = slot.progress(0.0, f"Downloading {corpora.title(name)} …")

    def heard(done: int, total: int) -> None:
        bar.progress(min(1.0, done / total) if total else 0.0, f"{done / 1e6:.1f} MB of {corpora.title(name)} …")

    corpora.corpus(name, heard)
    st.rerun()


def _row(run: Run, name: str, tally: Tally, share: float) -> dict[str, str]:
    note = "the part it has not learned from" if name == HELD else "the whole text"
    if share < 1:
        note = f"reading … {share:.0%}" if tally.count else "waiting …"
    row = {"name": _title(run, name), "note": note, "published": f"{PUBLISHED[name]:.2f}" if name in PUBLISHED else "–"}
    if tally.count:
        row |= {"characters": f"{tally.count:,}", "loss": f"{tally.mean:.3f}",
                "perplexity": f"{exp(min(tally.mean, 700)):.2f}", "bits": f"{tally.mean / log(2):.3f}",
                "right": f"{tally.right / tally.count:.1%}", "strange": f"{tally.strange:,}"}
    return row


def _mismatch(run: Run, name: str, tally: Tally, strange: list[tuple[str, int]]) -> str:
    if not strange:
        return ""
    count, title = sum(number for _, number in strange), _title(run, name)
    told_of = f"**{title}**: {len(strange)} characters are outside its alphabet, {count:,} times: {named(strange)}."
    if not tally.strange:
        return f"{told_of} They were left out."
    return (f"{told_of} They count as the symbol unknown; over the characters that it knows the perplexity is "
            f"{exp(min(tally.known, 700)):.2f}.")


def _told(run: Run, rows: dict[str, dict[str, str]], said: list[str], own: str | None) -> None:
    mismatches = [text for text in said if text]
    lines = mismatches or ["No vocabulary mismatch: the network knows every character of these texts."]
    st.markdown("**Vocabulary mismatch.** " + " ".join(lines) if mismatches else lines[0])
    if own in ("time-machine", "gutenberg-35"):
        st.caption("Published: the chapter's RNN, trained on 10,000 windows of The Time Machine, on the other two "
                   "books. A text by another author is harder than another by Wells.")
    validation = run.status.validation
    if HELD in rows and validation is not None and np.isfinite(validation) and run.status.state == "finished":
        st.caption(f"When its training ended, torch measured {validation:.3f} nats on the held-out part: the same "
                   "windows, another program.")
