"""A lesson beside a page: what the panel says, judges and keeps; the page of all lessons; files that are none."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from seqlab.lessons import progress
from seqlab.ui.lessons.opened import shelf
from seqlab.ui.shell import services
from tests.support.pages import complaints, html, opened, words

LESSON = """---
format: 1
title: A letter <b>comes</b> back
minutes: 6
summary: Where does it keep *them*?
makes: A network of your own.
teacher: "Ask: what does **it** hold?"
---

## What comes out

```step
open: /echo?run=echo-variable-gru&word=kayak&delay=3
look: explorer-echo
ask: What does it say at t = 3?
answer: letter
check: {letter-said: {time: 3}}
hints: [Look below., It repeats.]
```

It says each letter **again**.

## A word about gates

```step
ask: What is a gate?
choices: [A door, A number between 0 and 1]
check: {option: {right: 2, because: "One for each unit."}}
```

Look at the page as it is.

## Turn it

```step
open: /echo?run=echo-variable-gru&word=kayak
check: {setting: {name: delay, is: 5}}
```

Set the delay to 5.

## Mark them

```step
open: /echo?run=echo-variable-gru&word=abc&delay=8
ask: Where is it wrong?
answer: places
check: {mistakes: {of: {run: echo-variable-gru, text: abc, delay: 8}}}
```

Mark them.

## The end

That was all.
"""


@pytest.fixture(autouse=True)
def folder_of_lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One lesson of the server's, beside those that are shipped."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "comes-back.md").write_text(LESSON)
    monkeypatch.setenv("SEQLAB_LESSONS", str(folder))
    return folder


def at(number: int, page: str = "echo", **query: str) -> AppTest:
    app = opened(page, lesson=f"comes-back.{number}", **query)
    assert not app.exception
    return app


def asked(app: AppTest, name: str) -> str:
    """What the address says under a name."""
    value = app.query_params[name]
    return value[0] if isinstance(value, list) else value


def check(app: AppTest, number: int) -> AppTest:
    return app.button(key=f"lesson-check-comes-back.{number}").click().run()


def test_an_address_with_a_step_alone_opens_its_page_as_the_step_begins(shipped):
    app = at(1, "home")
    assert app.title[0].value == "Echo lab"
    assert [asked(app, name) for name in ("word", "run", "lesson")] == ["kayak", "echo-variable-gru", "comes-back.1"]
    assert app.text_input(key="word").value == "kayak"
    assert "It says each letter **again**." in words(app)
    said = html(app)
    assert "A letter &lt;b&gt;comes&lt;/b&gt; back" in said
    assert "1 of 5" in said


def test_a_step_without_a_view_has_that_of_the_step_before_it(shipped):
    app = at(2, "home")
    assert app.title[0].value == "Echo lab"
    assert asked(app, "word") == "kayak"
    assert 'data-stay="comes-back.2"' in html(at(1))
    assert 'data-stay="comes-back.2"' not in html(at(3))  # whose view is another one


def test_a_reload_in_the_middle_of_a_step_changes_nothing(shipped):
    app = at(1, word="abc", run="echo-variable-gru")
    assert app.text_input(key="word").value == "abc"


def test_an_answer_is_judged_by_what_the_network_says_and_hints_come_one_after_another(shipped):
    app = at(1)
    app.text_input(key="lesson-answer-comes-back.1").set_value("z")
    check(app, 1)
    assert "Not z; look once more." in html(app)
    assert "Look below." not in words(app)
    app.button(key="lesson-hint-comes-back.1").click().run()
    assert "Look below." in words(app)
    assert "It repeats." not in words(app)
    app.button(key="lesson-hint-comes-back.1").click().run()
    assert "It repeats." in words(app)
    assert not any(button.key == "lesson-hint-comes-back.1" for button in app.button)
    app.text_input(key="lesson-answer-comes-back.1").set_value("k")
    check(app, 1)
    assert "At t = 3 it says k" in html(app)
    assert "Step 1, done" in html(app)
    assert 'class="lesson-go on"' in html(app)


def test_without_an_answer_one_is_asked_for(shipped):
    app = check(at(2), 2)
    assert "Give an answer first." in html(app)
    app.radio(key="lesson-answer-comes-back.2").set_value(1)
    check(app, 2)
    assert "One for each unit." in html(app)


def test_what_a_person_does_on_the_page_is_seen_and_stays_done(shipped):
    app = at(3)
    assert "Set delay to 5" in html(app)
    app.query_params["delay"] = "5"
    app.run()
    assert "delay is 5." in html(app)
    app.query_params["delay"] = "2"
    app.run()
    assert "delay is 5." in html(app)
    assert "Step 3, done" in html(app)


def test_what_was_done_another_time_says_so_once_and_the_end_leads_to_all_lessons(shipped, folder_of_lessons):
    steps = LESSON.split("\n## ")  # its head, a letter, a choice, ...: the last step asks
    (folder_of_lessons / "comes-back.md").write_text("\n## ".join(steps[:3]))
    lesson = shelf().get("comes-back")
    progress.mark(services.library().root, lesson, 2)
    said = html(at(2))
    assert "Done before." in said
    assert "<b>✓ Done.</b>" not in said
    progress.mark(services.library().root, lesson, 1)
    said = html(at(2))
    assert "Done before." not in said
    assert "<b>✓ Done.</b> A network of your own." in said
    assert re.search(r'class="lesson-go on"[^>]*>All lessons<', said)


def test_places_are_marked_among_the_letters_of_the_page(shipped):
    app = at(4)
    field = app.button_group(key="lesson-answer-comes-back.4-11")
    assert len(field.options) == 3 + 8
    assert field.label == "Where is it wrong?"


def test_the_lesson_goes_along_to_other_pages_until_it_is_left(shipped):
    app = at(2)
    app._page_hash = calc_hash("stepper")
    del app.query_params["lesson"]
    app.run()
    assert app.title[0].value == "Step by step"
    assert "What is a gate?" in [radio.label for radio in app.radio]
    assert asked(app, "lesson") == "comes-back.2"
    app.button(key="lesson-leave").click().run()
    assert "What is a gate?" not in [radio.label for radio in app.radio]
    assert "lesson" not in app.query_params


@pytest.mark.parametrize(("wanted", "said"), [
    ("no-such.1", "There is no lesson 'no-such'"), ("comes-back.9", "it has steps 1 to 5"),
    ("comes-back.x", "There is no step 'x'"), ("comes-back.٣٣", "There is no step")])
def test_a_step_that_is_not_there_is_told_and_the_page_goes_on(shipped, wanted, said):
    app = opened("echo", lesson=wanted)
    assert not app.exception
    assert said in complaints(app)
    assert app.title[0].value == "Echo lab"
    assert "lesson" not in app.query_params


def test_the_page_lists_lessons_with_what_they_make_and_how_far_one_is(shipped):
    at(5)  # words alone: read, so done
    app = opened("lessons")
    assert not app.exception
    said = html(app)
    assert "A letter &lt;b&gt;comes&lt;/b&gt; back" in said
    assert "A network of your own." in said
    assert "1 of 5 done" in said
    assert "lesson=comes-back.5" in said  # where one was
    assert "Ask: what does **it** hold?" in words(app)


def upload(app: AppTest, name: str, content: str) -> AppTest:
    app.file_uploader[0].upload(name, content.encode(), "text/markdown")
    return app.run()


def test_a_lesson_of_ones_own_is_added_told_its_faults_and_deleted(shipped):
    app = upload(opened("lessons"), "mine.md", LESSON.replace("letter-said", "leter-said"))
    assert "mine.md, line 17: There is no check 'leter-said'; perhaps letter-said was meant" in complaints(app)
    app = upload(app, "mine.md", LESSON)
    assert "5 steps, no fault." in words(app, "success")
    assert "your own" in html(app)
    again = opened("lessons")
    assert "lesson=mine.1" in html(again)
    again.button(key="lesson-delete-mine").click().run()
    assert "lesson=mine.1" not in html(again)


def test_a_file_that_is_no_lesson_takes_no_other_with_it(shipped, folder_of_lessons):
    (folder_of_lessons / "broken.md").write_text("no front matter")
    app = opened("lessons")
    assert "broken.md, line 1: The file begins with ---" in complaints(app)
    assert "lesson=comes-back.1" in html(app)
