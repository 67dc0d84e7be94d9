"""The stepper page: every line of every core in turn, every address a person may paste, runs that train or go away."""

import shutil

import pytest

from seqlab.figures.stepper import figure
from seqlab.reference.core import cores
from seqlab.reference.network import network
from seqlab.tasks import echo
from seqlab.training import control
from seqlab.ui.shell import services
from tests.support.pages import opened, pictures, slide, sliders, words
from tests.support.runs import tiny_config, tiny_run
from tests.support.waiting import wait_for

PAGE = "pages/stepper.py"
NETWORKS = {name: {"model": name, "hidden": 8, "heads": 2, "layers": 2, "embedding": 4} for name in cores()}


@pytest.fixture
def run(runs):
    return tiny_run(runs, name="small one", network=NETWORKS["gru"])


def typed(word: str, **address: str):
    """Open the page and type a word; AppTest reads no text field from an address."""
    return opened(PAGE, **address).text_input(key="word").set_value(word).run()


def press(app, key: str):
    return app.button(key=f"key-{key}").click().run()


def fine(app) -> None:
    assert not app.exception
    assert not app.error


def numbers(app) -> str:
    return "\n".join(part.value for part in app.markdown)


def _or(state, key: str) -> int:
    """AppTest's session state has no ``get``."""
    return state[key] if key in state else 0  # noqa: SIM401


def place(app) -> tuple:
    state = app.session_state
    return state["line"], state["t"], _or(state, "layer")


def test_without_a_run_it_says_what_to_do(runs):
    app = opened(PAGE)
    fine(app)
    assert "Train one" in words(app)
    assert app.button(key="train-one")


def test_as_shipped(shipped):
    app = opened(PAGE)
    fine(app)
    assert "Reset gate" in numbers(app)
    assert pictures(app) == 1  # the badge


@pytest.mark.parametrize("model", cores())
def test_the_arrow_goes_through_every_line_and_on_to_the_next_letter(runs, model):
    core, made = cores()[model], tiny_run(runs, name=model, network=NETWORKS[model])
    app = typed("abc", run=made.id, line="x", t="1")
    fine(app)
    start, seen = place(app), []
    for _ in range(40):
        seen.append(place(app)[0])
        app = press(app, "Right")
        fine(app)
        if place(app)[1] != 1:
            break
    inner = [symbol for symbol in core.symbols if symbol not in ("entered", "ln")]
    assert seen[0] == "x"
    assert seen[-2:] == ["logits", "p"]
    assert [symbol for symbol in seen if symbol in inner] == inner * 2
    assert place(app)[:2] == ("x", 2)
    app = press(app, "Left")
    assert place(app)[:2] == ("p", start[1])


def test_what_is_shown_is_what_the_network_computes(run):
    app = typed("abcd", run=run.id, delay="1", line="h", t="3", unit="5", layer="1")
    fine(app)
    ids = echo.inputs_for("abcd", 1)
    h = network(run.core, ids, run.weights(dtype="float64"), condition=ids[0, :1] * 0 + 1)["h.1"][0, 3, 5]
    assert r"h_{3}[5] = " in numbers(app)
    assert rf"\mathbf{{{figure(h)}}}" in numbers(app)


def test_time_unit_and_weights_are_changed(run):
    app = typed("abcd", run=run.id, t="2")
    first = numbers(app)
    app = press(app, "Shift+Right")
    assert place(app)[1] == 3
    second = numbers(app)
    assert second != first
    app = press(app, "Shift+Down")
    assert app.session_state["unit"] == 1
    app = press(press(app, "Shift+Up"), "Shift+Up")
    assert app.session_state["unit"] == 7  # from the first to the last
    app = press(app, "Shift+Left")
    assert place(app)[1] == 2
    slide(app, "snapshot", run.snapshots()[0])
    fine(app)
    assert numbers(app) != first


def test_beyond_the_ends_there_is_nothing_to_press(run):
    app = typed("ab", run=run.id, delay="0", line="x", t="0")
    assert app.button(key="key-Left").disabled
    assert app.button(key="key-Shift+Left").disabled
    app = press(app, "Shift+Right")
    assert app.button(key="key-Shift+Right").disabled
    app.session_state["line"] = "p"
    app.run()
    assert app.button(key="key-Right").disabled
    fine(app)


@pytest.mark.parametrize("address", [
    {"t": "99"}, {"t": "-1"}, {"t": "x"}, {"unit": "8"}, {"unit": "1e9"}, {"line": "nothing"}, {"line": "<b>"},
    {"layer": "2"}, {"snapshot": "7777"}, {"symbol": "ü", "line": "p"}, {"word": "<script>", "delay": "99"}, {"j": "5"},
    {"line": "x", "entry": "400"}, {"word": "a", "delay": "0"}, {"word": "a" * 200},
])
def test_any_address_is_answered(run, address):
    app = opened(PAGE, run=run.id, **address)
    fine(app)
    assert "$$" in numbers(app)
    assert 0 <= _or(app.session_state, "unit") < 8


def test_an_unknown_run_is_told_and_another_is_shown(run):
    app = opened(PAGE, run="../../etc")
    fine(app)
    assert "nother network is shown" in words(app, "warning")
    assert "$$" in numbers(app)


def test_no_word_no_step(run):
    app = typed("123", run=run.id)
    fine(app)
    assert "Type a word" in words(app)


def test_a_shorter_word_and_another_network_keep_a_place(runs, run):
    other = tiny_run(runs, name="other", network=NETWORKS["lstm"] | {"layers": 1, "hidden": 4})
    app = typed("abcdefgh", run=run.id, t="9", unit="7", layer="1", line="z")
    assert place(app) == ("z", 9, 1)
    app.text_input(key="word").set_value("ab").run()
    fine(app)
    assert place(app)[1] < 9
    app.selectbox(key="picked").set_value(other.id).run()
    fine(app)
    assert place(app)[0] == "i"  # an LSTM has no z
    assert app.session_state["unit"] == 3


def test_a_run_deleted_while_it_is_shown_says_so(run):
    app = opened(PAGE, run=run.id)
    shutil.rmtree(run.path)
    press(app, "Right")
    fine(app)
    warning = words(app, "warning").lower()
    assert "deleted" in warning or "another network" in warning or "Train one" in words(app)


def test_a_run_that_trains_is_followed(runs):
    made = services.engine().start(tiny_config(steps=200_000, name="young one"))
    try:
        wait_for(lambda: made.status.state == "running" and made.snapshots())
        app = opened(PAGE, run=made.id)
        fine(app)
        assert "$$" in numbers(app) or "as soon as training starts" in words(app)
        assert "Weights after so many training steps" not in sliders(app)
    finally:
        control.stop(made)
        wait_for(lambda: not made.status.active)
    app.run()
    fine(app)
    assert app.session_state["snapshot"] == made.snapshots()[-1]


def test_the_step_can_be_copied(run):
    app = typed("abcd", run=run.id, line="n", t="3")
    assert not app.code  # written only where it is asked for
    app.session_state["stepper-numpy"] = True
    app.run()
    fine(app)
    code = app.code[0].value
    assert code.startswith("# GRU, run ")
    assert "n = np.tanh(" in code
    assert len(code.splitlines()) < 40
    exec(compile(code, "step", "exec"), {})
