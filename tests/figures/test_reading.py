"""The pictures of the Reading page hold what was computed, and a person's text is never HTML."""

import csv
import io

import numpy as np
import pytest

from seqlab.figures.film import header_of
from seqlab.figures.plot import Plot
from seqlab.figures.reading import (
    ContextCurve,
    ScoredText,
    alike,
    between,
    codes,
    context_curves,
    likeness,
    reading_bytes,
    reading_csv,
    sum_table,
    tallies,
    vowels_first,
)
from seqlab.reference.reading import similarity, surprise

SYMBOLS = "\ufffd abcdefghijklmnopqrstuvwxyz"


def read(text: str = "a cat sat on the mat") -> ScoredText:
    ids = np.array([SYMBOLS.index(character) for character in text])
    logits = np.random.default_rng(1).normal(0, 2, (len(text) - 1, len(SYMBOLS)))
    logits[4, ids[5]] = -9.0  # what nobody expected
    logits[9, ids[10]] = 30.0
    return ScoredText(text, ids, np.arange(len(text)) > 0, logits, surprise(logits, ids[1:]), SYMBOLS)


def arrays(data: bytes) -> dict[str, np.ndarray]:
    header = header_of(data)
    start = 4 + int.from_bytes(data[:4], "little")
    kinds = {"surprise": "<f4", "p": "<f4"}
    return {part["name"]: np.frombuffer(data, kinds.get(part["name"], "<u2"), part["length"], start + part["offset"])
            for part in header["arrays"]}


def test_the_bytes_hold_each_character_s_surprise_and_its_likeliest_symbols() -> None:
    one = read()
    data = reading_bytes(one)
    header, values = header_of(data), arrays(data)
    assert header["characters"] == list(one.characters)
    assert header["symbols"][:3] == ["unknown", "␣", "a"]
    assert header["worst"][0] == 5
    assert values["surprise"][0] == -1
    np.testing.assert_allclose(values["surprise"][1:], one.surprise, rtol=1e-6)
    p = np.exp(one.logits) / np.exp(one.logits).sum(-1, keepdims=True)
    top, shares = values["top"].reshape(-1, header["keep"]), values["p"].reshape(-1, header["keep"])
    for row in range(19):
        np.testing.assert_array_equal(top[row + 1], np.argsort(-p[row])[:header["keep"]])
        np.testing.assert_allclose(shares[row + 1], np.sort(p[row])[::-1][:header["keep"]], rtol=1e-6)
    assert values["rank"][5] == len(SYMBOLS) - 1
    assert values["rank"][10] == 0


def test_places_that_are_listed_are_the_worst_and_stand_apart() -> None:
    one = read()
    worst = one.worst(4)
    assert worst[0] == int(one.surprise.argmax()) + 1
    assert min(abs(a - b) for a in worst for b in worst if a != b) >= 3
    assert [one.surprise[k - 1] for k in worst] == sorted((one.surprise[k - 1] for k in worst), reverse=True)
    assert len(one.worst(50)) <= 7  # of 19, three apart


def test_a_file_has_every_character() -> None:
    one = read()
    rows = list(csv.DictReader(io.StringIO(reading_csv(one))))
    assert "".join(row["character"] for row in rows) == one.characters
    assert rows[0]["surprise"] == ""
    assert float(rows[5]["surprise"]) == pytest.approx(one.surprise[4], rel=1e-5)
    assert float(rows[5]["probability"]) == pytest.approx(np.exp(-one.surprise[4]), rel=1e-4)


@pytest.mark.parametrize(("loss", "enough", "best"), [
    ([3.0, 2.0, 1.5, 1.499, 1.498], 4, 16), ([3.0, 2.0, 1.0, 0.9, 0.8], None, 16), ([3.0, 2.0, 1.8, 1.9, 4.0], 4, 4),
    ([2.0, 2.0, 2.0, 1.5, 1.5], 8, 8), ([2.0, 2.0, 2.0, 2.0, 2.0], 1, 1),
])
def test_how_much_context_is_enough(loss: list[float], enough: int | None, best: int) -> None:
    curve = ContextCurve("one", np.array([1, 2, 4, 8, 16]), np.array(loss), 8, False)
    assert curve.enough() == enough
    assert curve.best == best


def test_two_curves_stand_in_one_picture_with_what_they_were_trained_on() -> None:
    lengths = np.array([1, 2, 4, 8, 16, 32])
    one, other = (ContextCurve(name, lengths, np.linspace(high, 1.7, 6), trained, carried)
                  for name, high, trained, carried in (("one", 2.9, 8, False), ("two", 3.2, 8, True)))
    picture: Plot = context_curves([one, other], "")
    panel = picture.panels[0]
    assert (panel.y.low, panel.y.high) == (1.5, 3.5)
    assert [series.name for series in panel.series if series.name] == ["one", "two"]
    assert [rule.text for rule in panel.rules] == ["windows of 8, not carried and carried on"]
    assert panel.x.low < 1
    assert panel.x.high > 32


def test_similar_characters_stand_together_and_vowels_are_told_from_consonants() -> None:
    letters = list("abcdefghijklmnopqrstuvwxyz ")
    rng = np.random.default_rng(2)
    vowel, consonant = rng.normal(0, 1, (2, 12))
    rows = np.stack([(vowel if letter in "aeiou" else consonant) + rng.normal(0, 0.1, 12) for letter in letters])
    order = "".join(letters[place] for place in alike(rows))
    spread = [order.index(letter) for letter in "aeiou"]
    assert max(spread) - min(spread) == 4 or sorted(spread)[0] == 0  # one stretch of a circle that is cut open
    assert "".join(letters[place] for place in vowels_first(letters)).startswith("aeioub")
    means = between(similarity(rows), letters)
    assert means is not None
    assert means[0] > 0.9 > means[1]
    assert between(similarity(rows[:3]), ["b", "c", "a"]) is None
    picture = likeness(similarity(rows), letters, "title")
    assert picture.panels[0].map is not None
    assert picture.panels[0].map.names[-1] == "␣"


def test_every_term_of_the_sum_is_written_and_nothing_of_a_text_is_html() -> None:
    table = sum_table(np.array([0.5, -1.25, 2.0]), 1, ["<", "&", "\n"])
    assert table.count("<tr") == 5
    assert "&lt;" in table
    assert "&amp;" in table
    assert table.count("\u22121.2500") == 3  # the weight, its product, the sum
    written = tallies([{"name": "<b>book</b>", "note": "<i>", "loss": "1.5"}], [("loss", "nats"), ("bits", "bits")])
    assert "<b>" not in written
    assert "<i>" not in written
    assert '<td><span class=over>nats</span>1.5</td><td><span class=over>bits</span></td>' in written


def test_all_numbers_of_a_code_are_drawn() -> None:
    row = np.linspace(-1.2, 0.7, 300)
    panel = codes(row, row, 7, "The code").panels[0]
    assert (panel.y.low, panel.y.high) == (-1.5, 1.5)
    assert panel.rules[0].at == 7
    assert all(len(series.x) == 300 for series in panel.series)
    assert len(panel.x.ticks) < 12
