"""A lesson's file is read whole, and what is wrong in it is told with its line and what to do."""

import pytest

from seqlab.lessons.lesson import Lesson, LessonFault, words_in
from seqlab.lessons.reading import MOST_BYTES, MOST_STEPS, read

FRONT = '''---
title: A letter comes back
minutes: 5
summary: The network repeats what it reads.
makes: A delay of your own.
teacher: |
  Five minutes.
---
'''
TEXT = FRONT + '''
## Look

```step
open: http://localhost:8501/echo?word=hello&delay=2&lesson=other.3
look: explorer
ask: Which letter does it say at t = 4?
answer: letter
check:
  letter-said: {time: 4}
hints:
  - Look at the last row.
  - Count from 0.
```

The network reads **one letter** at a time, and `a < b` is code.

## What is a gate?

```step
ask: What is it?
choices: [A number, A word]
check: {option: {right: 1, because: "It lies between 0 and 1."}}
```

Choose.

### A smaller heading belongs to the step

## The end

Well done.
'''


def lesson(text: str = TEXT, name: str = "07-my-lesson.md") -> Lesson:
    return read(text, name)


def fault(text: str | bytes, name: str = "my-lesson.md") -> LessonFault:
    with pytest.raises(LessonFault) as raised:
        read(text, name)
    assert str(raised.value).startswith(f"{name[:80]}, line {raised.value.line}: ")
    return raised.value


def test_a_lesson_is_read_whole() -> None:
    read_lesson = lesson()
    assert (read_lesson.name, read_lesson.number, read_lesson.file) == ("my-lesson", 7, "07-my-lesson.md")
    assert (read_lesson.title, read_lesson.minutes, read_lesson.teacher) == ("A letter comes back", 5, "Five minutes.")
    first, second, last = read_lesson.steps
    assert (first.page, first.address) == ("echo", {"word": "hello", "delay": "2"})
    assert first.look == ("explorer",)
    assert first.question
    assert first.question.kind == "letter"
    assert first.check
    assert first.check.kind.name == "letter-said"
    assert first.hints == ("Look at the last row.", "Count from 0.")
    assert first.words == "The network reads **one letter** at a time, and `a < b` is code."
    assert TEXT.split("\n")[first.line - 1] == "## Look"
    assert second.question
    assert second.question.choices == ("A number", "A word")
    assert "### A smaller heading" in second.words
    assert (last.question, last.check, last.page) == (None, None, "")


def test_words_are_counted_as_they_are_read() -> None:
    more = lesson(TEXT.replace("Well done.", "Well done, all of you."))
    assert words_in(more) == words_in(lesson()) + 3
    assert words_in(lesson(TEXT.replace("Five minutes.", "Five minutes and many more words."))) == words_in(lesson())
    assert more.reading == words_in(more) / 200


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_ends_of_lines_and_a_mark_at_the_start_do_not_matter(end: str) -> None:
    assert read(b"\xef\xbb\xbf" + TEXT.replace("\n", end).encode(), "07-my-lesson.md").steps == lesson().steps


@pytest.mark.parametrize(("old", "new", "line", "said"), [
    ("minutes: 5", "minutes: soon", 3, "whole number"),
    ("minutes: 5\n", "", 2, "minutes: is missing"),
    ("minutes: 5", "minuts: 5", 2, "minutes: is missing"),
    ("minutes: 5", "minutes: 5\nauthor: me", 4, "no setting 'author'"),
    ("minutes: 5", "minutes: 5\nminutes: 6", 4, "twice"),
    ("minutes: 5", "minutes: &five 5\nformat: *five", 4, "write it out"),
    ("minutes: 5", "minutes: 5\nformat: 2", 4, "newer seqlab"),
    ("Five minutes.", "Five <b>minutes</b>.", 7, "HTML"),
    ("answer: letter", "answer: leter", 16, "'letter'"),
    ("ask: Which", "ask: At t = 4: which", 15, "quotation marks"),
    ("- Count from 0.", "- Count: from 0.", 21, "quotation marks"),
    ("look: explorer", "lok: explorer", 14, "perhaps look was meant"),
    ("letter-said: {time: 4}", "leter-said: {time: 4}", 18, "perhaps letter-said was meant"),
    ("{time: 4}", "{time: late}", 18, "time"),
    ("{time: 4}", "{tim: 4}", 18, "time: is missing"),
    ("{time: 4}", "{time: 4, unit: 3}", 18, "no setting 'unit'"),
    ("{time: 4}", "4", 18, "stand under it"),
    ("  letter-said: {time: 4}", "  letter-said: {time: 4}\n  mistakes:", 17, "one check"),
    ("  letter-said: {time: 4}", "  mistakes:", 17, "answer: places"),
    ("choices: [A number, A word]", "answer: choice", 29, "2 to 6"),
    ("choices: [A number, A word]", "choices: [A number, A number]", 29, "no two alike"),
    ("/echo?", "/../echo page?", 13, "address"),
    ("http://localhost:8501/echo", "echo", 13, "address"),
    ("is code.", "is code. <script>alert(1)</script>", 24, "HTML"),
    ("is code.", "is code.\n\n<div>\nx\n</div>", 26, "HTML"),
    ("is code.", "is code.\nSee ![a](https://elsewhere.example/a.png)", 25, "no pictures"),
    ("is code.", "is code. See [this](javascript:alert)", 24, "link"),
    ("is code.", "is code. " + "word " * 600, 10, "at most 2,500"),
    ("Well done.", "", 38, "no words"),
    ("Well done.", "Well done.\n```step\nlook: a\n```\n```step\nlook: b\n```", 44, "one block"),
    ("## Look", "Hello\n\n## Look", 10, "under a step"),
])
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, line: int, said: str) -> None:
    assert old in TEXT
    told = fault(TEXT.replace(old, new, 1))
    assert said in str(told)
    assert told.line == line, str(told)


@pytest.mark.parametrize(("text", "said"), [
    ("", "begins with ---"), ("## Look\n\nwords", "begins with ---"), (FRONT, "1 to 40 steps"),
    (FRONT + "## A\n\nb\n" * (MOST_STEPS + 1), "this has 41"), ("x" * (MOST_BYTES + 1), "at most 64 KB"),
    (b"---\ntitle: \xff\n---\n", "UTF-8"), ("---\n[" * 2000, "begins with"), (f"---\n{'[' * 5000}\n---\n", "deep"),
    ("---\n- a\n---\n", "name: value"), ("---\ntitle: \x07\n---\n", "no text has"),
        ("---\ntitle: 2026-99-99\n---\n", "cannot be read")])
def test_a_file_that_is_no_lesson_is_refused_in_a_sentence(text: str | bytes, said: str) -> None:
    assert said in str(fault(text))


@pytest.mark.parametrize("name", ["My lesson.md", "../lesson.md", "lesson.txt", "12.md", "-.md", "ä.md"])
def test_a_name_that_is_no_address_is_refused_and_one_is_proposed(name: str) -> None:
    assert "name it " in str(fault(TEXT, name))


def test_a_question_needs_a_check_and_a_deed_needs_none() -> None:
    without = TEXT.replace("check:\n  letter-said: {time: 4}\n", "")
    assert "needs a check" in str(fault(without))
