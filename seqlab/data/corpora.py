"""Texts to train on, behind one interface: books, the person's own files, and one that needs no connection."""

import hashlib
import os
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from seqlab import paths
from seqlab.data import download, reviews
from seqlab.data.preparation import PREPARATIONS
from seqlab.data.reader import TableForm, TextForm, propose_table, propose_text, read_text, texts
from seqlab.errors import Fault
from seqlab.files import refusal, write_aside

TIME_MACHINE = "http://d2l-data.s3-accelerate.amazonaws.com/timemachine.txt"
TIME_MACHINE_SHA1 = "sha1:090b5e7e70c295757f55df93cb0a180b9691891a"
_TIME_MACHINE_FILE = "timemachine.txt"
GUTENBERG = "https://www.gutenberg.org/cache/epub/{0}/pg{0}.txt"

# Books that the exercises ask for, and a few more worth reading.
BOOKS = {35: "The Time Machine", 36: "The War of the Worlds", 1342: "Pride and Prejudice", 11: "Alice in Wonderland",
         84: "Frankenstein", 1661: "The Adventures of Sherlock Holmes"}
TOPICS = "Python's language reference"
REVIEWS = 2500  # of IMDb's 25,000 training reviews, in a fixed random order; a book's worth five times over
MOST_TITLE = 80  # characters
FEWEST_LINES = 2  # of a table
LAID_TABLE = "colbert_dev.csv"
_TAG = re.compile(r"(?:<br />)+")
_NAME = re.compile(r"time-machine|python-topics|imdb|gutenberg-[1-9]\d{0,5}|(?:text|table)-[0-9a-f]{16}")


@dataclass(frozen=True)
class Corpus:
    """A text as it came: its name in a config, a title for people, and the hash of its characters."""

    name: str
    title: str
    text: str

    @property
    def sha256(self) -> str:
        """Hash of the text in UTF-8: two corpora with the same one are the same."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def checked_name(name: str) -> str:
    """Pass a corpus's name through; raises Fault for one that cannot be."""
    if not _NAME.fullmatch(name):
        raise Fault(f"There is no text called {name!r:.40}; take time-machine, python-topics, imdb, gutenberg-NUMBER, "
                    "or one that you have added.")
    return name


def corpus(name: str, progress: download.Progress | None = None) -> Corpus:
    """Open a corpus by its name, downloading it first where that is needed; raises Fault."""
    kind, _, key = checked_name(name).partition("-")
    if kind == "time":
        path = download.fetch(TIME_MACHINE, _TIME_MACHINE_FILE, TIME_MACHINE_SHA1, BOOKS[35], progress)
        return _read(name, BOOKS[35], path)
    if kind == "python":
        return _topics()
    if kind == "imdb":
        if not reviews.at_hand(name):
            reviews.rows(name, "train", progress)  # downloads them
        return _reviews()
    if kind == "gutenberg":
        path = download.fetch(GUTENBERG.format(key), f"pg{key}.txt", None, title(name), progress)
        return _read(name, title(name), path)
    return _own(name)


def at_hand(name: str) -> bool:
    """Whether a corpus can be opened without any network; raises Fault for a name that cannot be."""
    kind, _, key = checked_name(name).partition("-")
    if kind == "time":
        return download.at_hand(_TIME_MACHINE_FILE, TIME_MACHINE_SHA1)
    if kind == "gutenberg":
        return download.at_hand(f"pg{key}.txt", None)
    if kind == "imdb":
        return reviews.at_hand(name)
    return kind == "python" or _file(name).is_file()


def files(name: str) -> dict[str, Path]:
    """The files of a corpus that are at hand, by the names under which a folder for ``SEQLAB_DATA`` must have them.

    None where it needs none, or is not here. Raises Fault for a name that cannot be.
    """
    kind, _, key = checked_name(name).partition("-")
    if kind == "imdb":
        return {f"imdb_{part}.csv.gz" if file.suffix == ".gz" and ".csv" in file.name else file.name: file
                for part in reviews.PARTS if (file := reviews.source(name, part))}
    if kind in ("time", "gutenberg"):
        book = (f"pg{key}.txt", None) if kind == "gutenberg" else (_TIME_MACHINE_FILE, TIME_MACHINE_SHA1)
        laid = download.laid_ready(*book)
        return {book[0]: laid} if laid else {}
    return {f"{name}.txt": _file(name)} if kind != "python" and _file(name).is_file() else {}


def title(name: str) -> str:
    """Say what a corpus is called, without opening it; raises Fault for a name that cannot be."""
    kind, _, key = checked_name(name).partition("-")
    if kind == "time":
        return BOOKS[35]
    if kind == "python":
        return TOPICS
    if kind == "imdb":
        return f"IMDb reviews, {REVIEWS:,} of them"
    if kind == "gutenberg":
        return BOOKS.get(int(key), f"Gutenberg book {key}")
    try:
        with _file(name).open(encoding="utf-8") as file:
            return file.readline(MOST_TITLE * 4).strip()
    except (OSError, UnicodeDecodeError):
        return "a text that is no longer here"


def here(first: str | None = None) -> dict[str, str]:
    """Corpora that can be opened without any network, and their titles; one of them ``first``."""
    known = ["time-machine", "python-topics", *(f"gutenberg-{number}" for number in BOOKS), *names()]
    return {name: title(name) for name in dict.fromkeys([first, *known] if first else known) if at_hand(name)}


@lru_cache(maxsize=8)
def prepared(name: str, preparation: str) -> str:
    """Read a corpus as one of ``PREPARATIONS`` makes it; raises Fault."""
    return PREPARATIONS[preparation](corpus(name).text)


@lru_cache(maxsize=8)
def file_prepared(name: str, preparation: str) -> str:
    """Read a corpus likewise, but a book of Project Gutenberg from its whole file, licence and all; raises Fault."""
    text, (kind, _, key) = corpus(name).text, name.partition("-")
    file = download.laid_ready(f"pg{key}.txt") if kind == "gutenberg" else None
    if file:
        data = file.read_bytes()
        text = read_text(data, replace(propose_text(data), licence_off=False)).text
    return PREPARATIONS[preparation](text)


def add(data: bytes, title: str, form: TextForm | None = None) -> Corpus:
    """Store a person's own text, read as a form says or as it seems to be written; raises Fault."""
    return _keep("text", bytearray(read_text(data, form).text.encode()), title)


def add_table(data: bytes, title: str, form: TableForm | None = None) -> Corpus:
    """Store the texts of a person's own table, one a line, read as a form says or as it seems to be; raises Fault."""
    text, count = bytearray(), 0
    for line in texts(data, form or propose_table(data, with_labels=False)):
        text += f"\n{line}".encode() if count else line.encode()
        count += 1
    if count < FEWEST_LINES:
        raise Fault(f"The chosen column has {'one text' if count else 'no texts'}; at least two are needed, one to "
                    "train on and one to validate with.")
    return _keep("table", text, title)


def laid_table() -> str | None:
    """Name of the table of sentences that whoever runs the server laid into ``SEQLAB_DATA``; None where there is none.

    It is stored as if it had been added, and all may read it. Raises Fault where it is no table.
    """
    file = (paths.data() or Path(os.devnull)) / LAID_TABLE
    try:
        return _laid(file, file.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=4)
def _laid(file: Path, stamp: int) -> str:
    return add_table(file.read_bytes(), "Short sentences").name


def _keep(kind: str, text: bytearray, title: str) -> Corpus:
    name = f"{kind}-{hashlib.sha256(text).hexdigest()[:16]}"
    try:
        paths.cache().mkdir(parents=True, exist_ok=True)
        write_aside(_file(name), f"{' '.join(title.split())[:MOST_TITLE] or 'Your text'}\n".encode() + text)
    except OSError as error:
        raise Fault(f"The text cannot be kept: {refusal(error)}.") from None
    return _own(name)


def names() -> list[str]:
    """Names of the texts that people have added, the newest first, without opening them."""
    files = sorted(paths.cache().glob("t*-*.txt"), key=lambda file: -file.stat().st_mtime)
    return [file.stem for file in files if _NAME.fullmatch(file.stem)]


@lru_cache(maxsize=8)
def _read(name: str, title: str, path: Path) -> Corpus:
    return Corpus(name, title, read_text(path.read_bytes()).text)


@lru_cache(maxsize=8)
def _own(name: str) -> Corpus:
    try:
        title, _, text = _file(name).read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        raise Fault("This text is no longer here; add the file again.") from None
    return Corpus(name, title, text)


def _file(name: str) -> Path:
    return paths.cache() / f"{name}.txt"


@lru_cache(maxsize=1)
def _topics() -> Corpus:
    """Join the prose that CPython ships for its ``help``; it differs between versions."""
    from pydoc_data import topics

    text = "\n\n".join(topics.topics[name] for name in sorted(topics.topics))
    return Corpus("python-topics", TOPICS, text)


@lru_cache(maxsize=1)
def _reviews() -> Corpus:
    """Join some of IMDb's training reviews, praise and blame mixed, an empty line between them."""
    rows = reviews.rows("imdb", "train")
    chosen = np.random.default_rng(0).permutation(len(rows))[:REVIEWS].tolist()
    return Corpus("imdb", title("imdb"), "\n\n".join(_TAG.sub("\n", rows[place][0]).strip() for place in chosen))
