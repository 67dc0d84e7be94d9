"""One-hot is an embedding: the product of a one-hot code and a matrix, number by number, and the row it picks."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from seqlab.figures.reading import alike, between, codes, likeness, shown, sum_table, vowels_first
from seqlab.figures.rounding import Arrays
from seqlab.numerals import number
from seqlab.reference.linear import embedding, one_hot
from seqlab.reference.reading import input_matrix, similarity
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.shell.choices import choose, choose_number
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.widgets.moving_slider import moving_slider
from seqlab.ui.widgets.plot import plot, still

ORDERS = ("similar together", "vowels first", "alphabet")
ADDED = "what training added to W"
COMMON = " .,;:!?'\"-()"  # characters that are compared, besides letters and digits
MOST = 64


def codes_section(run: Run) -> None:
    """Draw the product and the picture of similar characters, each in a fragment of its own."""
    name, _ = _matrix(Snapshot.of(run), "float32")
    learned = name.startswith("encoder")
    st.caption(("This network has a learned embedding W: a row of numbers for each character." if learned else
                f"This network reads one-hot codes. The first matrix they meet, {name}, turned on its side, is W: so "
                "it has an embedding too, and it is learned like any other.")
               + " A one-hot code times W picks one row, for all other terms of the sum are 0. Looking the row up "
                 "gives the same numbers without a product.")
    st.fragment(show_fault_inline(_product))(run)
    st.fragment(show_fault_inline(_similar))(run)


def _product(run: Run) -> None:
    snapshot, alphabet = Snapshot.of(run), run.config.task_config.alphabet
    _, W = _matrix(snapshot, "float32")
    symbols = list(alphabet.symbols)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    usual = "e" if "e" in symbols else symbols[1 % len(symbols)]
    place = symbols.index(choose(left.selectbox, "Character", {symbol: shown(symbol) for symbol in symbols}, "char",
                                 usual, help="The character whose nearest neighbours are listed."))
    if st.session_state.get("number", 0) >= W.shape[1]:  # another network, with shorter codes
        st.session_state["number"] = 0
    with right:
        column = int(choose_number(moving_slider, "Number of the code", 0, W.shape[1] - 1, 0, "number",
                                   help="Which of the numbers in a character's code."))
    column = min(max(column, 0), W.shape[1] - 1)
    product = one_hot(np.arange(len(W)), len(W), W.dtype) @ W
    row = embedding(np.array([place]), W)[0]
    largest = float(np.abs(product - embedding(np.arange(len(W)), W)).max())
    st.markdown(f"Over all **{len(W)} characters** and **{W.shape[1]} numbers** each, the largest |Δ| of the product "
                f"and the row is **{'0, exactly' if largest == 0 else f'{largest:.1e}'}**.")
    table, chart = st.columns([2, 3], gap="medium")
    table.html(sum_table(W[:, column], place, symbols))
    with chart:
        plot(codes(product[place], row, column, f"The code of {shown(symbols[place])}, all {W.shape[1]} numbers"),
             key="code")
        prove(EMBEDDING, snapshot, key="proof-codes", slot=st.container(key="badge-slot-codes", gap=None))


def _similar(run: Run) -> None:
    snapshot, alphabet = Snapshot.of(run), run.config.task_config.alphabet
    st.subheader("Which characters are alike?")
    sources = _sources(snapshot)
    with st.container(horizontal=True, vertical_alignment="bottom", key="likeness-bar"):
        source = choose(st.segmented_control, "Rows of", list(sources), "rows", required=True, wrap=True,
                        help="The matrix that has a row of numbers for each character.")
        order = choose(st.segmented_control, "Order", ORDERS, "order", required=True, wrap=True,
                       help="How rows and columns are sorted.")
    kept = [place for place, symbol in enumerate(alphabet.symbols) if place not in alphabet.masked
            and (symbol.isalnum() or symbol in COMMON)][:MOST]
    chosen = Cosines(snapshot, source, tuple(kept))
    rows, letters = chosen.rows, [alphabet.symbols[place] for place in kept]
    shuffled = alike(rows) if order == ORDERS[0] else vowels_first(letters) if order == ORDERS[1] else np.arange(
        len(kept))
    cosine = similarity(rows)
    still(likeness(cosine[np.ix_(shuffled, shuffled)], [letters[place] for place in shuffled],
                   f"Cosine of every two rows of {source}, {order}"), key="likeness")
    prove(COSINES, chosen, key="proof-likeness", slot=st.container(key="badge-slot-likeness", gap=None))
    _in_words(run, snapshot, between(cosine, letters))


def _sources(snapshot: Snapshot) -> dict[str, np.ndarray]:
    """Matrices with a row for each character; what training added first, where the weights before it are kept."""
    matrices, run, weights = {}, snapshot.run, snapshot.weights()
    if snapshot.step and run.snapshots()[0] == 0:
        matrices[ADDED] = input_matrix(weights)[1] - input_matrix(run.weights(0))[1]
    matrices["W"] = input_matrix(weights)[1]
    if "decoder.weight" in weights:
        matrices["the decoder"] = weights["decoder.weight"]
    return matrices


def _in_words(run: Run, snapshot: Snapshot, means: tuple[float, float] | None) -> None:
    if means:
        st.markdown(f"Two different vowels have a mean cosine of **{_signed(means[0])}**, a vowel and a consonant "
                    f"**{_signed(means[1])}**. It was never given a list of vowels.")
    if run.snapshots()[0] == 0 and snapshot.step:
        start = input_matrix(run.weights(0))[1]
        moved = input_matrix(run.weights(snapshot.step))[1] - start
        st.caption(f"The rows of W began at random, {number(_length(start))} long; training moved them by "
                   f"{number(_length(moved))}. Where that is little, W looks random to the eye, and what it knows is "
                   "in the change. The decoder's rows say which characters it expects in the same places.")


def _length(rows: np.ndarray) -> float:
    return float(np.linalg.norm(rows, axis=1).mean())


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\u2212")


def _matrix(snapshot: Snapshot, dtype: str) -> tuple[str, np.ndarray]:
    return input_matrix(snapshot.run.weights(snapshot.step, dtype))


def _products(snapshot: Snapshot, precision: str) -> list[Arrays]:
    _, W = _matrix(snapshot, precision)
    return [{"codes": one_hot(np.arange(len(W)), len(W), W.dtype) @ W}]


EMBEDDING = Proof[Snapshot, dict[str, np.ndarray]](
    name="embedding", reference=_products,
    remote=lambda snapshot: client.embedding_rows(snapshot.path, snapshot.step),
    torch=lambda snapshot, answer, precision: [{"codes": answer[precision]}],
    compares="The badge compares the product of every one-hot code with W, in NumPy, with the rows that torch's "
             "embedding looks up.")


@dataclass(frozen=True)
class Cosines:
    """Some rows of one of a snapshot's matrices, compared two by two."""

    snapshot: Snapshot
    source: str
    places: tuple[int, ...]

    @property
    def rows(self) -> np.ndarray:
        """The rows."""
        rows: np.ndarray = _sources(self.snapshot)[self.source][list(self.places)]
        return rows


COSINES = Proof[Cosines, dict[str, np.ndarray]](
    name="cosines", remote=lambda cosines: client.cosines(cosines.rows),
    reference=lambda cosines, precision: [{"cosines": similarity(cosines.rows.astype(precision))}],
    torch=lambda cosines, answer, precision: [{"cosines": answer[precision]}],
    compares="The badge compares the cosines of every two rows, in NumPy, with torch's.")
