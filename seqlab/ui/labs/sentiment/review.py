"""What a network makes of a review: its answer as it grows, what each word did, and what padding does to it."""

from html import escape

import numpy as np
import streamlit as st

from seqlab.data.texts import Review, read
from seqlab.errors import Fault
from seqlab.figures.sentiment import growth, words, words_csv
from seqlab.training.run import Run
from seqlab.ui.labs.sentiment.field import label_of, typed
from seqlab.ui.labs.sentiment.input import review_asked
from seqlab.ui.labs.sentiment.layers import as_read, left_out, pulled, units_won
from seqlab.ui.labs.sentiment.padding import padding_section
from seqlab.ui.labs.sentiment.readings import MOST_LEFT_OUT, REVIEW, ReviewReading, longest
from seqlab.ui.labs.sentiment.watched import Watched, watched
from seqlab.ui.lenses.view import ask_network
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.waiting import let_picture_leave
from seqlab.ui.runs.following import goes_on, new_weights, weights_to_show
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.pacing import paced
from seqlab.ui.studios.reading.texts import named
from seqlab.ui.widgets.plot import plot
from seqlab.ui.widgets.sentiment import opinion

EVERY = 2.0  # seconds between two looks at a run that trains
MOST_BARS = 6  # labels whose probabilities are drawn


def review_section(run: Run) -> None:
    """Draw the field for a review and, in a fragment, everything that the network makes of it.

    While it trains, the fragment follows its newest weights.
    """
    going = goes_on(run)
    st.fragment(paced(show_fault_inline(_section), new_weights(run)), run_every=EVERY if going else None)(run, going)


def _section(run: Run, was_going: bool) -> None:
    if was_going and not goes_on(run):
        st.rerun()  # the whole page: it stops this timer
    if not weights_to_show(run):
        st.info("This network is about to start its training; it can read as soon as it has weights." if
                was_going else "This run kept no weights, so it cannot read.")
        return
    with st.container(key="asked"):
        text = typed(run)
    try:
        given = read(text, run.vocabulary, longest(run), run.config.task_config.way.words_of)
    except Fault as fault:
        st.info(literal(fault), icon=":material/edit:")
        return
    reading = ReviewReading(Snapshot.of(run), tuple(given.ids.tolist()))
    st.html(_prediction(run, reading, label_of(text, run)))
    for note in _notes(given):
        st.caption(f":material/info: {literal(note)}")
    badge = st.container(key="badge-slot-review", gap=None)
    counts, p = reading.prefixes()
    label = watched(run, int(p[-1].argmax()))
    plot(growth(counts, p[:, label.place], given.words, label.name, 1 / label.count), key="growth")
    known = [word not in given.unknown_words for word in given.words]
    every = as_read(run, reading, label), units_won(reading, label), pulled(reading, label)
    layers = [layer for layer in every if layer is not None]
    if layers:
        opinion(words(given.words, known, layers), key="opinion-read")
    ask_network(run, review_asked(run, given))
    _onward(run, given)
    let_picture_leave()  # what follows takes a moment; an edit need not wait for it
    with st.expander("**Without each word** · the review read again without it, for each word in turn",
                     icon=":material/playlist_remove:", key="review-without"):
        _each_left_out(run, reading, given, known, label)
    with st.expander("**If padding counted** · what the answer would be if padding were read like words",
                     icon=":material/space_bar:", key="review-padding", expanded="padding" in st.query_params):
        padding_section(run, reading, label)
    prove(REVIEW, reading, key="proof-review", slot=badge, symbols=("p", "pooled") if "pooled" in reading.trace() else
          ("p",), compares=_compared(reading), run=run)


def _each_left_out(run: Run, reading: ReviewReading, given: Review, known: list[bool], label: Watched) -> None:
    layer = left_out(reading, label)
    if layer is None:
        few = len(given.words) < 2
        st.caption("A review of one word has nothing left without it." if few else
                   f"Reviews of up to {MOST_LEFT_OUT} words are read again without each of their words; this one has "
                   f"{len(given.words):,}.")
        return
    opinion(words(given.words, known, [layer]), key="opinion-without")
    st.download_button("Download CSV", lambda: _table(reading, given, label), f"{run.id}-review.csv", "text/csv",
                       key="csv", icon=":material/download:", on_click="ignore", type="tertiary",
                       help="Every word with all that is shown of it.")


def _table(reading: ReviewReading, given: Review, label: Watched) -> bytes:
    """Every word with the numbers of the label that is drawn."""
    counts, p = reading.prefixes()
    columns = {"p_after_reading": np.full(len(given.words), np.nan)}
    columns["p_after_reading"][counts - 1] = p[:, label.place]
    won, without = reading.won(), reading.without()
    if won is not None:
        columns |= {"units_won": won.counts.astype(float), "pull": label.pull(won.pulls)}
    if without is not None:
        columns["p_without"] = without[:, label.place]
    return words_csv(given.words, columns)


def _prediction(run: Run, reading: ReviewReading, truth: str) -> str:
    """The answer in large letters, and how probable each label is: a bar from one to the other, or one for each."""
    p = reading.prefixes()[1][-1].astype(float)
    labels, best = [str(label) for label in run.config.task_config.labels], int(p.argmax())
    right = "" if not truth else (" right" if truth == labels[best] else " wrong")
    known = f'<span class="truth{right}">{"✓" if "right" in right else "✗"} its label: {escape(truth)}</span>'
    shown = f"<p><b>{escape(labels[best])}</b> <span>{p[best]:.1%} sure</span>{known if truth else ''}</p>"
    return (f'<div class="opinion-verdict" data-words="{len(reading.ids)}">{shown}{_bars(labels, p)}</div>')


def _bars(labels: list[str], p: np.ndarray) -> str:
    if len(labels) == 2:
        low, high = map(escape, labels)
        return (f'<div class="ends"><small>{low}</small><i><u style="left:{100 * p[1]:.1f}%"></u></i>'
                f"<small>{high}</small></div>")
    order = np.argsort(-p, kind="stable")[:MOST_BARS].tolist()
    rows = "".join(f'<li><small>{escape(labels[place])}</small><i><u style="width:{100 * p[place]:.1f}%"></u></i>'
                   f"<small>{p[place]:.1%}</small></li>" for place in order)
    rest = f"<li><small>{len(labels) - len(order)} others</small></li>" if len(labels) > len(order) else ""
    return f'<ol class="classes">{rows}{rest}</ol>'


def _notes(given: Review) -> list[str]:
    """What was not read as it was written: words that were cut off, and those that the network does not know."""
    notes = []
    if given.total > len(given.words):
        notes.append(f"Only the first {len(given.words):,} of {given.total:,} words are read.")
    unknown = sum(given.unknown_words.values())
    if unknown == len(given.words):
        notes.append("The network knows none of these words: all are read as one and the same, the unknown, so its "
                     "answer says nothing about this review.")
    elif unknown:
        notes.append(f"{unknown:,} of {len(given.words):,} words are not in its vocabulary and are read as the "
                     f"unknown: {named(given.unknown_words.most_common())}.")
    return notes


def _compared(reading: ReviewReading) -> str:
    places = len(reading.places())
    without = (f", and the probabilities without a word for {places} of the words, each shortened review read by torch "
               "from its beginning") if places else ""
    pooled = ", the pooled maxima and who won them" if reading.won() else ", the pooled mean" if (
        "pooled" in reading.trace()) else ""
    return f"The badge compares the probabilities after every word{pooled}{without}."


def _onward(run: Run, given: Review) -> None:
    """Offer to go on with the same words where every quantity of the network is shown."""
    query = {"run": run.id, "word": " ".join(given.words[:40])}
    with st.container(horizontal=True, key="onward"):
        link("stepper", "These words step by step", **query)
        if run.core.heads:
            link("attention", "What attends to what", **query)
        elif run.core.state:
            link("cells", "States and gates of its cells", run=run.id)
