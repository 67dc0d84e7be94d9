"""What each kind of file is read as, without a correction; and what no file may do."""

import tracemalloc
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlab.data.reader import (
    labelled,
    looks_like_table,
    propose_table,
    propose_text,
    read_table,
    read_text,
    texts,
)
from seqlab.errors import Fault
from tests.data.reader.samples import TABLE_SAMPLES, TEXT_SAMPLES


@pytest.mark.parametrize("kind", TEXT_SAMPLES)
def test_a_text_is_read_as_it_was(kind: str) -> None:
    sample = TEXT_SAMPLES[kind]
    form = propose_text(sample.data)
    reading = read_text(sample.data, form)
    assert (form.encoding, reading.text) == (sample.encoding, sample.text)
    assert sum(change.count for change in reading.changes if change.effect == "lost") == sample.lost
    assert not looks_like_table(sample.data, "text.txt")


@pytest.mark.parametrize("kind", TABLE_SAMPLES)
def test_a_table_is_read_as_it_was(kind: str) -> None:
    sample = TABLE_SAMPLES[kind]
    assert looks_like_table(sample.data, sample.name)
    form = propose_table(sample.data, sample.label is not None)
    assert (form.encoding, form.delimiter, form.quoted, form.header, form.text, form.label) == (
        sample.encoding, sample.delimiter, sample.quoted, sample.header, (sample.text,), sample.label)
    reading = read_table(sample.data, form)
    assert (dict(reading.labels), reading.texts) == (sample.labels, sample.texts)
    assert next(texts(sample.data, form)) == sample.first
    assert [change.sentence.startswith(start) for change, start in
            zip(reading.changes, sample.changes, strict=True)] == [True] * len(sample.changes)
    if form.label is not None:
        rows = list(labelled(sample.data, reading))
        assert [sum(label == place for _, label in rows) for place in range(len(sample.labels))] == list(
            sample.labels.values())


def test_everything_that_was_guessed_can_be_corrected() -> None:
    data = "Straße;1\nÖl, kalt;0\n".encode("cp1252") * 9
    form = propose_table(data, True)
    as_header = read_table(data, replace(form, header=True, label=None))
    assert as_header.columns == ("Straße", "1")
    assert as_header.texts == 17
    cyrillic = replace(form, encoding="cp1251", label=None)
    assert next(texts(data, cyrillic)) == "StraЯe"
    both = replace(form, text=(1, 0), label=None)
    assert next(texts(data, both)) == "1 Straße"
    by_comma = replace(form, delimiter=",", label=None, columns=0)
    assert next(texts(data, by_comma)) == "Straße;1"
    quoted = b'"a, b",1\n"c, d",0\n'
    assert next(texts(quoted, replace(propose_table(quoted, False), quoted=False, columns=0))) == '"a'


def test_what_is_lost_or_changed_is_counted_and_the_first_is_shown() -> None:
    rows = "".join(f"row {k},{'yes' if k % 2 else 'no'}\n" for k in range(40))
    data = ("text,label\n,yes\nno label,\nstray\xff,yes\nrare,maybe\nTEXT,YES\n" + rows).encode("latin-1")
    reading = read_table(data, replace(propose_table(data, True), encoding="utf-8"))
    assert [change.sentence for change in reading.changes] == [
        "1 character cannot be read in UTF-8 and became \ufffd (line 4, “stray\ufffd,yes”).",
        "1 row has no text and is left out (line 2, “yes”).",
        "1 row has no label and is left out (line 3, “no label”).",
        "1 text has a label with too few texts, and is left out (line 5, “maybe: rare”).",
        "1 text has its label written in another way, which is taken as the same (“YES as yes”)."]
    assert (reading.rows, reading.texts, dict(reading.labels)) == (45, 42, {"no": 20, "yes": 22})
    kept = read_text(b"Head\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\r\nStory.\r\n",
                     replace(propose_text(b"a"), licence_off=False))
    assert kept.text.startswith("Head")
    assert [change.sentence for change in kept.changes] == ["2 line ends (CR or CR LF) became line feeds."]


@pytest.mark.parametrize(("table", "message"), [
    ("a,b\n1,2", "same label"), ("", "empty"), ("\n \n", "empty"), ("text,label\n", "a header and no rows"),
    ("text,label\n,\n", "a header and no rows"), ("text,label\n,a\n", r"No row .* a text and a label"),
    ("text,label\n" + "x,a\n" * 20, "same label, 'a'"),
    ("text,label\n" + "x,a\ny,b\n" * 9, "too few texts"),
    ("text,label\n" + "".join(f"x{k},a{k % 21}\n" for k in range(210)), "21 labels: 'a0', 'a1', 'a2', 'a3' …"),
    ("text,label\n" + "".join(f"x{k},{'ab'[k % 2] * 50}\n" for k in range(40)), "longer than 40"),
    ("\x00\x01" * 500, "no plain text"), ("PK\x03\x04", "a ZIP archive or an Excel workbook"),
])
def test_a_table_that_cannot_be_learned_from_is_refused(table: str, message: str) -> None:
    def read() -> None:
        form = propose_table(table.encode(), True)
        read_table(table.encode(), form if form.label is not None else replace(form, label=form.columns - 1))

    with pytest.raises(Fault, match=message) as error:
        read()
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("data", "message"), [
    (b"", "The text is empty"), (b" \r\n\t ", "The text is empty"),
    (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, "no plain text"), (b"\x00", "no plain text"),
    (b"\x1f\x8b" + bytes(range(256)) * 30, "packed with gzip"), (b"%PDF-1.7", "a PDF"),
    (b"a" * 20_000_001, "has 20 MB; take one of at most 20 MB"),
    (b"*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\nLicence",
     "Nothing is left of this text"),
])
def test_what_is_no_text_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(Fault, match=message):
        read_text(data)


def test_a_quotation_mark_that_is_never_closed_is_said_where_it_stands() -> None:
    data = b'text,label\nfine,1\n"never closed,1\nc d,0\n'
    with pytest.raises(Fault, match="A quotation mark in line 3 is not closed: all 2 lines"):
        read_table(data, replace(propose_table(data, False), quoted=True))


@pytest.mark.parametrize(("start", "end"), [
    ("*** START OF THE PROJECT GUTENBERG EBOOK X ***", "*** END OF THE PROJECT GUTENBERG EBOOK X ***"),
    ("***START OF THIS PROJECT GUTENBERG EBOOK X***", "End of the Project Gutenberg EBook of X"),
    ("*** start of this Project Gutenberg EBook X", "End of Project Gutenberg's X"),
    ("End of Project Gutenberg\n*** START OF THE PROJECT GUTENBERG EBOOK X ***", "End of this Project Gutenberg etext"),
])
def test_the_licence_is_cut_off(start: str, end: str) -> None:
    assert read_text(f"Header\n{start}\nStory.\n{end}\nLicence".encode()).text.strip() == "Story."
    assert read_text(f"Story.\n{end}\nLicence".encode()).text.strip() == "Story."
    assert read_text(b"Story.").text == "Story."


TABLE_LIKE = st.text(alphabet='a1,;\t|"\n\r é\ufeff=sep.0\x00', max_size=120).map(str.encode)


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=300), TABLE_LIKE), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, with_labels: bool) -> None:
    with suppress(Fault):
        looks_like_table(data, "x.txt")
    with suppress(Fault):
        assert read_text(data).text.strip()
    with suppress(Fault):
        form = propose_table(data, with_labels)
        count = sum(1 for _ in texts(data, form))
        assert 1 <= read_table(data, form).texts <= count


def test_a_large_table_takes_little_memory_beside_its_bytes() -> None:
    data = b"review,sentiment\n" + b"".join(
        b'"A ""long"" one, %d.<br />%s",%s\n' % (k, b"and so on " * 1200, (b"pos", b"neg")[k % 2]) for k in range(800))
    reading = read_table(data, propose_table(data, True))
    assert (len(data) > 9_000_000, reading.texts) == (True, 800)
    tracemalloc.start()
    read_table(data, propose_table(data, True))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(data) / 2
