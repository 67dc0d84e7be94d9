"""Numbers and counts as people read them."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.numerals import counted, duration, number, perplexity

BAD = re.compile(r"e[+-]?\d|nan|inf|None|\d\.\d{7}")


@pytest.mark.parametrize(("value", "text"), [
    (0.0, "0"), (0.01234, "0.0123"), (27.9, "27.9"), (570.0, "570"), (1234.4, "1,234"), (999_999.0, "999,999"),
    (9.762208904447173e26, "9.76 × 10²⁶"), (5e-7, "5 × 10⁻⁷"), (-0.5, "−0.5"), (None, "–"), (math.nan, "–"),
    (math.inf, "∞"), (-math.inf, "−∞")])
def test_a_number_has_as_many_digits_as_count(value: float | None, text: str) -> None:
    assert number(value) == text


@given(st.floats())
def test_no_number_is_written_as_a_program_does(value: float) -> None:
    assert not BAD.search(number(value))
    assert not BAD.search(perplexity(value))


def test_a_perplexity_of_any_loss_can_be_read() -> None:
    assert [perplexity(loss) for loss in (0.0, 3.3, 7.0, 62.15, 1e5)] == [
        "1.00", "27.11", "1,097", "9.8 × 10²⁶", "over 10³⁰⁰"]


def test_one_thing_is_no_several() -> None:
    assert [counted(count, "update") for count in (0, 1, 2, 12345)] == [
        "0 updates", "1 update", "2 updates", "12,345 updates"]
    assert counted(2, "string of words", "strings of words") == "2 strings of words"
    assert [duration(seconds) for seconds in (12, 720, 4800)] == ["12 s", "12 min", "1 h 20 min"]
