"""What is asked about a checkpoint, as widgets that begin with the likeliest answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from seqlab.adopt import purpose
from seqlab.adopt.parts import OpenItem, answered
from seqlab.adopt.proposal import Network
from seqlab.adopt.vocabulary import NUMBERS, as_answer, symbols_from
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.ui.shell.foreign import literal

VOCABULARY = "vocabulary"
FEW = 4  # choices that stand beside one another
MARKS = ("", "∅", "⊢ ⏎", "⊢ ⏎ ∅", "⊢ ⏎ ∅ \ufffd")  # likely to follow an alphabet that lacks so many symbols
KNOWN, PLAIN, PASTED, FILED = "From the file", "Numbers", "Type or paste", "Upload"


def asked(questions: Sequence[OpenItem], given: Mapping[str, str], key: str, count: int = 0) -> dict[str, str]:
    """Draw the questions and read their answers; what the file decides is folded, and can be changed.

    ``count`` is how many symbols the network reads, by the answers so far.
    """
    answers: dict[str, str] = {}
    decided = [question for question in questions if question.decided and question.key != VOCABULARY]
    for question in questions:
        if question not in decided and question.applies({**given, **answers}):
            answers[question.key] = _answer(question, key, count)
    open_ones = [question for question in decided if len(question.choices) != 1]
    for question in decided:
        if question not in open_ones:
            answers[question.key] = question.default
    if open_ones:
        with st.expander(f"Decided by the file ({len(open_ones)})", icon=":material/fact_check:"):
            for question in open_ones:
                answers[question.key] = _answer(question, key, count)
    return answers


def unless_decided(questions: Sequence[OpenItem], answers: Mapping[str, str]) -> dict[str, str]:
    """Leave out the answers that the file decides and nobody changed, so that its origin says who answered."""
    decided = {question.key: question.default for question in questions if question.decided}
    return {key: answer for key, answer in answers.items() if decided.get(key) != answer}


def symbols_read(network: Network, answers: Mapping[str, str]) -> int:
    """How many symbols a network reads by the answers to the other questions; 0 where that is not known."""
    try:
        given = answered(network.questions, by_key(network.questions, answers))
        return purpose.sizes(network.ends, network.arrays, given)[0]
    except Fault:
        return 0


def take(answers: Mapping[str, str], key: str) -> None:
    """Put answers into the widgets of their questions; to be called before these are drawn."""
    for name, answer in answers.items():
        st.session_state[_place(key, name)] = answer


def by_key(questions: Sequence[OpenItem], answers: Mapping[str, str]) -> dict[str, str]:
    """Those of the answers that some questions ask for."""
    known = {question.key for question in questions}
    return {key: answer for key, answer in answers.items() if key in known}


def _answer(question: OpenItem, key: str, count: int) -> str:
    label, place = literal(question.text), _place(key, question.key)
    why = literal(question.decided) if question.decided else None
    if question.key == VOCABULARY:
        return _vocabulary(question, place, count)
    if not question.choices:
        return st.text_input(label, question.default, key=place, help=why)
    options = list(question.choices)
    texts = {option: literal(text) for option, text in question.choices.items()}
    if len(options) <= FEW and sum(map(len, texts.values())) < 70:
        chosen: Any = st.segmented_control(label, options, default=question.default, required=True, key=place,
                                           format_func=texts.__getitem__, help=why)
    else:
        chosen = st.selectbox(label, options, options.index(question.default), key=place,
                              format_func=question.choices.__getitem__, help=why)
    return str(chosen)


def _place(key: str, question: str) -> str:
    return f"ask-{key}-{question}"


def _vocabulary(question: OpenItem, place: str, count: int) -> str:
    """Draw the ways in which symbols get their names."""
    ways = [KNOWN, PLAIN, PASTED, FILED] if question.decided else [PLAIN, PASTED, FILED]
    way: Any = st.segmented_control(literal(question.text), ways, default=ways[0], required=True, key=f"{place}-way",
                                    help=literal(question.decided) if question.decided else None)
    if way in (KNOWN, PLAIN):
        return question.default if way == KNOWN else NUMBERS
    if way == PASTED:
        given = st.text_area("Its symbols", key=f"{place}-text", height=100,
                             placeholder="The characters in order, a text with all of them, or JSON",
                             help="Their order is that of the rows of its embedding.")
    else:
        file: Any = st.file_uploader("A list, a table or a text", type=["txt", "json"], key=f"{place}-file",
                                     help="JSON, or a text whose characters, sorted, are its symbols.")
        given = "" if file is None else file.getvalue().decode("utf-8-sig", errors="replace")
    return _with_marks(given, count, place) if given else NUMBERS


def _with_marks(given: str, count: int, place: str) -> str:
    """Ask for the symbols that follow where the given ones are a few short: such as marks for begin, end and padding.

    What is given is returned as it is where that does not help; whoever settles the answers says what is wrong.
    """
    short = next((lacking for lacking in range(len(MARKS)) if _fits(given, count - lacking)), 0)
    if not short:
        return given
    typed = st.text_input(f"It reads {counted(short, 'symbol')} more than these. What follows them? (with spaces "
                          "between)", MARKS[short], key=f"{place}-marks",
                          help="Marks that your program added behind the symbols, such as those for padding, begin "
                          "and end.")
    return as_answer((*symbols_from(given, count - short), *typed.split()))


def _fits(given: str, count: int) -> bool:
    try:
        return bool(symbols_from(given, count))
    except Fault:
        return False
