"""A file of one's own: what it is taken for, five rows of it, what is lost; all corrected before anything is kept."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path, PurePath
from typing import TypeVar

import streamlit as st

from seqlab.data.reader import (
    DELIMITERS,
    ENCODINGS,
    MOST_TABLE,
    Change,
    TableForm,
    TableReading,
    TextForm,
    column_names,
    complete_form,
    looks_like_table,
    propose_table,
    propose_text,
    read_table,
    read_text,
)
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.style import style

MOST_MB = MOST_TABLE // 1_000_000
KINDS = {"text": "running text", "table": "table, or a text a line"}
CELL = 160  # characters of a cell that is shown
LABELS = 8  # of a table that are listed
RESULTS, MOST_RESULTS = "own-file-results", 6
T = TypeVar("T")
Form = TextForm | TableForm


@dataclass(frozen=True)
class OwnFile:
    """What a person uploaded or pasted; ``id`` tells it from others, and ``pasted`` texts have no encoding."""

    id: str
    title: str
    data: bytes
    pasted: bool = False


@dataclass(frozen=True)
class Taken:
    """A file that a person confirmed, and the form in which it is to be read."""

    file: OwnFile
    form: Form


def upload(label: str, key: str) -> OwnFile | None:
    """Draw the field for a file and return what is in it."""
    file = st.file_uploader(f"{label}; up to {MOST_MB} MB", key=key, max_upload_size=MOST_MB,
                            help="It is read here and sent nowhere else; what was read is shown before it is used.")
    return OwnFile(str(file.file_id), PurePath(file.name).name, file.getvalue()) if file is not None else None


def paste(key: str) -> OwnFile | None:
    """Draw the field for a text and return what is in it."""
    text = st.text_area("Your text", key=key, height=140, placeholder="Paste some pages of any text, or a table",
                        help="Any text, or a table with a heading for each column.") or ""
    if not text.strip():
        return None
    data, start = text.encode(errors="replace"), " ".join(text[:400].split()[:6])
    return OwnFile(hashlib.sha256(data).hexdigest()[:16], f"“{start[:40]} …”", data, pasted=True)


def confirm(file: OwnFile, *, only_tables: bool = False) -> Taken | None:
    """Show what a file is read as and let every guess be corrected; gives the form once a person takes it.

    ``only_tables`` is for a lab that needs a label for each text. What is wrong with the file is said in its place.
    """
    st.markdown("**What was read**")
    try:
        form = _table(file, only_tables) if only_tables or _kind(file) == "table" else _text(file)
    except Fault as fault:
        st.error(literal(fault))
        return None
    pressed = st.button("Take it as it is shown", icon=":material/check:", key=f"take-{file.id}", type="primary")
    return Taken(file, form) if pressed else None


def _kind(file: OwnFile) -> str:
    guess = _once(f"kind {file.id}", lambda: "table" if looks_like_table(file.data, file.title) else "text")
    return st.segmented_control("Read it as", list(KINDS), default=guess, required=True, format_func=KINDS.__getitem__,
                                key=f"kind-{file.id}",
                                help="A running text is cut into windows; a table has a text, and perhaps a label, in "
                                "each row.") or guess


def _encoding(file: OwnFile, guess: str) -> str:
    if file.pasted:
        return guess
    return st.selectbox("Encoding", list(ENCODINGS), list(ENCODINGS).index(guess), format_func=ENCODINGS.__getitem__,
                        key=f"encoding-{file.id}", help="How its bytes became letters. If letters below are wrong, "
                        "choose another.")


def _text(file: OwnFile) -> TextForm:
    guess = _once(f"text {file.id}", lambda: propose_text(file.data))
    form = replace(guess, encoding=_encoding(file, guess.encoding))
    licensed = _once(f"read {file.id} {form}", lambda: read_text(file.data, form)).licensed
    if licensed:
        form = replace(form, licence_off=st.toggle("Leave out Project Gutenberg's header and licence", True,
                                                   key=f"licence-{file.id}",
                                                   help="They stand in every book from there and are none of its "
                                                   "text."))
    reading = _once(f"read {file.id} {form}", lambda: read_text(file.data, form))
    _rows((), [(line,) for line in reading.first])
    st.caption(f"{counted(reading.lines, 'line')}, {counted(len(reading.text), 'character')}. The first five lines "
               "that are not empty are shown.")
    _losses(reading.changes)
    return form


def _table(file: OwnFile, with_labels: bool) -> TableForm:
    guess = _once(f"table {file.id}", lambda: propose_table(file.data, with_labels))
    left, right = st.columns(2)
    with left:
        encoding = _encoding(file, guess.encoding)
    with right:
        delimiter = st.selectbox("Cells end at", list(DELIMITERS), list(DELIMITERS).index(guess.delimiter),
                                 format_func=DELIMITERS.__getitem__, key=f"delimiter-{file.id}",
                                 help="The character between two cells of a row.")
    with st.container(horizontal=True):
        header = st.toggle("First line names the columns", guess.header, key=f"header-{file.id}",
                           help="On: the first line is no row of data.")
        quoted = st.toggle("Quotation marks around cells", guess.quoted, key=f"quoted-{file.id}",
                           help="A cell in quotation marks may hold the delimiter and line ends; a doubled mark in it "
                           "is one. Off: a quotation mark is a character like any other.")
    form = replace(guess, encoding=encoding, delimiter=delimiter, header=header, quoted=quoted)
    if form != guess:
        written = form
        form = _once(f"{file.id} {form}", lambda: complete_form(file.data, written, with_labels, keep_cut=True))
    form = _columns(file, form, with_labels)
    with st.spinner("Reading …"):
        reading = _once(f"read {file.id} {form}", lambda: read_table(file.data, form))
    _shown(reading)
    return form


def _columns(file: OwnFile, form: TableForm, with_labels: bool) -> TableForm:
    """Draw the choice of the columns; another way to cut the table has other columns, so a choice of its own."""
    names = column_names(file.data, form)
    key = f"{file.id}-{form.encoding}-{form.delimiter}-{form.header}-{form.quoted}"
    places, left, right = list(range(len(names))), *st.columns(2)
    text = left.multiselect("Text", places, list(form.text), format_func=names.__getitem__, key=f"texts-{key}",
                            help="Several columns are joined by a space.")
    label = form.label
    if with_labels:
        label = right.selectbox("Label", places, form.label, format_func=names.__getitem__, key=f"label-{key}",
                                placeholder="Choose a column", help="Up to 20 different ones, words or numbers.")
        if label is None:
            raise Fault("Choose the column that holds the labels.")
    if not text:
        raise Fault("Choose the column that holds the texts.")
    return replace(form, text=tuple(text), label=label)


def _shown(reading: TableReading) -> None:
    """Draw the first rows of a table, how much is read, and what is not."""
    form = reading.form
    heads = [name + {True: " · text"}.get(place in form.text, "") + {True: " · label"}.get(place == form.label, "")
             for place, name in enumerate(reading.columns)]
    _rows(heads, reading.first)
    labels = [f"{name} {count:,}" for name, count in reading.labels.items()]
    more = f" and {len(labels) - LABELS} more" if len(labels) > LABELS else ""
    st.caption(f"{counted(reading.texts, 'text')} of {counted(reading.rows, 'row')}, {reading.different:,} different, "
               f"{counted(reading.characters, 'character')}."
               + (f" Labels: {literal(', '.join(labels[:LABELS]))}{more}." if labels else ""))
    _losses(reading.changes)


def _rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell[:CELL])}{' …' if len(cell) > CELL else ''}</td>" for cell in row)
                   + "</tr>" for row in rows)
    style(Path(__file__).with_name("own_file.css"))
    st.html(f'<div class="own-rows" role="region" tabindex="0" aria-label="The first five rows"><table data-names>'
            f"{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table></div>")


def _losses(changes: Sequence[Change]) -> None:
    if not changes:
        st.caption(":material/check: Nothing is lost and nothing is changed.")
        return
    rows = "".join(f'<li class="{change.effect}"><b>{change.effect.capitalize()}:</b> {escape(change.sentence)}</li>'
                   for change in changes)
    st.html(f'<ul class="own-changes">{rows}</ul>')


def _once(key: str, work: Callable[[], T]) -> T:
    """Do what reads the whole file once for each form; the last few results stay while the page is open."""
    kept: dict[str, T] = st.session_state.setdefault(RESULTS, {})
    result = kept[key] = kept.pop(key) if key in kept else work()
    while len(kept) > MOST_RESULTS:
        kept.pop(next(iter(kept)))
    return result
