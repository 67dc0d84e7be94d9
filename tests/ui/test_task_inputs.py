"""What a person types for a network that foretells text becomes the ids that it reads."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from seqlab.data.vocabulary import END, UNKNOWN
from seqlab.training.task_input import TaskInput, visible
from seqlab.ui.runs.inputs import LONGEST

LETTERS = " !abcdehlotw'"


def page(folder: str, task: dict[str, object]) -> None:
    from pathlib import Path

    import streamlit as st

    from seqlab.training.config import RunConfig
    from seqlab.training.run import create
    from seqlab.ui.runs.tasks import task_input

    if "run" not in st.session_state:
        st.session_state["run"] = create(Path(folder), RunConfig(task=task))
    st.session_state["given"] = task_input(st.session_state["run"])


def given_to(folder: Path, task: str, typed: str, preparation: str = "plain") -> tuple[TaskInput, str]:
    own: dict[str, object] = {"corpus": "text-0123456789abcdef", "letters": LETTERS}
    more = {"preparation": preparation} if task == "text" else {}
    config = {"grammar": "toy-english", "level": "word"} if task == "grammar" else own | more
    app = AppTest.from_function(page, args=(str(folder), {"name": task, **config}), default_timeout=20).run()
    app.text_input(key="word").set_value(typed).run()
    assert not app.exception
    return app.session_state["given"], "".join(caption.value for caption in app.caption)


def test_each_character_is_judged_by_the_next_one(tmp_path: Path) -> None:
    found, note = given_to(tmp_path, "text", "a hat!")
    assert ("".join(found.letters_in), "".join(found.letters_target)) == ("a␣hat!", "␣hat!·")
    assert [found.letters_out[place] for place in found.ids[0]] == list("a␣hat!")
    assert found.ids.shape == (1, 6)
    assert note == ""


def test_a_text_is_prepared_as_the_network_is_used_to(tmp_path: Path) -> None:
    found, _ = given_to(tmp_path, "text", "The  HAT?", "letters")
    assert "".join(found.letters_in) == "the␣hat␣"


def test_unknown_characters_are_read_as_a_mark_and_named(tmp_path: Path) -> None:
    found, note = given_to(tmp_path, "text", "a zq cat")
    assert "".join(found.letters_in) == f"a␣{UNKNOWN}{UNKNOWN}␣cat"
    np.testing.assert_array_equal(found.ids[0, 2:4], [0, 0])
    assert "never saw q z, so it reads it as the mark" in note


def test_a_sentence_begins_with_its_mark_and_strangers_are_left_out(tmp_path: Path) -> None:
    found, note = given_to(tmp_path, "sentences", "a zoo  hello")
    assert "".join(found.letters_in) == "⊢a␣oo␣hello"
    assert "".join(found.letters_target) == "a␣oo␣hello·"
    assert found.letters_out[-2] == END
    assert "never saw z, so it leaves it out" in note


@pytest.mark.parametrize("typed", ["", "   "])
@pytest.mark.parametrize("task", ["text", "sentences"])
def test_nothing_typed_is_no_input_or_a_space(task: str, typed: str, tmp_path: Path) -> None:
    found, _ = given_to(tmp_path, task, typed)
    assert len(found.letters_in) == found.ids.shape[1] == len(found.letters_target) <= 1


def test_a_long_text_is_cut_and_said(tmp_path: Path) -> None:
    found, note = given_to(tmp_path, "text", "hello " * 5_000)
    assert len(found.letters_in) == LONGEST
    assert "Only the first 60 of 30,000 characters are shown" in note


def test_a_word_is_one_symbol_of_a_grammar_and_a_stranger_is_a_mark(tmp_path: Path) -> None:
    found, note = given_to(tmp_path, "grammar", "the zebra  walked")
    assert found.letters_in == ("⊢", "the", UNKNOWN, "walked")
    assert found.letters_target == ("the", UNKNOWN, "walked", "·")
    assert [found.letters_out[place] for place in found.ids[0]] == list(found.letters_in)
    assert "never saw zebra" in note


def test_signs_for_what_cannot_be_seen() -> None:
    assert [visible(symbol) for symbol in (" ", "\n", "\t", "é", "\x07", "\u202e")] == ["␣", "↵", "⇥", "é", UNKNOWN,
                                                                                       UNKNOWN]
