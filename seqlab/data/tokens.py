"""Reviews cut into words, cached on the disk, and their split into training, validation and test."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import count, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
from jaxtyping import Int

from seqlab import paths
from seqlab.data import download, reviews
from seqlab.data.vocabulary import Vocabulary
from seqlab.files import npz, write_aside

SHARE = 0.8  # of the texts for training and validation that is trained on: 20,000 of IMDb's 25,000 reviews
ORDER = 0  # seed of every division
FORM = 1  # of the cached files
_TAG = re.compile(r"<[^<>]{1,80}>")
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_WORD = re.compile(r"[a-z]+")
Reader = Literal["letters", "ascii"]


def words_of(text: str) -> list[str]:
    """Cut a text into words: lower case, letters only; whatever else stands between them separates them."""
    return _WORD.findall(_TAG.sub(" ", text).lower())


def ascii_words(text: str) -> list[str]:
    """Cut a text into words of the letters a to z, in lower case; all else separates them, so a tag leaves its name."""
    return _ASCII_WORD.findall(text.lower())


READERS: Mapping[Reader, Callable[[str], list[str]]] = MappingProxyType({"letters": words_of, "ascii": ascii_words})


@dataclass(frozen=True)
class Tokens:
    """Texts as numbers: the ids of all words one after another, where each text begins, and its label.

    ``words`` are all that occur, in the order of the alphabet; an id is a place among them.
    """

    words: tuple[str, ...]
    ids: Int[np.ndarray, " token"]
    starts: Int[np.ndarray, " text_and_end"]
    labels: Int[np.ndarray, " text"]

    @classmethod
    def of(cls, rows: Sequence[tuple[str, int]], reader: Reader = "letters") -> "Tokens":
        """Cut texts into words; those of 25,000 reviews in some three seconds."""
        places: dict[str, int] = defaultdict(count().__next__)
        cut = [[places[word] for word in READERS[reader](text)] for text, _ in rows]
        starts = np.cumsum([0, *map(len, cut)])
        order = sorted(places)
        rank = np.empty(len(order), np.int32)
        rank[[places[word] for word in order]] = np.arange(len(order))
        ids = rank[np.fromiter((place for text in cut for place in text), np.int64, starts[-1])]
        return cls(tuple(order), ids, starts, np.array([label for _, label in rows], np.int64))

    @property
    def lengths(self) -> Int[np.ndarray, " text"]:
        """Words of each text."""
        return np.diff(self.starts)

    @cached_property
    def same(self) -> Int[np.ndarray, " text"]:
        """For each text the first one that has the same words."""
        first: dict[bytes, int] = {}
        return np.array([first.setdefault(self.ids[start:stop].tobytes(), place)
                         for place, (start, stop) in enumerate(pairwise(self.starts.tolist()))], np.int64)

    def frequencies(self, chosen: Int[np.ndarray, " chosen"]) -> dict[str, int]:
        """How often each word comes in some texts, of those that do."""
        mask = np.zeros(len(self.labels), bool)
        mask[chosen] = True
        frequency = np.bincount(self.ids[np.repeat(mask, self.lengths)], minlength=len(self.words)).tolist()
        return {word: count for word, count in zip(self.words, frequency, strict=True) if count}

    def encoded(self, vocabulary: Vocabulary) -> Int[np.ndarray, " token"]:
        """Ids of all words in a vocabulary, that of the unknown where it has not the word."""
        places, unknown = vocabulary.places, vocabulary.unknown or 0
        return np.asarray(np.array([places.get(word, unknown) for word in self.words], np.int32)[self.ids])


Rows = Int[np.ndarray, " _"]


@dataclass(frozen=True)
class Part:
    """Some of the texts of a file: all its texts, which rows are meant, and which of the two files it is."""

    tokens: Tokens
    rows: Rows
    file: reviews.Split

    def chosen(self, rows: Rows) -> "Part":
        """Other rows of the same texts."""
        return replace(self, rows=rows)

    def repeats(self, other: "Part") -> int:
        """How many of its texts stand in another part of the same file too."""
        if self.file != other.file:
            return 0
        same = self.tokens.same
        return int(np.isin(same[self.rows], same[other.rows]).sum())

    @property
    def labels(self) -> Int[np.ndarray, " text"]:
        """Their labels."""
        return np.asarray(self.tokens.labels[self.rows])


def most_frequent(*parts: Part) -> list[str]:
    """All words of some parts, the most frequent first; of equally frequent ones the first in the alphabet."""
    frequency: Counter[str] = Counter()
    for part in parts:
        frequency.update(part.tokens.frequencies(part.rows))
    return sorted(frequency, key=lambda word: (-frequency[word], word))


def to_develop(name: str, reader: Reader = "letters", progress: download.Progress | None = None) -> Part:
    """Texts for training and validation, which are not divided yet. Raises Fault.

    Of a table of one's own a fifth is held out first, for the test.
    """
    tokens = _read(name, "train", reader, progress)
    every = np.arange(len(tokens.labels))
    return Part(tokens, divided(tokens.labels, every, SHARE, tokens.same)[0] if _own(name) else every, "train")


def to_learn(name: str) -> tuple[Part, Part]:
    """Texts for training and texts for validation. Raises Fault.

    Each label is divided by itself in a fixed random order, 80 % for training, so both parts have the same share of it.
    Of a table of one's own it is the different texts that are divided; a published collection is divided as it is.
    """
    every = to_develop(name)
    training, validation = divided(every.tokens.labels, every.rows, SHARE, every.tokens.same if _own(name) else None)
    return every.chosen(training), every.chosen(validation)


def to_test(name: str, reader: Reader = "letters", progress: download.Progress | None = None) -> Part:
    """Texts of the test set, which no training and no choice has used. Raises Fault."""
    if _own(name):
        tokens = _read(name, "train", reader, progress)
        return Part(tokens, divided(tokens.labels, np.arange(len(tokens.labels)), SHARE, tokens.same)[1], "train")
    tokens = _read(name, "test", reader, progress)
    return Part(tokens, np.arange(len(tokens.labels)), "test")


def divided(labels: Int[np.ndarray, " all"], chosen: Rows, share: float,
            same: Int[np.ndarray, " all"] | None = None) -> tuple[Rows, Rows]:
    """Divide some texts in a fixed random order, each label by itself: ``share`` of them, and the rest.

    ``same`` gives each text the first one that is equal to it: then the different texts are divided, and all copies of
    one go into the same part, whatever their labels.
    """
    random = np.random.default_rng(ORDER)
    different = chosen if same is None else np.unique(same[chosen])
    first = []
    for label in range(int(labels.max(initial=1)) + 1):
        of = random.permutation(different[labels[different] == label])
        first.append(of[:round(share * len(of))])
    into = np.isin(chosen if same is None else same[chosen], np.concatenate(first))
    return np.sort(chosen[into]), np.sort(chosen[~into])


def _own(name: str) -> bool:
    return name not in reviews.TITLES


def _read(name: str, part: reviews.Split, reader: Reader, progress: download.Progress | None) -> Tokens:
    """Read a part, from memory or from the disk where it was cut before; a file that changed is cut again."""
    file = reviews.source(name, part)
    status = file.stat() if file is not None and file.is_file() else None
    stamp = (str(file), status.st_size, status.st_mtime_ns) if status else None
    if stamp is None and name != "opinions":
        reviews.rows(name, part, progress)  # downloads it, or raises Fault
        return _read(name, part, reader, None)
    return _cut(name, part, reader, stamp)


@lru_cache(maxsize=4)
def _cut(name: str, part: reviews.Split, reader: Reader, stamp: tuple[str, int, int] | None) -> Tokens:
    if stamp is None:
        return Tokens.of(reviews.rows(name, part), reader)
    key = hashlib.sha256(repr((FORM, part, reader, stamp)).encode()).hexdigest()[:16]
    cache = paths.cache() / "cut" / f"{name}-{part}-{key}.npz"
    try:
        return _load(cache)
    except (OSError, ValueError, KeyError, EOFError):
        tokens = Tokens.of(reviews.rows(name, part), reader)
        _keep(cache, tokens)
        return tokens


def _load(file: Path) -> Tokens:
    with np.load(file) as arrays:
        words = tuple(arrays["words"].tobytes().decode().split("\n"))
        return Tokens(words, arrays["ids"], arrays["starts"], arrays["labels"])


def _keep(file: Path, tokens: Tokens) -> None:
    """Write what was cut; where the disk refuses, it is cut again next time."""
    words = np.frombuffer("\n".join(tokens.words).encode(), np.uint8)
    packed = npz({"words": words, "ids": tokens.ids, "starts": tokens.starts, "labels": tokens.labels})
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_aside(file, packed)
