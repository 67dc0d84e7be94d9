"""The text lab without a browser: one click trains, any text is taken or refused in one sentence."""

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.data import corpora
from seqlab.training.run import Run
from seqlab.ui.labs.text import corpora as chooser
from seqlab.ui.labs.text.settings import RECIPES
from tests.support.data import SHARED, need
from tests.support.pages import complaints, html, opened, own_runs, words
from tests.support.runs import stop_run, tiny_run

FOX = "the quick brown fox jumps over the lazy dog and sleeps. " * 60
PAGE = "pages/text.py"
BOOKS = {"timemachine.txt": "timemachine.txt", "war_of_the_worlds_pg36.txt": "pg36.txt",
         "pride_and_prejudice_pg1342.txt": "pg1342.txt"}  # what they are called here, and in a cache


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    """No text at hand, no file laid ready, and a network that refuses at once."""
    monkeypatch.delenv("SEQLAB_DATA", raising=False)
    monkeypatch.setattr(corpora, "TIME_MACHINE", "http://127.0.0.1:9/timemachine.txt")
    monkeypatch.setattr(corpora, "GUTENBERG", "http://127.0.0.1:9/pg{0}.txt")


@pytest.fixture
def books(cache: Path) -> None:
    """The shared books, where the workers look too."""
    need(*BOOKS)
    cache.mkdir()
    for shared, name in BOOKS.items():
        shutil.copy(SHARED / shared, cache / name)


def text_run(folder: Path, **changes: object) -> Run:
    """A tiny network that has read some lines."""
    name = corpora.add(FOX.encode(), "Fox").name
    return tiny_run(folder, task={"name": "text", "corpus": name, "num_steps": 16} | changes.pop("task", {}),
                     network={"model": "gru", "hidden": 8, "embedding": 4}, **changes)


def written(app: AppTest) -> dict:
    """What the text at several temperatures is drawn from."""
    return next(data[0] for data in (json.loads(part.proto.json) for part in app.get("bidi_component")
                                     if '"texts"' in part.proto.json))


def test_a_trained_network_writes_at_once_with_the_way_on(runs):
    run = text_run(runs, name="fox reader")
    app = opened(PAGE, run=run.id)
    assert not app.exception
    texts = written(app)
    assert texts["prompt"] == "the "
    assert [temperature for temperature, _ in texts["texts"]] == [0, 0.3, 0.5, 0.7, 1, 1.2, 1.5]
    assert len(texts["texts"][3][1]) == 300
    shown = html(app)
    assert shown.count("<span>") >= 2 * 3  # what it wrote before, with the number of updates and the perplexity
    curves = [element.proto.json for element in app.get("bidi_component") if "grad_norm" in element.proto.json]
    assert any('"perplexity":true' in curve.replace(" ", "") for curve in curves)
    links = {link.proto.page for link in app.get("page_link")}
    assert {"sampling", "reading"} <= links or len(links) >= 2


def test_other_draws_write_another_text_and_stand_in_the_address(runs):
    run = text_run(runs)
    app = opened(PAGE, run=run.id)
    before = written(app)
    app.button(key="draw-again").click().run()
    after = written(app)
    assert before != after
    assert app.query_params["seed"] in ("1", ["1"])
    again = opened(PAGE, run=run.id, seed="1", temperature="1.2", start="a fox ☃")
    assert written(again)["at"] == 5
    assert written(again)["prompt"] == "a fox "
    assert "1 character of the prompt is unknown" in words(again)
    app.text_input(key="start").set_value("a fox ").run()
    assert written(app)["texts"] == written(again)["texts"]


@pytest.mark.parametrize("query", [
    {"seed": "x"}, {"seed": "-1"}, {"seed": "9" * 40}, {"recipe": "nope"}, {"text": "../../etc/passwd"},
    {"text": "text-0123456789abcdef"}, {"temperature": "nan"}, {"start": "☃" * 9000},
    {"run": "nosuchrun"}, {"text": "gutenberg-99999999"},
])
def test_a_bad_address_is_answered(runs, query):
    text_run(runs)
    app = opened(PAGE, **query)
    assert not app.exception
    assert "/work" not in complaints(app)
    if query.get("text") == "../../etc/passwd":
        assert "There is no text called" in complaints(app)
        assert app.selectbox(key="corpus").value == "time-machine"
    if query.get("text") == "text-0123456789abcdef":
        assert "no longer here" in complaints(app)


def test_one_click_trains_the_default(runs, books):
    app = opened(PAGE)
    assert "173,428 as prepared" in words(app)
    assert "The network knows every character" in words(app)
    app.button(key="train").click().run()
    assert not app.exception
    (run,) = own_runs(runs)
    stop_run(run)
    assert run.config.task["corpus"] == "time-machine"
    assert run.name.startswith("GRU, The Time Machine · ")
    assert app.query_params["run"] in (run.id, [run.id])


def test_without_a_network_the_button_says_so_and_python_topics_train_in_one_more_click(runs):
    app = opened(PAGE)
    assert "The Time Machine is not on this machine yet" in words(app)
    assert not complaints(app)  # nothing was asked for, so nothing failed
    app.button(key="train").click().run()
    assert "could not be downloaded: there is no connection" in complaints(app)
    assert not own_runs(runs)
    app.button(key="train-instead").click().run()
    assert not app.exception
    (run,) = own_runs(runs)
    stop_run(run)
    assert run.config.task["corpus"] == "python-topics"
    assert app.selectbox(key="corpus").value == "python-topics"
    assert not complaints(app)


def test_a_text_is_fetched_first_where_that_is_possible(runs, monkeypatch, cache):
    app = opened(PAGE, text="gutenberg-84")

    def arrives(url, name, checksum, title, progress=None):
        if progress:
            progress(1, 2)
        cache.mkdir(exist_ok=True)
        (cache / name).write_text(FOX)
        return cache / name

    monkeypatch.setattr(corpora.download, "fetch", arrives)
    app.button(key="train").click().run()
    assert not app.exception
    (run,) = own_runs(runs)
    stop_run(run)
    assert run.config.task["corpus"] == "gutenberg-84"
    assert run.name.startswith("GRU, Frankenstein")


def own(app):
    return app.selectbox(key="corpus").set_value(chooser.OWN).run()


def pasted(app, text):
    own(app)
    app.text_area(key="pasted").set_value(text).run()
    return take(app)


def take(app):
    """Confirm what was read, where that can be; the reading's widgets have keys with the file's own id."""
    buttons = [button for button in app.button if str(button.key).startswith("take-")]
    return buttons[0].click().run() if buttons else app


def field(app, kind, start):
    return next(widget for widget in getattr(app, kind) if str(widget.key).startswith(start))


def test_a_pasted_text_is_taken_shown_and_trained_on(runs):
    app = pasted(opened(PAGE), FOX)
    assert not app.exception
    name = corpora.names()[0]
    assert app.selectbox(key="corpus").value == name
    assert app.query_params["text"] in (name, [name])
    assert f"{len(FOX):,} characters" in words(app)
    app.button(key="train").click().run()
    (run,) = own_runs(runs)
    stop_run(run)
    assert run.config.task["corpus"] == name
    assert "the quick brown fox" in run.name


@pytest.mark.parametrize(("text", "told"), [
    ("x", "1 character, too few for windows of 64"),
    ("a" * 60, "60 characters, too few for windows of 64"),
    ("\x00\x01\x02\x03" * 50, "no plain text"),
])
def test_a_bad_text_is_told_and_does_not_train(runs, text, told):
    app = pasted(opened(PAGE), text)
    assert told in complaints(app)
    app.button(key="train").click().run()
    assert not app.exception
    assert not own_runs(runs)


@pytest.mark.parametrize(("name", "data", "told"), [
    ("latin.txt", ("été à la plage. " * 300).encode("latin-1"), ""),
    ("empty.txt", b"", "The text is empty"),
    ("picture.txt", b"\x89PNG\r\n" + bytes(range(32)) * 99, "no plain text"),
    ("one.csv", b"text,label\nonly one,1\n", "has one text"),
    ("few.csv", b"text,label\nthe first,1\nthe second,0\n", "2 different sentences here, too few"),
    ("book.xlsx", b"PK\x03\x04" + bytes(99), "an Excel workbook"),
    ("header.csv", b"text,label\n", "a header and no rows"),
])
def test_uploads(runs, name, data, told):
    app = own(opened(PAGE))
    app.file_uploader(key="text-file").set_value((name, data, "text/plain")).run()
    take(app)
    assert not app.exception
    if told:
        assert told in complaints(app)
    else:
        assert not complaints(app)
        assert app.selectbox(key="corpus").value.startswith("text-")


def test_a_table_is_read_as_sentences_and_strangers_are_counted(runs):
    rows = "".join(f'"sentence number {row}, of {"é" if row % 2 else "e"} ","{row}"\n' for row in range(60))
    app = own(opened(PAGE))
    app.file_uploader(key="text-file").set_value(("rows.csv", ("what,label\n" + rows).encode(), "text/csv")).run()
    assert field(app, "multiselect", "texts-").options == ["what", "label"]
    assert "60 texts of 60 rows, 60 different" in words(app)
    assert '<th scope="col">what · text</th>' in html(app)
    field(app, "toggle", "header-").set_value(False).run()
    assert "61 texts of 61 rows" in words(app)
    field(app, "toggle", "header-").set_value(True).run()
    take(app)
    assert not app.exception
    assert not complaints(app)
    assert app.selectbox(key="text-recipe").value == "sentences-fast"
    assert app.selectbox(key="task.preparation-sentences-fast-from-whole").value == "whole"
    assert "60 sentences of" in words(app)
    assert "54 sentences train and 6 validate" in words(app)


def test_characters_that_were_never_trained_are_named_and_counted(runs):
    app = opened(PAGE)
    text = FOX + "ñ" * 3 + "ß"
    pasted(app, text)
    assert app.selectbox(key="task.preparation-text-fast-from-whole").value == "whole"
    assert "ñ 3 ×, ß 1 ×" in words(app)
    app.selectbox(key="task.preparation-text-fast-from-whole").set_value("letters").run()
    assert "4 letters and digits" in words(app)
    assert "For example “ñññß” becomes “ ”" in words(app)


def test_windows_longer_than_the_text_and_a_batch_too_large_to_carry_are_told_before_training(runs):
    app = pasted(opened(PAGE), FOX)
    app.number_input(key="task.num_steps-text-fast").set_value(2000).run()
    assert "too few for windows of 2000" in complaints(app)
    app.number_input(key="task.num_steps-text-fast").set_value(64).run()
    app.toggle(key="task.carry-text-fast").set_value(True).run()
    assert "take a smaller batch" in complaints(app)
    app.number_input(key="batch-text-fast").set_value(8).run()
    assert not complaints(app)
    app.selectbox(key="network.model-text-fast").set_value("transformer").run()
    assert "no state to carry" in complaints(app)
    app.button(key="train").click().run()
    assert not own_runs(runs)


def test_both_splits_are_explained(runs, books):
    app = opened(PAGE, recipe="text-chapter")
    assert "10,000 windows train and the next 5,000 validate" in words(app)
    assert "32 characters do both, and 91% of the text is never read" in words(app)
    app.selectbox(key="task.split-text-chapter").set_value("position").run()
    assert "no character does both" in words(app)


def test_one_bias_and_shuffled_windows_come_with_the_chapter_s_recipe_and_go_where_they_cannot_be(runs, books):
    app = opened(PAGE, recipe="text-chapter")
    bias, sampling = (f"{name}-text-chapter" for name in ("network.bias", "task.sampling"))
    assert (app.selectbox(key=bias).value, app.selectbox(key=sampling).value) == ("one", "epochs")
    app.number_input(key="batch-text-chapter").set_value(8).run()
    app.toggle(key="task.carry-text-chapter").set_value(True).run()
    assert sampling not in {box.key for box in app.selectbox}
    app.selectbox(key="network.model-text-chapter").set_value("elman").run()
    assert bias not in {box.key for box in app.selectbox}
    assert not complaints(app)


def test_every_recipe_makes_a_network_or_asks_for_its_text(runs):
    app = opened(PAGE)
    for recipe in app.selectbox(key="text-recipe").options:
        app.selectbox(key="text-recipe").select(recipe).run()
        assert not app.exception
        assert not complaints(app)


def test_clipping_is_switched_off_and_on(runs):
    app = opened(PAGE, text="python-topics")
    app.toggle(key="optimiser.clip-text-fast-on").set_value(False).run()
    app.button(key="train").click().run()
    (run,) = own_runs(runs)
    stop_run(run)
    assert run.config.optimiser.clip is None


@pytest.mark.parametrize("page", ["pages/stepper.py", "pages/attention.py", "pages/cells.py"])
@pytest.mark.parametrize("task", ["text", "sentences"])
def test_other_pages_take_a_text_for_a_network_that_writes(runs, page, task):
    lines = "".join(f"the {row}th dog and the cat sat on it. " for row in range(80))
    model = {"model": "transformer", "heads": 2} if page == "pages/attention.py" else {"model": "gru"}
    run = tiny_run(runs, task={"name": task, "corpus": corpora.add(lines.encode(), "Dogs").name},
                    network=model | {"hidden": 8, "embedding": 4}, batch=4, steps=4)
    app = opened(page, run=run.id, word="the cat", show="Gradients")
    assert not app.exception
    assert not app.error
    assert app.text_input(key="word").value == "the cat"


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_is_shown_where_its_text_must_be_fetched_first(runs, recipe):
    app = opened(PAGE, recipe=recipe)
    assert not app.exception
    needs_none = recipe.startswith("sentences") or RECIPES[recipe].config["task"].get("corpus") == "python-topics"
    assert ("is not on this machine yet" in words(app)) != needs_none
    assert "could not be downloaded" not in complaints(app)
