"""The page that checks a person's own code: what it answers, what it keeps, and when it is off."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.checking.exercises import EXERCISES
from seqlab.errors import Fault
from seqlab.ui.proof import client
from seqlab.ui.shell.foreign import literal
from seqlab.ui.studios.check import drafts, local, result
from tests.support.pages import html, opened, words

PAGE = "pages/check.py"


@pytest.fixture(autouse=True)
def no_proof(runs, monkeypatch):
    """Torch is asked in Chromium's test: here the page goes on without an answer."""
    def nobody(*_):
        raise Fault("nobody was asked.")
    monkeypatch.setattr(client, "engine", lambda: SimpleNamespace(ask=nobody))


def answer(app: AppTest) -> str:
    """What the page says about the code, good or bad."""
    return words(app, "success", "error", "info", "warning", "caption")


def wrote(app: AppTest, code: str, key: str = "rnn") -> AppTest:
    app.text_area(key=drafts.field(key)).set_value(code).run()
    return app


def checked(app: AppTest) -> AppTest:
    app.button(key="check").click().run()
    assert not app.exception
    return app


def code(app: AppTest, key: str = "rnn") -> str:
    return app.text_area(key=drafts.field(key)).value


@pytest.mark.parametrize("key", EXERCISES)
def test_each_task_opens_by_its_address_with_its_template(key):
    app = opened(PAGE, task=EXERCISES[key].label)
    assert not app.exception
    assert not app.error
    assert code(app, key) == EXERCISES[key].template
    assert "isolates mistakes, not attackers" in words(app)
    assert EXERCISES[key].signature in html(app)


@pytest.mark.parametrize("task", ["xyz", "", "<b>&"])
def test_an_unknown_task_in_the_address_is_answer(task):
    app = opened(PAGE, task=task)
    assert not app.exception
    assert any("under “What do you write?”" in warning.value for warning in app.warning)
    assert code(app) == EXERCISES["rnn"].template


@pytest.mark.parametrize("key", EXERCISES)
def test_a_correct_one_agrees(key):
    app = opened(PAGE, task=EXERCISES[key].label)
    app.button(key="correct").click().run()
    checked(app)
    assert "✓ It agrees: largest |Δ|" in answer(app)
    assert "numbers in 5 cases" in answer(app)
    assert not app.get("plotly_chart")


def test_a_classic_mistake_is_loaded_found_shown_and_named():
    app = opened(PAGE, task="GRU")
    app.selectbox(key="mistake-gru").set_value("swapped").run()
    assert code(app, "gru") == EXERCISES["gru"].planted("swapped")
    assert app.selectbox(key="mistake-gru").value is None
    checked(app)
    assert "✗ It first differs at t = 0, unit 0: yours" in answer(app)
    assert "This is exactly what comes out with: swapped gates." in answer(app)
    assert len(app.get("plotly_chart")) == 1
    assert len(app.get("download_button")) == 1


def test_a_template_has_nothing_to_check():
    app = checked(opened(PAGE))
    assert "Write the line marked ✎ first" in answer(app)
    assert "Write the line marked ✎ first" in answer(checked(wrote(app, " \n")))


def test_an_error_names_its_line_and_loses_nothing():
    broken = EXERCISES["rnn"].correct.replace("np.tanh", "np.tanth")
    app = checked(wrote(opened(PAGE), broken))
    assert "✗ Line 9, with B 1, T 3, D 2, H 4: AttributeError: module 'numpy' has no attribute 'tanth'" in answer(app)
    assert any("9  h = np.tanth" in part.value for part in app.code)
    assert code(app) == broken
    assert len(app.error) == 1


def test_what_was_printed_is_shown_and_markdown_in_it_is_not_read():
    app = checked(wrote(opened(PAGE), "print('**hi** <b>')\ndef rnn(*a): raise ValueError('[x](http://y) $z$')"))
    assert any("**hi** <b>" in part.value for part in app.code)
    assert literal("[x](http://y) $z$") in app.error[0].value


def test_a_result_of_code_that_was_changed_says_so():
    app = checked(wrote(opened(PAGE), EXERCISES["rnn"].correct))
    assert "You have changed the code since" not in answer(app)
    assert "You have changed the code since" in answer(wrote(app, EXERCISES["rnn"].correct + "\n# more"))


def test_nothing_that_is_replaced_is_lost():
    app = wrote(opened(PAGE), "mine = 1")
    assert app.button(key="undo").disabled
    app.button(key="reset").click().run()
    assert code(app) == EXERCISES["rnn"].template
    app.button(key="correct").click().run()
    for expected in (EXERCISES["rnn"].template, "mine = 1"):
        app.button(key="undo").click().run()
        assert code(app) == expected
    assert app.button(key="undo").disabled


def test_each_task_keeps_its_own_code_and_result():
    app = checked(wrote(opened(PAGE), "def rnn(): pass"))
    app.button_group(key="task").set_value("GRU").run()
    assert code(app, "gru") == EXERCISES["gru"].template
    assert not app.error
    app.button_group(key="task").set_value("RNN").run()
    assert code(app) == "def rnn(): pass"
    assert "takes 0 positional arguments" in answer(app)


def test_a_file_is_loaded_and_a_bad_one_refused():
    app = opened(PAGE)
    app.file_uploader[0].set_value(("mine.py", "\ufeffx = 1\r\ny = 2\n".encode(), "text/x-python")).run()
    assert not app.exception
    assert code(app) == "x = 1\ny = 2\n"
    for bad, reason in ((b"\xff\xfe\x00", "not text in UTF-8"), (b"#" * 70_000, "longer than 64 KB")):
        app.file_uploader[0].set_value(("mine.py", bad, "text/x-python")).run()
        assert reason in "".join(toast.value for toast in app.toast)
        assert code(app) == "x = 1\ny = 2\n"


def test_where_no_process_can_be_started_the_page_says_so(monkeypatch):
    def no_process(*args, **kwargs):
        raise Fault("No process could be started for the code (out of memory).")
    monkeypatch.setattr(result, "run_check", no_process)
    app = checked(wrote(opened(PAGE), "x = 1"))
    assert "No process could be started" in answer(app)
    assert code(app) == "x = 1"


def test_off_where_the_server_is_open_to_others(monkeypatch):
    monkeypatch.setattr(local, "st", SimpleNamespace(get_option=lambda name: "0.0.0.0",
                                                     context=SimpleNamespace(headers={})))
    app = opened(PAGE)
    assert not app.exception
    assert "open to other machines" in answer(app)
    assert "python -m seqlab serve" in answer(app)
    assert not app.text_area
    assert not [button for button in app.button if button.key == "check"]


def test_the_reference_is_there_to_read():
    text = "\n".join(part.value for part in opened(PAGE, task="Causal attention").code)
    assert "def causal_mha(" in text
    assert "def attention(" in text


def test_what_the_browser_has_kept_comes_back_once_and_only_into_an_untouched_field():
    kept = "def rnn(): return 'from before'"

    def restored():
        from seqlab.ui.studios.check import drafts as mine
        mine.restore("rnn", "def rnn(): return 'from before'")

    fresh = AppTest.from_function(restored, default_timeout=30).run()
    assert fresh.session_state[drafts.field("rnn")] == kept
    touched = AppTest.from_function(restored, default_timeout=30)
    touched.session_state[drafts.field("rnn")] = "mine = 1"
    assert touched.run().session_state[drafts.field("rnn")] == "mine = 1"
    reset = AppTest.from_function(restored, default_timeout=30)
    reset.session_state["written-rnn"] = True  # the template is there because somebody went back to it
    assert drafts.field("rnn") not in reset.run().session_state


@pytest.mark.parametrize("key", EXERCISES)
def test_a_first_mistake_is_named_on_the_page(key):
    app = opened(PAGE, task=EXERCISES[key].label)
    cause, title = next(iter(EXERCISES[key].classic().items()))
    app.selectbox(key=f"mistake-{key}").set_value(cause).run()
    checked(app)
    assert f"This is exactly what comes out with: {title}." in answer(app).replace("\\", "")
