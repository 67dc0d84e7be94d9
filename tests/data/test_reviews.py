"""Reviews: where they come from, and every way in which a person's own table can be wrong."""

import gzip
import io
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from seqlab.data import download, reviews, tokens
from seqlab.errors import Fault
from tests.support.data import SHARED, needs


def word(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


GOOD = "\n".join(["text,label", *(f'"a fine film, like {word(k)}",{("negative", "positive")[k % 2]}'
                                     for k in range(40))])


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SEQLAB_DATA", raising=False)


def test_the_stand_in_needs_nothing_and_is_called_what_it_is() -> None:
    rows_read = reviews.rows("opinions", "train")
    assert rows_read == reviews.rows("opinions", "train"), "a seed makes them"
    assert Counter(label for _, label in rows_read) == {0: 2500, 1: 2500}
    assert "stand-in" in reviews.title("opinions")
    assert reviews.at_hand("opinions")
    assert not {text for text, _ in rows_read[:200]} & {text for text, _ in reviews.rows("opinions", "test")}


def archive(file: Path, members: dict[str, str], kind: bytes = tarfile.REGTYPE) -> None:
    with tarfile.open(file, "w:gz") as packed:
        for name, text in members.items():
            about = tarfile.TarInfo(name)
            about.size, about.type = len(text.encode()) if kind == tarfile.REGTYPE else 0, kind
            packed.addfile(about, io.BytesIO(text.encode()))


MEMBERS = {"aclImdb/README": "x", "aclImdb/train/pos/0_9.txt": "Loved it.", "aclImdb/train/neg/0_2.txt": "Dull.",
           "aclImdb/train/unsup/0_0.txt": "?", "aclImdb/test/pos/3_10.txt": "Superb, caf\u00e9!"}


def test_the_published_archive_is_read_without_unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path / reviews.IMDB_FILE, MEMBERS)
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    monkeypatch.setattr(reviews, "IMDB_MD5", None)
    assert reviews.at_hand("imdb")
    assert reviews.rows("imdb", "train") == [("Dull.", 0), ("Loved it.", 1)]
    assert reviews.rows("imdb", "test") == [("Superb, caf\u00e9!", 1)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [reviews.IMDB_FILE]


@pytest.mark.parametrize(("name", "kind"), [("../evil.txt", tarfile.REGTYPE), ("/etc/evil", tarfile.REGTYPE),
                                            ("aclImdb/train/pos/1_9.txt", tarfile.SYMTYPE)])
def test_an_archive_with_an_odd_path_is_refused(name: str, kind: bytes, tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path / reviews.IMDB_FILE, {name: "x"}, kind)
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    monkeypatch.setattr(reviews, "IMDB_MD5", None)
    with pytest.raises(Fault, match="a path that no collection of reviews has"):
        reviews.rows("imdb", "train")


def test_a_damaged_archive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path / reviews.IMDB_FILE, MEMBERS)
    whole = (tmp_path / reviews.IMDB_FILE).read_bytes()
    (tmp_path / reviews.IMDB_FILE).write_bytes(whole[:40])
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    monkeypatch.setattr(reviews, "IMDB_MD5", None)
    with pytest.raises(Fault, match="is damaged"):
        reviews.rows("imdb", "train")


def test_without_a_network_a_person_is_refused_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise download.requests.ConnectionError

    monkeypatch.setattr(download.pooch, "retrieve", broken)
    assert not reviews.at_hand("imdb")
    with pytest.raises(Fault, match=r"no connection.*take the made-up reviews"):
        reviews.rows("imdb", "train")


def test_the_archive_is_checked_against_its_published_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path / reviews.IMDB_FILE, MEMBERS)
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    asked = {}
    monkeypatch.setattr(download.pooch, "retrieve",
                        lambda url, known, *rest, **more: asked.update(known=known) or 1 / 0)
    with pytest.raises(ZeroDivisionError):  # what lies there is another file, so it would be downloaded
        reviews.rows("imdb", "train")
    assert asked["known"] == "md5:7c2ac02c03563afcf9b574c7e56c153a"


def test_tables_that_lie_ready_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("train", "test"):
        with gzip.open(tmp_path / f"imdb_{part}.csv.gz", "wt") as file:
            file.write(f'text,label,rating,id\n"Good, {part}",1,9,a\nBad,0,1,b\n')
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    assert reviews.at_hand("imdb")
    assert reviews.rows("imdb", "test") == [("Bad", 0), ("Good, test", 1)]
    with gzip.open(tmp_path / "imdb_train.csv.gz", "wt") as file:
        file.write("text,label\nx,7\n")
    with pytest.raises(Fault, match=r"imdb_train\.csv\.gz is damaged"):
        reviews.rows("imdb", "train")


@pytest.mark.slow
@needs("imdb_train.csv.gz")
def test_imdb_is_divided_as_it_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_DATA", str(SHARED))
    learned, validation = tokens.to_learn("imdb")
    assert (len(learned.rows), len(validation.rows)) == (20_000, 5_000)
    assert learned.labels.mean() == validation.labels.mean() == 0.5
    test = tokens.to_test("imdb")
    assert len(test.rows) == 25_000
    assert test.labels.mean() == 0.5
    assert "br" not in tokens.most_frequent(learned)[:5000], "a tag is no word"


def test_an_own_table_is_kept_and_divided() -> None:
    name = reviews.add(GOOD.encode(), "  My <b>films</b>  ")
    assert reviews.add(GOOD.encode(), "again") == name
    assert reviews.names() == [name]
    assert reviews.labels(name) == ("negative", "positive")
    assert reviews.title(reviews.add(GOOD.encode(), "My films")) == "My films"
    assert reviews.rows(name, "train")[1] == ("a fine film, like b", 1)
    learned, validation, test = *tokens.to_learn(name), tokens.to_test(name)
    assert (len(learned.rows), len(validation.rows), len(test.rows)) == (26, 6, 8)
    assert len({*learned.rows, *validation.rows, *test.rows}) == 40, "no text is in two parts"
    assert test.labels.sum() == 4


def test_a_text_that_stands_several_times_is_in_one_part_alone() -> None:
    rows = "".join(f'"Wie {word(k % 25)}, {k}!",{"ab"[k % 25 % 2]}\n' for k in range(400))
    name = reviews.add(f"text,label\n{rows}".encode(), "Repeated")
    parts = *tokens.to_learn(name), tokens.to_test(name)
    assert [len(part.rows) for part in parts] == [256, 64, 80], "as many as without copies"
    assert [first.repeats(second) for first in parts for second in parts if first is not second] == [0] * 6
    assert sum(len(part.rows) for part in parts) == 400


def test_more_labels_than_two_are_kept_in_their_order() -> None:
    rows = "".join(f"nr {word(k)},{k % 11}\n" for k in range(110))
    name = reviews.add(f"words,stars\n{rows}".encode(), "Stars")
    assert reviews.labels(name) == tuple(map(str, range(11))), "numbers by their size, not 1, 10, 2"
    assert reviews.rows(name, "train")[10] == ("nr ba", 10)
    learned, validation, test = *tokens.to_learn(name), tokens.to_test(name)
    assert [set(part.labels.tolist()) for part in (learned, validation, test)] == [set(range(11))] * 3


@pytest.mark.parametrize("name", ["../x", "reviews-xyz", "imdb2", "", "text-0123456789abcdef"])
def test_a_name_that_cannot_be_is_a_fault(name: str) -> None:
    with pytest.raises(Fault, match="no reviews called"):
        reviews.rows(name, "train")


def test_a_table_that_is_gone_is_refused() -> None:
    for ask in (lambda name: reviews.rows(name, "train"), reviews.labels):
        with pytest.raises(Fault, match="no longer here"):
            ask("reviews-0123456789abcdef")
    assert not reviews.at_hand("reviews-0123456789abcdef")
