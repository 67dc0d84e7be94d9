"""One interface to every text: where it comes from, how it is kept, and what happens where it is not there."""

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from seqlab.data import corpora
from seqlab.errors import Fault
from tests.support.data import SHARED, needs

NAMES = ("../../etc/passwd", "gutenberg-0", "gutenberg-x", "text-1", "TIME-MACHINE", "", "text-" + "g" * 16, "a" * 999)


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SEQLAB_DATA", raising=False)
    return tmp_path / "cache"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ask", [corpora.corpus, corpora.at_hand, corpora.title, corpora.checked_name])
def test_a_name_that_cannot_be_is_refused_without_its_whole_length(ask, name: str) -> None:
    with pytest.raises(Fault, match="There is no text called") as error:
        ask(name)
    assert len(str(error.value)) < 200


def test_python_topics_need_no_network_and_are_the_same_each_time() -> None:
    corpus = corpora.corpus("python-topics")
    assert corpora.at_hand("python-topics")
    assert len(corpus.text) > 100_000
    assert "lambda" in corpus.text
    assert corpus.sha256 == hashlib.sha256(corpus.text.encode()).hexdigest() == corpora.corpus("python-topics").sha256


def test_an_added_text_is_kept_under_its_hash_and_listed_newest_first(cache: Path) -> None:
    first, second = corpora.add(b"One text.\r\nTwo lines.", "  First\ntitle " + "x" * 200), corpora.add(b"Another.", "")
    assert (first.text, corpora.corpus(first.name).text) == ("One text.\nTwo lines.",) * 2
    assert corpora.title(first.name) == first.title == ("First title " + "x" * 200)[:80]
    assert corpora.title(second.name) == "Your text"
    assert corpora.add(b"One text.\nTwo lines.", "Again").name == first.name
    os.utime(cache / f"{second.name}.txt", (1, 1))
    assert corpora.names() == [first.name, second.name]
    assert all(corpora.at_hand(name) for name in corpora.names())
    assert not [file for file in cache.iterdir() if file.suffix == ".tmp"]


def test_a_table_is_kept_one_sentence_a_line() -> None:
    corpus = corpora.add_table(b"text,label\nthe first,1\nthe second,0\n", "Jokes")
    assert corpus.name.startswith("table-")
    assert corpus.text.split("\n") == ["the first", "the second"]


def test_a_text_that_is_gone_is_refused() -> None:
    name = "text-0123456789abcdef"
    assert not corpora.at_hand(name)
    assert corpora.title(name) == "a text that is no longer here"
    with pytest.raises(Fault, match="no longer here; add the file again"):
        corpora.corpus(name)


def test_a_licence_and_nothing_else_is_no_text() -> None:
    data = b"*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\nLicence"
    with pytest.raises(Fault, match="Nothing is left of this text"):
        corpora.add(data, "Empty")


def test_a_full_disk_or_a_folder_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "file"))
    with pytest.raises(Fault, match="cannot be kept"):
        corpora.add(b"Some words.", "Mine")


@needs("timemachine.txt")
@pytest.mark.parametrize(("name", "title", "begins"), [
    ("time-machine", "The Time Machine", "The Time Machine, by H. G. Wells"),
    ("gutenberg-36", "The War of the Worlds", ""), ("gutenberg-1342", "Pride and Prejudice", ""),
])
def test_books_laid_ready_are_opened_without_a_network(monkeypatch, name: str, title: str, begins: str) -> None:
    monkeypatch.setenv("SEQLAB_DATA", str(SHARED))
    assert corpora.at_hand(name)
    corpus = corpora.corpus(name)
    assert (corpus.title, corpora.title(name)) == (title, title)
    assert corpus.text.startswith(begins)
    assert "gutenberg.org/license" not in corpus.text.lower()
    assert set(corpora.prepared(name, "letters")) == set(" abcdefghijklmnopqrstuvwxyz")


def test_imdb_s_reviews_are_a_text_praise_and_blame_mixed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert not corpora.at_hand("imdb")
    for part in ("train", "test"):
        with gzip.open(tmp_path / f"imdb_{part}.csv.gz", "wt") as file:
            file.write("text,label\n" + "".join(f"{part} {k}<br /><br />Café!,{k % 2}\n" for k in range(40)))
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    monkeypatch.setattr(corpora, "REVIEWS", 20)
    corpora._reviews.cache_clear()
    corpus = corpora.corpus("imdb")
    assert corpora.at_hand("imdb")
    assert corpus.title == corpora.title("imdb") == "IMDb reviews, 20 of them"
    reviews = corpus.text.split("\n\n")
    assert len(set(reviews)) == 20
    assert all(review.startswith("train ") and review.endswith("\nCafé!") for review in reviews), "no tag, no test set"
    labels = [int(review.split()[1]) % 2 for review in reviews]
    assert 0 < sum(labels[:10]) < 10
    corpora._reviews.cache_clear()
