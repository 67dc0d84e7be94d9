"""The sentiment lab: every kind of network, reviews of every kind, data that is there and data that is not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.data import reviews
from seqlab.data.texts import read
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui.labs.sentiment.readings import PADDING, REVIEW, ReviewReading
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS
from tests.support.pages import healthy, html, opened, slide, words
from tests.support.waiting import wait_for

PAGE = "pages/sentiment.py"
SMALL = {"hidden": 12, "embedding": 6, "pooling": "max"}
NETWORKS = {
    "mlp": SMALL | {"model": "dense"}, "elman": SMALL | {"model": "elman"}, "lstm": SMALL | {"model": "lstm"},
    "rnn": SMALL | {"model": "rnn_tanh", "layers": 2, "pooling": "mean"},
    "gru-last": SMALL | {"model": "gru", "pooling": "none"},
    "padding": SMALL | {"model": "gru", "pooling": "max-with-padding"},
    "encoder": SMALL | {"model": "encoder", "heads": 2},
    "encoder-learned": SMALL | {"model": "encoder", "heads": 2, "positions": "learned", "context": 1024},
}


@pytest.fixture
def make(runs: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Train a tiny network on the stand-in; there are no IMDb reviews on this machine."""
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))

    def made(name: str = "lstm", corpus: str = "opinions") -> Run:
        run: Run = create(runs, RunConfig(name=name, batch=16, steps=8, evaluate_every=8, network=NETWORKS[name],
                                          device="cpu", task={"name": "sentiment", "words": 120, "corpus": corpus}))
        assert train(run.path).state == "finished"
        return run
    return made


def measured(app: AppTest) -> str:
    """The figures of the final test, where it has been made."""
    bodies = (element.proto.body for element in app.get("html"))
    return next((body for body in bodies if "right on the test set" in body), "")


def typed(app: AppTest, text: str) -> AppTest:
    return app.text_area(key="review").set_value(text).run()


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_reads_a_review_and_is_proved(make, name):
    run = make(name)
    app = opened(PAGE, run=run.id)
    healthy(app)
    assert re.search(r"\d+\.\d% sure", html(app, "opinion-verdict"))
    assert {"proof-review", "proof-padding"} <= set(app.session_state["proofs-drawn"])
    typed(app, "the plot was not dull but clever")
    healthy(app)
    assert "its label" not in html(app, "opinion-verdict")  # nobody knows it
    assert any("Without each word" in part.label for part in app.expander)


@pytest.mark.parametrize("name", NETWORKS)
def test_torch_and_numpy_agree_on_a_review_that_repeats_itself(make, name):
    """A word that stands twice wins a unit in either place, as the rounding falls; that is no difference."""
    run = make(name)
    given = read("the plot was dull the plot was dull the plot was not dull and the plot was dull", run.vocabulary, 99)
    reading = ReviewReading(Snapshot.of(run), tuple(given.ids.tolist()))
    for proof in (REVIEW, PADDING):
        agreements = proof.agreements(reading)
        assert {precision: part.holds for precision, part in agreements.items()} == {"float32": True, "float64": True}
        assert agreements["float64"].largest <= 1e-12


def test_a_review_that_is_offered_brings_its_label(make):
    app = opened(PAGE, run=make().id)
    first = app.text_area(key="review").value
    assert "its label" in html(app, "opinion-verdict")
    app.button(key="another-review").click().run()
    assert app.text_area(key="review").value != first
    assert "its label" in html(app, "opinion-verdict")


def test_no_words_one_word_and_unknown_words(make):
    app = opened(PAGE, run=make().id)
    typed(app, "")
    assert "There is no word in this review" in words(app)
    typed(app, "10/10 !!! 42")
    assert "There is no word in this review" in words(app)
    typed(app, "dull")
    healthy(app)
    assert "A review of one word has nothing left without it" in words(app)
    typed(app, "этот фильм был очень скучным")
    healthy(app)
    assert "knows none of these words" in words(app)
    typed(app, "the plot was zzyzx and 新しい")
    assert "2 of 6 words" in words(app)
    assert "zzyzx" in words(app)


def test_html_is_read_as_words_and_never_drawn(make):
    app = opened(PAGE, run=make().id)
    typed(app, "<script>alert(1)</script><img src=x onerror=alert(1)> the plot was <b>dull</b>")
    healthy(app)
    shown = words(app) + html(app)
    assert "<script>" not in shown
    assert "onerror" not in shown


def test_a_very_long_review_is_cut_and_said(make):
    app = opened(PAGE, run=make("mlp").id)
    typed(app, "dull plot " * 25_000)
    healthy(app)
    assert "Only the first 1,024 of 50,000 words are read" in words(app)
    assert "Reviews of up to 400 words are read again" in words(app)


def test_padding_does_what_it_does_to_the_reference(make):
    app = opened(PAGE, run=make("padding").id, padding="120")
    healthy(app)
    assert "**120** words of padding" in words(app)
    slide(app, "padding", 0)
    told = re.search(r"With \*\*0\*\* words of padding \w+ has \*\*(.*?)\*\*, without \*\*(.*?)\*\*", words(app))
    assert told[1] == told[2]


def test_the_final_test_is_asked_once(make):
    run = make("mlp")
    app = opened(PAGE, run=run.id)
    app.button(key="final").click().run()
    wait_for(lambda: measured(app.run()), pause=0.2)
    assert "1,000</b><small>reviews, each read once" in measured(app)
    assert "made-up reviews" in words(app)
    assert not [button for button in app.button if button.key == "final"]
    again = opened(PAGE, run=run.id)  # another session sees the same, and cannot ask again
    assert measured(again) == measured(app)
    ANSWERS.clear()


def test_reviews_that_are_not_here_are_fetched_or_replaced(make, monkeypatch):
    app = opened(PAGE, data="imdb")
    assert "is not on this machine yet" in words(app)

    def broken(*_, **__):
        raise reviews.Fault("The collection could not be downloaded: there is no connection.")
    monkeypatch.setattr("seqlab.ui.labs.sentiment.choice.to_develop", broken)
    app.button(key="fetch").click().run()
    assert "there is no connection" in words(app)
    assert app.button(key="train-instead")


def test_a_table_of_ones_own(make, cache):
    table = "text,label\n" + "\n".join(f"row {word} was {'so ' * k}{word},{label}" for k in range(30) for word, label in
                                       [("good", "up"), ("bad", "down"), ("so", "flat")])
    name = reviews.add(table.encode(), "Mine <b>")
    app = opened(PAGE, data=name)
    healthy(app)
    assert "Label 0 is down, 1 is flat, 2 is up" in words(app)
    run = make("mlp", name)
    app = opened(PAGE, run=run.id)
    healthy(app)
    assert "its label: " in html(app, "opinion-verdict")
    assert html(app, "opinion-verdict").count("<li>") == 3
    assert app.selectbox(key=f"watched-{run.id}").options[1:] == ["down", "flat", "up"]
    app.selectbox(key=f"watched-{run.id}").set_value("flat").run()
    healthy(app)
    (cache / f"{name}.tsv").unlink()
    app = opened(PAGE, run=run.id, data=name)
    assert not app.exception
    assert "no longer here" in words(app)


@pytest.mark.parametrize("query", [{"data": "../etc"}, {"recipe": "zz"}, {"padding": "zz"}, {"run": "zz"}])
def test_odd_addresses_are_answered(make, query):
    run = make("mlp")
    app = opened(PAGE, **({"run": run.id} | query))
    assert not app.exception
    assert not app.error
