"""What a text is made of, drawn: bars, the parts that train and validate, and lengths."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.windows import spans
from seqlab.figures.corpus import MOST_BARS, bars, division, lengths


def test_bars_are_as_long_as_their_counts_and_hostile_characters_are_only_text() -> None:
    html = bars({"a": 50, " ": 100, "<": 1}, lambda character: "␣" if character == " " else character, dark=False)
    assert re.findall(r"width:([\d.]+)%", html) == ["100.00", "50.00", "1.00"]
    assert re.findall(r"<code>(.*?)</code>", html) == ["␣", "a", "&lt;"]
    assert 'title="space: 66.23%"' in html
    assert 'title="&lt; (U+003C): 0.66%"' in html


def test_too_many_bars_are_counted() -> None:
    html = bars({chr(0x4E00 + k): 500 - k for k in range(MOST_BARS + 5)}, str, dark=True)
    assert html.count("<code>") == MOST_BARS
    assert "and 5 more, each rarer" in html
    assert "0 characters" in bars({}, str, dark=False)


def pieces(html: str) -> list[tuple[float, float]]:
    return [(float(left), float(width)) for left, width in re.findall(r"left:([\d.]+)%;width:([\d.]+)%", html)]


def test_by_position_nothing_overlaps_and_nothing_is_left_over() -> None:
    html = division(1000, *spans(1000, "position", 64), 64, dark=False)
    assert pieces(html)[:2] == [(0, 90), (90, 10)]
    (_, trains), (from_here, _) = pieces(html)[2:]
    assert trains == pytest.approx(from_here, abs=1e-3)
    assert "Characters 0 to 900 train, 900 to 1,000 validate, none does both." in html


def test_as_d2l_a_window_is_in_both_and_most_is_never_read() -> None:
    html = division(173_428, *spans(173_428, "d2l", 32), 32, dark=False)
    (_, trains), (start, validates), *_ = pieces(html)
    assert trains == pytest.approx(100 * 10_032 / 173_428, abs=1e-3)
    assert start == pytest.approx(100 * 10_000 / 173_428, abs=1e-3)
    assert start + validates < 9
    (_, near), (meets, _) = pieces(html)[2:]  # magnified: one window, the one that both have, and one more
    assert near == pytest.approx(200 / 3, abs=1e-2)
    assert meets == pytest.approx(100 / 3, abs=1e-2)
    assert "32 do both" in html


@given(length=st.integers(0, 30_000), reach=st.integers(1, 2048), split=st.sampled_from(["position", "d2l"]))
def test_any_division_stays_on_its_strip(length: int, reach: int, split: str) -> None:
    for left, width in pieces(division(length, *spans(length, split, reach), reach, dark=False)):
        assert 0 <= left <= 100.001
        assert left + width <= 100.01


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=60))
def test_lengths_count_every_sentence_once(sizes: list[int]) -> None:
    chart = lengths(np.array(sizes))
    (series,) = chart.panels[0].series
    assert series.x.shape == series.y.shape
    assert series.y[::2].sum() == series.y[1::2].sum() == len(sizes)  # each stair has two ends
    assert chart.panels[0].x.low <= series.x.min() <= series.x.max() <= chart.panels[0].x.high
