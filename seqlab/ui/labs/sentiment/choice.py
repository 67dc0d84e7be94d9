"""Choosing the reviews to learn from: the published ones, the stand-in, or a table of one's own."""

import streamlit as st

from seqlab.data import reviews
from seqlab.data.reader import TableForm
from seqlab.data.tokens import to_develop, to_test
from seqlab.errors import Fault
from seqlab.ui.runs.own_file import OwnFile, confirm, upload
from seqlab.ui.runs.train_form import Absent
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import add, checked, visible, who_sees

OWN = "own"
STAND_IN = "opinions"
NEXT = "reviews-next"  # what widgets are to say in the next run, where it was not they that were moved


def choose(default: str) -> str:
    """Draw the choice of reviews and return their name; OWN while a person is still adding a table."""
    unknown = _adopt(default)
    listed = list(dict.fromkeys((*reviews.TITLES, *visible(reviews.names()), st.session_state["reviews"], OWN)))
    chosen: str = st.selectbox("Reviews", listed, key="reviews", format_func=_label, on_change=_write_address,
                               help="The published ones are 25,000 reviews to learn from and 25,000 to test with.")
    if unknown:
        st.warning(literal(unknown), icon=":material/link_off:")
    return chosen


def present(corpus: str) -> str:
    """Pass the name of reviews through that can be read now; raises Fault, or Absent where they can be fetched."""
    if not reviews.at_hand(corpus):
        missing = f"The collection {reviews.title(corpus)} is not on this machine yet (84 MB)."
        raise Absent(missing, corpus) if corpus == "imdb" else Fault(
            "This table of reviews is no longer here; add the file again, or choose other reviews.")
    return corpus


def fetch(name: str) -> str:
    """Download reviews with a bar that shows how far it is; returns what went wrong, or an empty text."""
    title = literal(reviews.title(name))
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
        st.session_state["reviews"] = checked(reviews.checked_name(wanted))
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


def own_field() -> OwnFile | None:
    """Draw the field that takes a person's own table, and return what is in it."""
    file = upload("A table with a column of texts and one of labels, whatever they are called", "reviews-file")
    st.caption(f"From 2 to 20 different labels. {who_sees()}")
    return file


def confirm_own(file: OwnFile | None) -> None:
    """Show what the table is read as; once a person takes it, it becomes the reviews that are chosen."""
    if file is None:
        st.info("Upload a table. Before anything is kept you see here what was read.")
        return
    taken = confirm(file, only_tables=True)
    if taken is None:
        return
    form = taken.form
    assert isinstance(form, TableForm)
    try:
        with st.spinner("Storing it …"):
            name = add(len(file.data), lambda: reviews.add(file.data, file.title, form), str)
    except Fault as fault:
        st.error(literal(fault))
        return
    st.query_params["data"] = name
    take(reviews=name)
