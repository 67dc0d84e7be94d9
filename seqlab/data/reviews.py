"""Reviews with two labels: IMDb's, a person's own table, and a stand-in that needs no network.

Source: Maas et al. 2011, "Learning word vectors for sentiment analysis" (the Large Movie Review Dataset, 25,000 reviews
to learn from and 25,000 to test with).
"""

import csv
import gzip
import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from seqlab import paths
from seqlab.data import download, synthetic_reviews
from seqlab.data.reader import TableForm, labelled, propose_table, read_table
from seqlab.errors import Fault
from seqlab.files import refusal, write_aside

Split = Literal["train", "test"]
Rows = list[tuple[str, int]]
PARTS: tuple[Split, ...] = "train", "test"

IMDB = "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"
IMDB_FILE, IMDB_MD5 = "aclImdb_v1.tar.gz", "md5:7c2ac02c03563afcf9b574c7e56c153a"
INSTEAD = ("Put the file into the folder that SEQLAB_DATA names, add a table of your own, or take the made-up reviews, "
           "which need no network.")
TITLES = {"imdb": "IMDb reviews", "opinions": "Made-up reviews (a stand-in, written by a grammar)"}
USUAL_LABELS = "negative", "positive"
STAND_IN = {"train": (5000, 1), "test": (1000, 2)}  # reviews and seed
LONGEST_FILE = 1_000_000  # bytes of one review
MOST_TITLE = 80
_NAME = re.compile(r"imdb|opinions|reviews-[0-9a-f]{16}")
_MEMBER = re.compile(r"aclImdb/(train|test)/(neg|pos)/\d+_\d+\.txt")


def checked_name(name: str) -> str:
    """Pass the name of a collection of reviews through; raises Fault for one that cannot be."""
    if not _NAME.fullmatch(name):
        raise Fault(f"There are no reviews called {name!r:.40}; take imdb, opinions, or a table that you have added.")
    return name


def rows(name: str, part: Split, progress: download.Progress | None = None) -> Rows:
    """Read reviews with their labels, 0 or 1, downloading them first where that is needed; raises Fault.

    Their order is always the same, wherever they came from. A table of one's own is not divided yet: all of it comes as
    ``train``.
    """
    if checked_name(name) == "opinions":
        return synthetic_reviews.reviews(*STAND_IN[part])
    if name == "imdb":
        collected = sorted(_imdb(part, progress), key=lambda row: (row[1], row[0]))
        if not collected:
            raise Fault("There are no reviews in what should be the collection of IMDb reviews: the file is damaged. "
                        "Take it away, and it will be downloaded again.")
        return collected
    try:
        lines = _file(name).read_text(encoding="utf-8").split("\n")[1:]
    except (OSError, UnicodeDecodeError):
        raise Fault("This table of reviews is no longer here; add the file again.") from None
    return [(text, int(label)) for label, _, text in (line.partition("\t") for line in lines)]


def source(name: str, part: Split) -> Path | None:
    """Find the file that reviews are read from; None where there is none yet, and for synthetic ones."""
    if name == "imdb":
        laid = download.laid_ready(f"imdb_{part}.csv.gz")
        return laid or (download.laid_ready(IMDB_FILE) if download.at_hand(IMDB_FILE, None) else None)
    return None if name == "opinions" else _file(name)


def at_hand(name: str) -> bool:
    """Whether reviews can be read without any network; raises Fault for a name that cannot be."""
    return checked_name(name) == "opinions" or all(
        (file := source(name, part)) is not None and file.is_file() for part in PARTS)


def title(name: str) -> str:
    """Say what a collection is called; raises Fault for a name that cannot be."""
    return TITLES.get(checked_name(name)) or str(_about(name).get("title", "a table that is no longer here"))


def here() -> dict[str, str]:
    """Collections that can be read without any network, and their titles."""
    return {name: title(name) for name in (*TITLES, *names()) if at_hand(name)}


def labels(name: str) -> tuple[str, ...]:
    """Names of the labels 0, 1 and so on; raises Fault for a table that is no longer here."""
    if checked_name(name) in TITLES:
        return USUAL_LABELS
    names = _about(name).get("labels")
    if not names:
        raise Fault("This table of reviews is no longer here; add the file again.")
    return tuple(map(str, names))


def add(data: bytes, title: str, form: TableForm | None = None) -> str:
    """Store a person's own table of texts and labels, read as a form says or as it seems to be; returns its name.

    Raises Fault.
    """
    reading = read_table(data, form or propose_table(data, with_labels=True))
    if not reading.labels:
        raise Fault("Choose the column that holds the labels; a table without one cannot be learned from.")
    body = bytearray()
    for text, label in labelled(data, reading):
        body += f"\n{label}\t{text}".encode()
    name = f"reviews-{hashlib.sha256(body).hexdigest()[:16]}"
    about = {"title": " ".join(title.split())[:MOST_TITLE] or "Your reviews", "labels": list(reading.labels)}
    try:
        paths.cache().mkdir(parents=True, exist_ok=True)
        write_aside(_file(name), json.dumps(about).encode() + body)
    except OSError as error:
        raise Fault(f"The table cannot be kept: {refusal(error)}.") from None
    return name


def names() -> list[str]:
    """Names of the tables that people have added, the newest first."""
    files = sorted(paths.cache().glob("reviews-*.tsv"), key=lambda file: -file.stat().st_mtime)
    return [file.stem for file in files if _NAME.fullmatch(file.stem)]


def _file(name: str) -> Path:
    return paths.cache() / f"{name}.tsv"


def _about(name: str) -> dict[str, Sequence[str]]:
    try:
        with _file(name).open(encoding="utf-8") as file:
            about = json.loads(file.readline(10_000))
    except (OSError, ValueError):
        return {}
    return about if isinstance(about, dict) else {}


def _imdb(part: Split, progress: download.Progress | None) -> Iterator[tuple[str, int]]:
    laid = download.laid_ready(f"imdb_{part}.csv.gz")
    if laid is not None:
        return _table(laid)
    file = download.fetch(IMDB, IMDB_FILE, IMDB_MD5, "The collection of IMDb reviews", progress, INSTEAD)
    return _archive(file, part)


def _table(file: Path) -> Iterator[tuple[str, int]]:
    """Read a table of columns ``text`` and ``label``, where 1 is positive."""
    try:
        with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened, strict=True):
                yield row["text"], {"0": 0, "1": 1}[row["label"]]
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, KeyError):
        raise Fault(f"The file {file.name} is damaged, or is no table with the columns text and label (0 or 1); take "
                    "it away, and it will be downloaded.") from None


def _archive(file: Path, part: Split) -> Iterator[tuple[str, int]]:
    """Read the reviews out of the published archive, of which nothing is unpacked to the disk."""
    try:
        with tarfile.open(file, "r|gz") as archive:
            for member in archive:
                steps = member.name.split("/")
                if member.name.startswith("/") or ".." in steps or not (member.isfile() or member.isdir()):
                    raise Fault(f"The archive {file.name} holds a path that no collection of reviews has; download it "
                                "again.")
                match = _MEMBER.fullmatch(member.name)
                if not match or match[1] != part or member.size > LONGEST_FILE:
                    continue
                content = archive.extractfile(member) or io.BytesIO()
                yield content.read().decode("utf-8", "replace"), int(match[2] == "pos")
    except (tarfile.TarError, OSError, EOFError):
        raise Fault(f"The archive {file.name} is damaged; delete it, and it will be downloaded again.") from None
