"""Choosing the reviews to learn from: the published ones, the stand-in, or a table of one's own."""

from pathlib import PurePath
from typing import Any

import streamlit as st

from seqlab.data import reviews
from seqlab.data.tokens import to_develop, to_test
from seqlab.errors import Fault
from seqlab.ui.runs.train_form import Absent

OWN = "own"
STAND_IN = "opinions"
MOST_MB = 60
NEXT = "reviews-next"  # what widgets are to say in the next run, where it was not they that were moved


def choose(default: str) -> str:
    """Draw the choice of reviews and return their name; OWN while a person is still adding a table."""
    unknown = _adopt(default)
    listed = list(dict.fromkeys((*reviews.TITLES, *reviews.names(), st.session_state["reviews"], OWN)))
    chosen: str = st.selectbox("Reviews", listed, key="reviews", format_func=_label, on_change=_write_address,
                               help="The published ones are 25,000 reviews to learn from and 25,000 to test with.")
    if unknown:
        st.warning(unknown, icon=":material/link_off:")
    if chosen == OWN:
        _add()
    return chosen


def present(corpus: str) -> str:
    """Pass the name of reviews through that can be read now; raises Fault, or Absent where they can be fetched."""
    if corpus == OWN:
        raise Fault("Add a table first: two columns, text and label.")
    if not reviews.at_hand(corpus):
        missing = f"The collection {reviews.title(corpus)} is not on this machine yet (84 MB)."
        raise Absent(missing, corpus) if corpus == "imdb" else Fault(
            "This table of reviews is no longer here; add the file again, or choose other reviews.")
    return corpus


def fetch(name: str) -> str:
    """Download reviews with a bar that shows how far it is; returns what went wrong, or an empty text."""
    title = reviews.title(name)
    bar = st.progress(0.0, text=f"Asking for {title} …")

    def report(done: int, total: int) -> None:
        share = min(1.0, done / total) if total else 0.0
        bar.progress(share, text=f"{title}: {done / 1e6:,.1f} {f'of {total / 1e6:,.1f} ' if total else ''}MB")

    try:
        to_develop(name, progress=report)
        to_test(name, progress=report)
    except Fault as fault:
        return str(fault)
    finally:
        bar.empty()
    return ""


def take(**values: str) -> None:
    """Let widgets say something else, such as other reviews, and draw the page again."""
    st.session_state[NEXT] = values
    st.rerun()


def _adopt(default: str) -> str:
    """Set the widget to what the address names, once; returns a sentence where that cannot be."""
    if "reviews" in st.session_state:
        return ""
    wanted = st.query_params.get("data", default)
    try:
        st.session_state["reviews"] = reviews.checked_name(wanted)
    except Fault as fault:
        st.session_state["reviews"] = default
        return f"{fault} {reviews.title(default)} are chosen instead."
    return ""


def _write_address() -> None:
    if st.session_state["reviews"] == OWN:
        st.query_params.pop("data", None)
    else:
        st.query_params["data"] = st.session_state["reviews"]


def _label(name: str) -> str:
    if name == OWN:
        return "Your own: upload a table …"
    return reviews.title(name) + (" · added here" if name.startswith("reviews-") else "")


def _add() -> None:
    file = st.file_uploader(f"A CSV or TSV table with the columns text and label; up to {MOST_MB} MB",
                            key="reviews-file", max_upload_size=MOST_MB)
    st.caption("Two different labels, such as 0 and 1. It is kept on the machine where seqlab runs; whoever uses that "
               "seqlab can choose it too.")
    if file is None:
        return
    try:
        name = _kept(file)
    except Fault as fault:
        st.error(str(fault))
        return
    st.query_params["data"] = name
    take(reviews=name)


def _kept(file: Any) -> str:
    return reviews.add(file.getvalue(), PurePath(file.name).name)
