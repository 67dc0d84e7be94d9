"""The teacher's question to the class: a kind, its words, its answers; and the truth when it is time."""

import streamlit as st

from seqlab.classroom.board import Board
from seqlab.classroom.rounds import YES_NO, Kind, asked
from seqlab.errors import Fault
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.in_view import InView
from seqlab.ui.studios.teacher.truths import PRESETS, Asking, offered, truth

KINDS: dict[str, str] = {"choice": "One of several", "yes": "Yes or no", "number": "A number"}


@st.dialog("Ask the class")
def ask_class(board: Board, page: str, shown: InView | None, race: str | None) -> None:
    """Ask for a question about the view behind, and put it to the class."""
    known = offered(page, shown, race)
    name = st.selectbox("Kind", list(known), format_func=lambda name: PRESETS[name].label, key="ask-kind",
                        help="What the question is about: this view, or anything.")
    asking = known[name]
    text = st.text_input("Question", asking.text, key=f"ask-text-{name}",
                         placeholder="What will happen?", help="What the class reads.")
    own = _own() if name == "own" else asking
    if name != "own":
        covered = "This page, which shows it, is covered until then." if asking.shown else ""
        st.caption(f"They choose from {len(asking.choices)} answers; the truth is computed when you reveal it. "
                   f"{covered}")
    if st.button("Ask", type="primary", icon=":material/campaign:", key="ask-now"):
        try:
            about = _with_truth(text, own) if name == "own" else own.about
            board.ask(text, own.choices, own.kind, {**about, "preset": name, "hides": page if asking.shown else ""})
        except Fault as fault:
            st.error(literal(fault))
            return
        st.rerun()


def _own() -> Asking:
    kind = st.segmented_control("They answer with", list(KINDS), default="choice", format_func=KINDS.__getitem__,
                                required=True, key="ask-own-kind",
                                help="What stands on their screens: buttons, a number or a letter.")
    choices: tuple[str, ...] = YES_NO
    if kind == "choice":
        written = st.text_input("Answers, separated by commas", key="ask-own-choices", placeholder="RNN, GRU, LSTM",
                                help="The buttons that they choose from.")
        choices = tuple(part.strip() for part in written.split(","))
    elif kind == "number":
        choices = ()
    right = st.text_input("The right answer, shown when you reveal it", key="ask-own-truth",
                          help="Nobody sees it before; left empty, none is shown.")
    given: Kind = "number" if kind == "number" else "choice"
    return Asking("", choices, {"truth": right.strip()}, given)


def _with_truth(text: str, own: Asking) -> dict[str, str]:
    """The right answer to a question of one's own, as it is counted; raises Fault for one that nobody could give."""
    question = asked(text, own.choices, own.kind, own.about)
    try:
        return {"truth": question.checked(own.about["truth"])}
    except Fault:
        raise Fault("Write the right answer as pupils can give it: one of the answers, or a number.") from None


def reveal(board: Board) -> None:
    """Compute the truth of the question that stands there, and show it to the class; raises Fault."""
    one = board.round
    if one is None:
        raise Fault("This question is over already.")
    if one.truth is None:
        board.reveal(one.id, truth(one.about))
