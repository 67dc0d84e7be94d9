"""The Sampling page: with no run, with one that trains, texts, sentences, and whatever a person types or links to."""

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from seqlab.data import corpora
from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.film import header_of
from seqlab.reference.sampling import Choice, sample, uniforms
from seqlab.tasks import sentences, text
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui.shell import services
from seqlab.ui.studios.sampling import studio
from seqlab.ui.studios.sampling.choice import first_prompt, read_prompt
from seqlab.ui.studios.sampling.source import SAMPLES, SampleQuestion
from tests.support.data import needs
from tests.support.pages import opened, slide, sliders
from tests.support.runs import tiny_run

PAGE = "pages/sampling.py"
TINY = {"steps": 3, "batch": 4, "evaluate_every": 1000}
NETWORKS = {
    "gru": {"model": "gru", "hidden": 12, "embedding": 6},
    "lstm": {"model": "lstm", "hidden": 10, "embedding": 6, "layers": 2},
    "relu": {"model": "rnn_relu", "hidden": 10, "input": "one-hot"},
    "transformer": {"model": "transformer", "hidden": 8, "heads": 2, "embedding": 6},
}


@pytest.fixture
def book(cache, monkeypatch):
    """A text of one's own, which needs no network: 27 characters, so that a run is made in a moment."""
    monkeypatch.delenv("SEQLAB_DATA", raising=False)
    return corpora.add(b"the time traveller was one of those men who are too clever to be believed. " * 60, "A book")


def made(folder: Path, book: corpora.Corpus, network: str = "gru", **more: object) -> Run:
    task = {"name": "text", "corpus": book.name, "num_steps": 12}
    run = create(folder, RunConfig(task=task, network=NETWORKS[network], **(TINY | more)))
    train(run.path)
    return run


@pytest.fixture
def packed(monkeypatch) -> list[bytes]:
    """Whatever the page hands to the browser; AppTest does not show it."""
    found: list[bytes] = []
    real = studio.mount

    def mount(data: bytes, **options: object) -> None:
        found.append(data)
        real(data, **options)
    monkeypatch.setattr(studio, "mount", mount)
    return found


def header(packed: list[bytes]) -> dict:
    return header_of(packed[-1])


def right(app: AppTest) -> None:
    assert not app.exception
    assert not app.error


def test_without_any_run_it_says_where_to_train_one(runs):
    app = opened(PAGE)
    right(app)
    assert "Train one in the Text lab" in app.info[0].value


def test_a_run_of_another_task_is_not_offered(runs):
    run = tiny_run(runs, name="an echo")
    app = opened(PAGE, run=run.id)
    right(app)
    assert "Train one in the Text lab" in app.info[0].value


@pytest.mark.parametrize("network", NETWORKS)
def test_what_is_shown_is_what_the_network_draws(runs, book, packed, network):
    run = made(runs, book, network)
    app = opened(PAGE, run=run.id, prompt="the men", length="40", seed="7", temperature="0.5")
    right(app)
    assert not app.warning
    alphabet, found = run.config.task_config.alphabet, header(packed)
    reach = None if run.core.state else run.sizes.longest
    again = sample(run.core, run.weights(None, "float64"), alphabet.encode("the men"), [Choice(0.5)], uniforms(7, 40),
                   masked=alphabet.masked, reach=reach)
    np.testing.assert_array_equal(ids_of(packed[-1]), again.ids[0])
    assert [row["temperature"] for row in found["column"]] == [0, 0.2, 0.5, 0.8, 1, 1.2, 1.5]
    assert "".join(found["column"][2]["text"]) == alphabet.decode(again.ids[0])  # the same draws, the same temperature


def ids_of(data: bytes) -> np.ndarray:
    """The symbols that the browser is given."""
    place = next(part for part in header_of(data)["arrays"] if part["name"] == "ids")
    return np.frombuffer(data, "<u2", place["length"], 4 + int.from_bytes(data[:4], "little") + place["offset"])


WARM = [(network, Choice(temperature)) for network in NETWORKS for temperature in (0.0, 0.01, 2.0)]
BENT = [("gru", Choice(alpha=30.0)), ("gru", Choice(0.5, divide_probabilities=True)),
        ("transformer", Choice(0.7, top_k=3, top_p=0.9))]


@pytest.mark.parametrize(("network", "choice"), WARM + BENT, ids=str)
def test_torch_agrees_at_every_temperature(runs, book, network, choice):
    run = made(runs, book, network, steps=1)
    question = SampleQuestion.of(run, run.snapshots()[-1], "the time ", 60, 3, choice)
    agreement = SAMPLES.agreements(question, question.column)["float64"]
    assert agreement.holds, agreement.first_fault
    assert agreement.largest < 1e-9
    assert agreement.numbers > 60 * 27


def test_sentences_begin_by_themselves_and_end(runs, packed, book):
    lines = [f"{who} {did}." for who in ("a dog", "the cat", "no one", "she", "he")
             for did in ("ran off", "sat up", "knew", "slept", "ate")]
    table = corpora.add_table("\n".join(["text", *lines * 4]).encode(), "Lines")
    run = create(runs, RunConfig(task={"name": "sentences", "corpus": table.name}, network=NETWORKS["gru"],
                                 **(TINY | {"steps": 60, "optimiser": {"lr": 0.02}})))
    train(run.path)
    app = opened(PAGE, run=run.id)
    right(app)
    found = header(packed)
    assert found["prompt"] == ""
    assert app.text_input(key="prompt").value in ("", None)
    assert set(found["masked"]) == run.config.task_config.alphabet.masked
    assert all("⏎" not in row["text"][:-1] for row in found["column"])  # nothing comes after an end


TYPED = [("", " ", 0), ("The MEN", "the men", 0), ("h3llo, w0rld", "hllo wrld", 3), ("😀😀", " ", 2),
         ("<script>", "script", 2), ("a" * 5000, "a" * 500, 0), ("\x00 a", " a", 1), ("**b**", "b", 4)]


@pytest.mark.parametrize(("typed", "read", "lost"), TYPED)
def test_any_prompt_is_read_or_told_in_one_sentence(typed, read, lost):
    opening = read_prompt(typed, Vocabulary.of_text(" abcdefghijklmnopqrstuvwxyz"))
    assert opening.text == read
    assert ("unknown to this network" in opening.note) == bool(lost)
    assert opening.note.startswith(f"{lost} character") or not lost
    assert ("Only the last 500 of 5,000" in opening.note) == (len(typed) == 5000)


def test_a_prompt_is_read_as_it_is_typed(runs, book, packed):
    run = made(runs, book)
    app = opened(PAGE, run=run.id, length="20")
    app.text_input(key="prompt").set_value("The 2 **MEN**").run()
    right(app)
    assert header(packed)["prompt"] == "the  men"
    assert [caption.value for caption in app.caption if "5 characters of the prompt are unknown" in caption.value]


ODD = [{"temperature": "0.001"}, {"temperature": "nan"}, {"alpha": "1e9"}, {"top_k": "1.5"}, {"top_p": "inf"},
       {"divide": "yes"}, {"colour": "<b>"}, {"temperature": "0", "divide": "True"}]


@pytest.mark.parametrize("query", ODD, ids=str)
def test_a_dial_in_the_address_that_cannot_be_is_told_in_one_sentence(runs, book, packed, query):
    run = made(runs, book)
    app = opened(PAGE, run=run.id, length="20", **query)
    right(app)
    assert len(app.warning) == 1
    choice = header(packed)["choice"]
    assert choice | {"temperature": 0} == {"temperature": 0, "alpha": 1, "top_k": 0, "top_p": 1, "divide": False}


@pytest.mark.parametrize("query", [{"length": "99999", "seed": "-3"}, {"length": "x", "seed": "x"},
                                   {"snapshot": "77", "prompt": "%00"}], ids=str)
def test_other_odd_addresses_leave_the_page_standing(runs, book, packed, query):
    run = made(runs, book)
    app = opened(PAGE, run=run.id, **query)
    right(app)
    assert header(packed)["choice"]["temperature"] == 1


def test_the_dials_go_to_the_address_and_back(runs, book, packed):
    run = made(runs, book)
    app = opened(PAGE, run=run.id, alpha="5", top_k="4", top_p="0.9", colour="entropy", length="30")
    right(app)
    found = header(packed)
    assert found["choice"] == {"temperature": 1, "alpha": 5, "top_k": 4, "top_p": 0.9, "divide": False}
    assert found["colour"] == "entropy"
    app.button(key="reset-sampling").click().run()
    right(app)
    assert header(packed)["choice"] == {"temperature": 1, "alpha": 1, "top_k": 0, "top_p": 1, "divide": False}
    assert not {"alpha", "top_k", "top_p", "colour"} & set(app.query_params)


def test_draw_again_takes_other_draws_and_the_same_seed_the_same_ones(runs, book, packed):
    run = made(runs, book)
    app = opened(PAGE, run=run.id, length="50")
    first = header(packed)["column"]
    app.button(key="draw-again").click().run()
    assert header(packed)["column"] != first
    app.number_input(key="seed").set_value(1).run()
    assert header(packed)["column"] == first


def test_dividing_probabilities_gives_one_text_at_every_temperature(runs, book, packed):
    run = made(runs, book)
    opened(PAGE, run=run.id, divide="True", temperature="0.5")
    rows = header(packed)["column"]
    assert [row["temperature"] for row in rows] == [0.2, 0.5, 0.8, 1, 1.2, 1.5]  # nobody can divide by 0
    assert len({json.dumps(row["text"]) for row in rows}) == 1


def test_an_earlier_step_writes_another_text(runs, book, packed):
    run = made(runs, book, steps=40, optimiser={"lr": 0.02})
    app = opened(PAGE, run=run.id)
    last = header(packed)["column"]
    slide(app, "snapshot", 0)
    right(app)
    assert header(packed)["column"] != last


def test_a_run_that_trains_shows_its_newest_text(runs, book, packed):
    from seqlab.training import control

    task = {"name": "text", "corpus": book.name, "num_steps": 12}
    run = services.engine().start(RunConfig(task=task, network=NETWORKS["gru"], **(TINY | {"steps": 1_000_000})))
    try:
        app = opened(PAGE, run=run.id)
        right(app)
        assert "After training step" not in sliders(app)
    finally:
        control.stop(run)


def test_a_diverged_network_is_told_in_one_sentence(runs, book, monkeypatch):
    run = made(runs, book)
    real = Run.weights

    def lost(self: Run, *args: object) -> dict:
        return {name: np.full_like(array, np.nan) for name, array in real(self, *args).items()}
    monkeypatch.setattr(Run, "weights", lost)
    app = opened(PAGE, run=run.id)
    right(app)
    assert any("diverged" in warning.value for warning in app.warning)


@needs("timemachine.txt")
def test_the_recipes_of_texts_and_sentences_have_a_prompt_that_they_can_read():
    for recipe in (*text.RECIPES.values(), *sentences.RECIPES.values()):
        alphabet = RunConfig(**recipe.config).task_config.alphabet
        assert not alphabet.unknown_symbols(first_prompt(alphabet))
