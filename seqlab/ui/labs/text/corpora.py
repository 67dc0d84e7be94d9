"""Choosing a text to learn from, fetching it, and adding one's own."""

import streamlit as st

from seqlab.data import corpora
from seqlab.data.reader import TextForm, column_names
from seqlab.errors import Fault
from seqlab.ui.runs.own_file import OwnFile, Taken, confirm, paste, upload
from seqlab.ui.runs.train_form import Absent
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import add, checked, visible, who_sees

BY_NUMBER, OWN = "by number", "own"
OFFERED = ("time-machine", "python-topics", *(f"gutenberg-{number}" for number in corpora.BOOKS if number != 35),
           "imdb")
PYTHON = "python-topics"
SENTENCES = "sentences-fast"  # the recipe for a table
NEXT = "text-next"  # what widgets are to say in the next run, where it was not they that were moved


def choose_corpus(default: str) -> str:
    """Draw the choice of a text and return its name; OWN while a person is still adding one."""
    unknown = _adopt(default)
    listed = list(dict.fromkeys((*OFFERED, *visible(corpora.names()), st.session_state["corpus"], BY_NUMBER, OWN)))
    chosen: str = st.selectbox("Text", listed, key="corpus", format_func=_label, on_change=_write_address,
                               help="Books come from Project Gutenberg and are kept on this machine once they are "
                               "there.")
    if unknown:
        st.warning(literal(unknown), icon=":material/link_off:")
    if chosen == BY_NUMBER:
        number = st.number_input("Its number at gutenberg.org", 1, 999_999, 84, key="gutenberg",
                                 help="The number at the end of a book's address there: 84 is Frankenstein.")
        return f"gutenberg-{number}"
    return chosen


def present(corpus: str) -> str:
    """Pass the name of a text through that can be opened now; raises Fault, or Absent where it can be fetched."""
    if not corpora.at_hand(corpus):
        fetched = corpus.startswith(("time", "gutenberg", "imdb"))
        raise Absent(f"{corpora.title(corpus)} is not on this machine yet.", corpus) if fetched else Fault(
            "This text is no longer here; add the file again, or choose another text.")
    return corpus


def take(**values: str) -> None:
    """Let widgets say something else, such as another text, and draw the page again."""
    st.session_state[NEXT] = values
    st.rerun()


def fetch(name: str) -> str:
    """Download a text with a bar that shows how far it is; returns what went wrong, or an empty text."""
    title = literal(corpora.title(name))
    bar = st.progress(0.0, text=f"Asking for {title} …")

    def report(done: int, total: int) -> None:
        share = min(1.0, done / total) if total else 0.0
        bar.progress(share, text=f"{title}: {done / 1000:,.0f} {f'of {total / 1000:,.0f} ' if total else ''}kB")

    try:
        corpora.corpus(name, report)
    except Fault as fault:
        return str(fault)
    finally:
        bar.empty()
    return ""


def _adopt(default: str) -> str:
    """Set the widget to what the address names, once; returns a sentence where that cannot be."""
    if "corpus" in st.session_state:
        return ""
    wanted = st.query_params.get("text", default)
    try:
        st.session_state["corpus"] = checked(corpora.checked_name(wanted))
    except Fault as fault:
        st.session_state["corpus"] = default
        return f"{fault} {corpora.title(default)} is chosen instead."
    return ""


def _write_address() -> None:
    if st.session_state["corpus"] in (BY_NUMBER, OWN):
        st.query_params.pop("text", None)
    else:
        st.query_params["text"] = st.session_state["corpus"]


def _label(name: str) -> str:
    if name == BY_NUMBER:
        return "A Gutenberg book by its number …"
    if name == OWN:
        return "Your own: upload or paste …"
    origin = {"python": "needs no network", "imdb": "at random", "text": "added here", "table": "added here"}
    kind, _, key = name.partition("-")
    return f"{corpora.title(name)} · {f'Gutenberg {key}' if kind == 'gutenberg' else origin.get(kind, 'as in d2l')}"


def own_fields() -> OwnFile | None:
    """Draw the fields that take a person's own text, and return what is in them."""
    uploading, pasting = st.tabs(["Upload", "Paste"])
    with uploading:
        uploaded = upload("A text or a table in any usual encoding", "text-file")
    with pasting:
        pasted = paste("pasted")
    st.caption(who_sees())
    return uploaded or pasted


def confirm_own(file: OwnFile | None) -> None:
    """Show what the file is read as; once a person takes it, it becomes the text that is chosen."""
    if file is None:
        st.info("Upload a file or paste a text. Before anything is kept you see here what was read.")
        return
    taken = confirm(file)
    if taken is None:
        return
    try:
        with st.spinner("Storing it …"):
            made = add(len(taken.file.data), lambda: _stored(taken), lambda made: made.name)
    except Fault as fault:
        st.error(literal(fault))
        return
    st.query_params["text"] = made.name
    # A table's texts are best read one by one.
    running = made.name.startswith("table") and st.session_state.get("text-recipe", "").startswith("text")
    take(corpus=made.name, **({"text-recipe": SENTENCES} if running else {}))


def _stored(taken: Taken) -> corpora.Corpus:
    if isinstance(taken.form, TextForm):
        return corpora.add(taken.file.data, taken.file.title, taken.form)
    names = column_names(taken.file.data, taken.form)
    columns = "" if len(names) == 1 else f", {' and '.join(names[place] for place in taken.form.text)}"
    return corpora.add_table(taken.file.data, f"{taken.file.title}{columns}", taken.form)
