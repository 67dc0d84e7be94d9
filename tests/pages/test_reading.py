"""The Reading page: every section with every kind of network, texts of every kind, addresses of every kind."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from seqlab.data import corpora
from seqlab.studies.chapter.measures import as_published
from seqlab.studies.published import PUBLISHED
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui.studios.reading.sections import SECTIONS
from tests.support.pages import healthy, html, opened, pictures, words

PAGE = "pages/reading.py"
FOX = "The quick brown fox jumps over a lazy dog, and the dog sleeps on. " * 60
GRU = {"model": "gru", "hidden": 12, "embedding": 6}
TRANSFORMER = {"model": "transformer", "hidden": 12, "heads": 2, "embedding": 6}
ONE_HOT = {"model": "rnn_tanh", "hidden": 12, "input": "one-hot"}


@pytest.fixture
def make(runs: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Train a tiny network on a text that a person added; there are no books on this machine."""
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))

    def made(network: dict[str, object], name: str = "reader", **task: object) -> Run:
        corpus = corpora.add(FOX.encode(), "Fox").name
        run: Run = create(runs, RunConfig(name=name, batch=16, steps=30, network=network, device="cpu",
                                          task={"name": "text", "corpus": corpus, "num_steps": 12, **task}))
        train(run.path)
        return run
    return made


@pytest.fixture
def lines(make: Callable[..., Run], runs: Path) -> Callable[[str], Run]:
    """Train a tiny network on sentences, prepared in some way."""
    def made(preparation: str) -> Run:
        table = "\n".join(["text", *(f"This is line number {number}, no more." for number in range(200))])
        corpus = corpora.add_table(table.encode(), "Lines").name
        run: Run = create(runs, RunConfig(name="lines", batch=8, steps=20, network=GRU, device="cpu", task={
            "name": "sentences", "corpus": corpus, "preparation": preparation}))
        train(run.path)
        return run
    return made


@pytest.fixture
def sentences(lines: Callable[[str], Run]) -> Run:
    return lines("tidy")


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("network", [GRU, TRANSFORMER, ONE_HOT], ids=["gru", "transformer", "one-hot"])
def test_every_section_opens_with_every_network(make, section, network):
    run = make(network)
    app = opened(PAGE, show=section, run=run.id)
    healthy(app)
    assert app.selectbox(key="picked").value == run.id
    assert pictures(app) >= 1


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_with_a_network_of_sentences(sentences, section):
    app = opened(PAGE, show=section, run=sentences.id)
    healthy(app)
    if section == "What surprises it":
        assert "Each line is read by itself" in words(app)
        assert app.text_area(key="passage").value.startswith("This is line number")


def test_without_a_network_that_predicts_text_the_page_says_what_to_do(runs):
    app = opened(PAGE)
    healthy(app)
    assert "Train one in the Text lab" in app.info[0].value


def test_a_text_is_read_and_its_figures_fit_together(make):
    app = opened(PAGE, run=make(GRU).id)
    first = html(app, "tiles")
    assert app.text_area(key="passage").value in re.sub(r"[^a-z]+", " ", FOX.lower())  # what was kept from learning
    app.text_area(key="passage").set_value("the dog <b>sleeps</b> on").run()
    healthy(app)
    numbers = [float(number.rstrip("%").replace(",", "")) for number in re.findall(r"<b>([\d.,]+%?)</b>",
                                                                                   html(app, "tiles"))]
    assert html(app, "tiles") != first
    loss, perplexity, bits, _, predicted = numbers
    assert perplexity == pytest.approx(2.718281828 ** loss, rel=2e-3)
    assert bits == pytest.approx(loss / 0.6931, abs=2e-3)
    assert predicted == len("the dog b sleeps b on") - 1


@pytest.mark.parametrize(("typed", "told"), [("", "at least two characters"), ("a", "at least two characters"),
                                             ("  \n", "at least two characters")])
def test_a_text_of_nothing_is_answered(make, typed, told):
    app = opened(PAGE, run=make(GRU).id)
    app.text_area(key="passage").set_value(typed).run()
    healthy(app)
    assert told in app.info[0].value


def test_unknown_characters_are_counted_and_named(make):
    app = opened(PAGE, run=make(GRU, preparation="whole").id)
    app.text_area(key="passage").set_value("the dog é*é sleeps\x07 [on](x)").run()
    healthy(app)
    text = words(app)
    assert "read as one symbol, unknown" in text
    assert "é (2)" in text
    assert "U+0007 (1)" in text


def test_sentences_leave_unknown_characters_out(sentences):
    app = opened(PAGE, run=sentences.id)
    app.text_area(key="passage").set_value("This is %% line\n\nnumber é 7\n\n").run()
    healthy(app)
    assert "left out" in words(app)
    assert "% (2)" in words(app).replace("\\", "")
    predicted = re.findall(r"<b>([\d,]+)</b><small>characters predicted", html(app, "tiles"))[0]
    assert int(predicted) == len("This is  line") + 1 + len("number 7") + 1


def test_sentences_as_published_have_a_line_end_before_END(lines):
    app = opened(PAGE, run=lines("published").id)
    healthy(app)
    passage = app.text_area(key="passage").value
    assert passage.startswith("This is line number")
    assert "\n\n" not in passage
    app.text_area(key="passage").set_value("This is  line\n\nnumber é7").run()
    healthy(app)
    predicted = re.findall(r"<b>([\d,]+)</b><small>characters predicted", html(app, "tiles"))[0]
    assert int(predicted) == len("This is  line\n") + 1 + len("number  7\n") + 1


def test_another_passage_is_another_text_and_what_a_person_wrote_stays(make, monkeypatch):
    monkeypatch.setattr("seqlab.ui.studios.reading.surprise.EXCERPT", 90)
    app = opened(PAGE, run=make(GRU).id)
    before = app.text_area(key="passage").value
    app.button(key="another").click().run()
    assert app.text_area(key="passage").value != before
    app.text_area(key="passage").set_value("the dog sleeps").run()
    app.segmented_control(key="show").set_value("One-hot is an embedding").run()
    app.segmented_control(key="show").set_value("What surprises it").run()
    healthy(app)
    assert app.text_area(key="passage").value == "the dog sleeps"


def test_books_are_scored_and_those_that_are_not_here_are_offered(make):
    run = make(GRU, preparation="plain")
    other = corpora.add(("Zebras and foxes, quite lazy, jump over £5 dogs. " * 40).encode(), "Zebras").name
    app = opened(PAGE, run=run.id, show="Another book")
    healthy(app)
    assert {"fetch-gutenberg-36", "fetch-gutenberg-1342"} <= {button.key for button in app.button}
    table = html(app, "tallies")
    assert "Fox, held-out part" in table
    assert f"{2.718281828 ** run.status.validation:.2f}" in table  # the perplexity that torch published
    app.multiselect(key="texts").set_value(["held-out", other]).run()
    healthy(app)
    assert "Zebras" in html(app, "tallies")
    text = words(app)
    assert "Vocabulary mismatch" in text
    assert "Z (40)" in text


def test_a_book_is_scored_whole_or_as_the_source_does_and_only_then_beside_its_number(make, tmp_path):
    begin, end = (f"*** {what} OF THE PROJECT GUTENBERG EBOOK ***\n" for what in ("START", "END"))
    (tmp_path / "pg36.txt").write_text(f"A header of zzz {begin}{FOX * 6}{end}and a licence.")
    run = make(GRU)
    app = opened(PAGE, run=run.id, show="Another book", texts=["held-out", "gutenberg-36"])
    healthy(app)
    whole = html(app, "tallies")
    assert "source says" not in whole
    assert "the whole text, without a licence" in whole
    app.toggle(key="as-source").set_value(True).run()
    healthy(app)
    table = html(app, "tallies")
    assert "windows 10,000 to 15,000 of the file" in table
    assert "60,000" in table  # 5,000 windows of 12 characters
    assert f"{PUBLISHED['chapter/gutenberg-36'].value:.2f}" in table
    perplexity = as_published(run, "gutenberg-36")[1]
    assert f"{perplexity:.2f}" in table
    assert "Gutenberg book 71557" in words(app)


def test_networks_of_other_tasks_are_not_scored_as_the_chapter_s(sentences):
    app = opened(PAGE, run=sentences.id, show="Another book")
    healthy(app)
    assert not [toggle for toggle in app.toggle if toggle.key == "as-source"]


def test_a_book_that_cannot_be_fetched_is_told(make, monkeypatch):
    import requests

    def refused(*args: object, **kwargs: object) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr("seqlab.data.download.pooch.retrieve", refused)
    app = opened(PAGE, run=make(GRU).id, show="Another book")
    app.button(key="fetch-gutenberg-36").click().run()
    assert not app.exception
    assert not app.error
    assert "could not be downloaded" in app.warning[0].value


def test_how_far_back_two_networks_see(make):
    near, far = make(GRU, "near", num_steps=4), make(GRU, "far", carry=True)
    app = opened(PAGE, run=near.id, show="How far back")
    healthy(app)
    assert "trained on windows of 4" in words(app)
    other = next(option for option in app.selectbox(key="beside").options if option.startswith("far"))
    app.selectbox(key="beside").set_value(other).run()
    healthy(app)
    assert "carried on over windows of 12" in words(app)
    assert far.id != near.id


@pytest.mark.parametrize("network", [GRU, ONE_HOT], ids=["embedding", "one-hot"])
def test_the_product_is_the_row_exactly(make, network):
    app = opened(PAGE, run=make(network).id, show="One-hot is an embedding", char="q", number="3")
    healthy(app)
    assert "is **0, exactly**" in words(app)
    assert app.selectbox(key="char").value == "q"
    assert html(app, "sum").count("<tr") == 30  # 28 characters, the head and the sum
    app.segmented_control(key="rows").set_value("W").run()
    app.segmented_control(key="order").set_value("vowels first").run()
    healthy(app)
    assert "It was never given a list of vowels" in words(app)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_run_whose_text_is_gone_still_reads(make, section, monkeypatch, tmp_path):
    run = make(GRU)
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "elsewhere"))
    app = opened(PAGE, run=run.id, show=section)
    healthy(app)
    if section != "One-hot is an embedding":
        assert "is not on this machine" in words(app)
    if section == "What surprises it":
        assert "characters predicted" in html(app, "tiles")


@pytest.mark.parametrize("query", [
    {"show": "Nonsense"}, {"show": "<script>"}, {"run": "../../etc/passwd"},
    {"show": "Another book", "texts": "gutenberg-0"}, {"show": "Another book", "texts": "../../etc/passwd"},
    {"show": "How far back", "beside": "nobody at all"},
    {"show": "One-hot is an embedding", "char": "no", "number": "99999", "order": "x", "rows": "y"},
])
def test_a_bad_address_is_answered_and_the_page_goes_on(make, query):
    make(GRU)
    app = opened(PAGE, **query)
    assert not app.exception
    assert not app.error
    assert len(app.warning) == len([value for value in query.values() if value not in SECTIONS])
