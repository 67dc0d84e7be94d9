"""The grammar lab without a browser: one click trains, an own grammar is checked, and what it writes is marked."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.data.grammar import BUILT_IN
from seqlab.training.run import Run
from tests.support.pages import complaints, healthy, html, opened, own_runs, words
from tests.support.runs import stop_run, tiny_run

PAGE = "pages/grammar.py"
OWN = 'S -> "a" S "b" [0.4] | "ab"'
FAULTS = {
    "never ends": ('S -> "a" S', r"never ends"),
    "loop": ('S -> A | "a"\nA -> S', "loop without terminals"),
    "unknown symbol": ('S -> "a" VP', "Line 1, column 10"),
    "infinite": ('S -> S S [0.6] | "a"', "infinitely long"),
    "no arrow": ('S "a"', "an arrow"),
    "empty": ("", "has no rule"),
    "HTML": ('S -> <b>x</b>', "Line 1, column 6"),
}


def grammar_run(folder: Path, **changes: object) -> Run:
    """A tiny network that has read some brackets."""
    task = {"name": "grammar", "grammar": "brackets", "strings": 300, "longest": 40} | changes.pop("task", {})
    return tiny_run(folder, task=task, **({"network": {"model": "lstm", "hidden": 6, "embedding": 4}, "steps": 20,
                                            "evaluate_every": 10, "batch": 30} | changes))


def own(app: AppTest, text: str) -> AppTest:
    """Choose an own grammar and write it."""
    app.selectbox(key="grammar-quick").set_value("own").run()
    return app.text_area(key="grammar-text").set_value(text).run()


def sent(app: AppTest, key: str) -> dict:
    """What the component that holds a key was given."""
    (found,) = [element.proto.json for element in app.get("bidi_component") if f'"{key}"' in element.proto.json]
    return json.loads(found)[0]


def test_a_trained_network_shows_what_it_wrote_and_where_it_leaves_the_language(runs):
    run = grammar_run(runs, task={"prompt": "(("})
    app = opened(PAGE, run=run.id)
    assert not app.exception
    assert "What it writes" in [header.value for header in app.header]
    data = sent(app, "evaluations")
    assert [one["name"] for one in data["evaluations"]] == ["Epoch 1 · step 10", "Epoch 2 · step 20"]
    assert data["seed"] == "(("
    language = run.config.task_config.language
    for one in data["evaluations"]:
        assert len(one["samples"]) == 10
        assert one["valid"] == pytest.approx(float(run.metrics()["valid"][run.metrics()["step"] == one["step"]][0]))
        for good, rest, valid in one["samples"]:
            assert (good + rest).startswith("((")
            assert valid == language.valid(good + rest)
            assert valid or not rest or language.left_at(good + rest) == len(good)
    curves = sent(app, "grad_norm")
    assert curves["valid"]
    assert curves["floor"] == pytest.approx(run.config.task_config.source.floor())


def test_one_click_trains_brackets(runs):
    app = opened(PAGE)
    assert "ten seconds" in "".join(info.value for info in app.info)
    app.button(key="train").click().run()
    assert not app.exception
    (made,) = own_runs(runs)
    assert made.config.task["grammar"] == "brackets"
    assert made.config.evaluate_every * 6 == made.config.steps
    stop_run(made)


@pytest.mark.parametrize("case", FAULTS)
def test_a_grammar_that_is_wrong_is_told_with_its_place(runs, case):
    text, word = FAULTS[case]
    app = own(opened(PAGE), text)
    assert not app.exception
    assert re.search(word, complaints(app))
    app.button(key="train").click().run()
    assert not app.exception
    assert not list(runs.glob("*-*"))  # nothing was trained


def test_the_wrong_line_is_marked_and_the_recipe_s_grammar_can_be_had_again(runs):
    app = own(opened(PAGE), 'S -> "a"\n# fine\nT -> U')
    assert sent(app, "wrong")["wrong"] == 3
    app.button(key="grammar-reset").click().run()
    assert app.text_area(key="grammar-text").value == BUILT_IN["brackets"]
    assert not complaints(app)


def test_an_own_grammar_shows_its_strings_and_its_entropy(runs):
    app = own(opened(PAGE), OWN)
    assert not complaints(app)
    shown = "\n".join(code.value for code in app.code)
    assert "aabb" in shown
    assert "2 different characters" in words(app)
    assert "nats a character" in words(app)
    assert "of what is computed is padding" in words(app)
    assert "base64" in html(app)


@pytest.mark.parametrize(("prompt", "word"), [("(x]", "'x', ']'"), ("(" * 300, "300 tokens, more than the 200")])
def test_a_seed_sequence_that_cannot_be_is_told(runs, prompt, word):
    app = opened(PAGE)
    app.text_input(key="task.prompt-quick").set_value(prompt).run()
    assert not app.exception
    assert word in complaints(app)


def test_batches_say_what_they_waste(runs):
    def share(app: AppTest) -> float:
        told = next(caption.value for caption in app.caption if "computed is padding" in caption.value)
        return float(told.split("epoch ")[1].split("%")[0])

    app = opened(PAGE)
    assert share(app) > 50
    app.toggle(key="task.alike-quick").set_value(True).run()
    assert not app.exception
    assert share(app) < 15
    app.selectbox(key="task.by-quick").set_value("tokens").run()
    assert share(app) < 8


def test_packing_is_offered_only_with_a_model_that_can_pack(runs):
    app = opened(PAGE)
    packed = app.selectbox(key="task.padding-quick").options
    assert len(packed) == 2
    app.selectbox(key="task.padding-quick").set_value("pack").run()
    app.selectbox(key="network.model-quick").set_value("transformer").run()
    healthy(app)
    assert len(app.selectbox(key="task.padding-quick").options) == 1


@pytest.mark.parametrize("page", ["pages/stepper.py", "pages/sampling.py", "pages/reading.py", "pages/attention.py",
                                  "pages/cells.py", "pages/text.py", "pages/runs.py", "pages/home.py"])
@pytest.mark.parametrize("level", ["character", "word"])
def test_the_other_pages_open_a_grammar_s_network(runs, page, level):
    network = {"model": "transformer", "hidden": 8, "heads": 2, "embedding": 4} if "attention" in page else {
        "model": "lstm", "hidden": 6, "embedding": 4}
    run = grammar_run(runs, task={"grammar": "toy-english", "level": level}, network=network)
    app = opened(page, run=run.id)
    assert not app.exception
    assert not app.error
    assert "nothing for this page" not in words(app)
