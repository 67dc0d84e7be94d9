"""The Search page: every kind of rule, text and network; addresses of every kind; names that stay."""

from pathlib import Path

import pytest

from seqlab.data import corpora
from seqlab.training import searched, unit_names
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from tests.support.pages import complaints, healthy, opened, pictures, words

FOX = 'The quick brown fox said "jump" over a lazy dog, and the dog (who sleeps) sleeps on.\n' * 20


@pytest.fixture
def reader(runs: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    monkeypatch.setattr(searched, "STRETCH", 90)
    run = create(runs, RunConfig(name="reader", batch=4, steps=2, device="cpu",
                                 network={"model": "gru", "hidden": 6, "embedding": 4},
                                 task={"name": "text", "corpus": corpora.add(FOX.encode(), "Fox").name,
                                       "preparation": "whole", "num_steps": 12}))
    train(run.path)
    return run


def test_rules_texts_and_names(reader: Run) -> None:
    app = opened("search", run=reader.id, rule="quotes")
    healthy(app)
    assert pictures(app) == 2
    assert "follows *inside quotes* best" in words(app, "markdown")
    assert "held-out text; a linear probe of all 6 units" in words(app, "markdown")
    unit = app.number_input(key="unit").value
    app.text_input[-1].set_value("the dog").run()
    assert unit_names.read(reader) == {"h.0": {unit: "the dog"}}
    app.selectbox(key="rule").set_value("expression").run()
    app.text_input(key="pattern").set_value("(").run()
    assert "no regular expression" in complaints(app)
    app.text_input(key="pattern").set_value("zzz").run()
    assert "matches nothing" in complaints(app)
    app.text_input(key="pattern").set_value("(?s).").run()
    assert "matches everything" in complaints(app)
    app.text_input(key="pattern").set_value("d[aeiou]g").run()
    healthy(app)
    app.selectbox(key="quantity").set_value("z.0").run()
    healthy(app)
    app.selectbox(key="text").set_value("typed").run()
    healthy(app)
    app.text_area[0].set_value("the dog <b>saw</b> a dog and a dog " * 6).run()
    healthy(app)
    app.text_area[0].set_value("").run()
    assert "nothing in this text" in complaints(app)


def test_a_mark_is_searched_for_and_one_that_cannot_be_is_said(reader: Run) -> None:
    app = opened("search", run=reader.id, rule="mark", mark="25-31")
    healthy(app)
    assert "one stretch cannot be held out" in words(app, "markdown")
    app = opened("search", run=reader.id, rule="mark")
    healthy(app)
    assert "Mark a stretch" in words(app, "markdown")
    app = opened("search", run=reader.id, rule="mark", mark="25-26")
    assert "Mark at least 5 symbols" in complaints(app)
    for mark, sentence in (("9-2", "no stretch"), ("<b>", "no stretch"), ("99999-999999", "Mark at least")):
        app = opened("search", run=reader.id, rule="mark", mark=mark)
        assert not app.exception
        assert sentence in complaints(app)


@pytest.mark.parametrize("query", [{"rule": "nothing"}, {"unit": "999"}, {"unit": "inf"}, {"quantity": "c.9"},
                                   {"text": "gutenberg-1"}])
def test_what_the_address_cannot_have_is_said_and_the_page_goes_on(reader: Run, query: dict[str, str]) -> None:
    app = opened("search", run=reader.id, **query)
    healthy(app, warnings=True)
    assert complaints(app)
    assert pictures(app) == 2


def test_the_words_of_reviews_are_searched_for_their_label_and_place(runs: Path, cache: Path) -> None:
    run = create(runs, RunConfig(name="critic", batch=8, steps=2, device="cpu", task={"name": "sentiment", "words": 60},
                                 network={"model": "lstm", "hidden": 5, "embedding": 4, "pooling": "max"}))
    train(run.path)
    app = opened("search", run=run.id)
    healthy(app)
    assert "follows *the text is positive* best" in words(app, "markdown")
    assert "vowel" not in app.selectbox(key="rule").options
    app.selectbox(key="rule").set_value("position").run()
    healthy(app)
    app.selectbox(key="text").set_value("typed").run()
    healthy(app)
    app.text_area[0].set_value("not bad").run()
    assert app.text_input(key="pattern").value
    assert "matches everything" in complaints(app)
