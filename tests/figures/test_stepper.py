"""What the stepper writes: numbers that can be read, formulas that add up, tables that say which terms are largest."""

import base64
import re
import zlib

import numpy as np
import pytest

from seqlab.figures.stepper import expanded, figure, formula, name, substituted, sums
from seqlab.figures.stepper_tables import contributions, number, overview, place_label, states, strip, symbol_html
from seqlab.figures.theme import palette
from seqlab.notation import SYMBOLS
from seqlab.reference.core import cores
from seqlab.reference.formulas.lines import lines, stops
from seqlab.reference.formulas.spot import Spot
from tests.reference.test_formulas import made


@pytest.mark.parametrize(("given", "written"), [
    (0.0, "0"), (-1.0, "-1"), (0.123456, "0.1235"), (-0.5, "-0.5000"), (0.99999, "1.0000"), (12.3456, "12.3456"),
    (1.2e-5, r"1.20 \cdot 10^{-5}"), (3.4e7 + 0.5, r"3.40 \cdot 10^{7}"), (float("nan"), r"\text{NaN}"),
    (float("inf"), r"\infty"), (-float("inf"), r"-\infty"),
])
def test_numbers(given: float, written: str) -> None:
    assert figure(given) == written


def opened(core: str, symbol: str, spot: Spot):
    run = made(cores()[core])
    line = next(line for line in lines(cores()[core], run.weights) if line.symbol == symbol)
    return line, line.work_out(run, spot), run


def test_a_gate_in_letters_and_with_numbers() -> None:
    spot = Spot(0, 3, 2)
    line, value, run = opened("gru", "r", spot)
    assert formula(line, spot) == r"r_t = \sigma(W_{ir}\, x_t + b_{ir} + W_{hr}\, h_{t-1} + b_{hr})"
    first, added, result = substituted(line, value, run, spot)
    assert first.startswith(r"r_{3}[2] = \sigma(")
    for label in (r"W_{ir}\, x_{3}", "b_{ir}", r"W_{hr}\, h_{2}", "b_{hr}"):
        assert rf"_{{{label}}}" in first
    assert added == rf"\hphantom{{r_{{3}}[2]}} = \sigma({figure(value.parts[0].number)})"
    assert result == rf"\hphantom{{r_{{3}}[2]}} = \mathbf{{{figure(run.trace['r.0'][0, 3, 2])}}}"


def test_the_state_of_a_gru_has_its_brackets() -> None:
    spot = Spot(1, 3, 2)
    line, value, run = opened("gru", "h", spot)
    assert formula(line, spot) == r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}"
    z, n, old = (float(run.trace[key][0, time, 2]) for key, time in (("z.1", 3), ("n.1", 3), ("h.1", 2)))
    added = substituted(line, value, run, spot)[1]
    shown = [float(match) for match in re.findall(r"-?\d+\.\d+", added)]
    assert shown == pytest.approx([(1 - z) * n, z * old], abs=1e-4)


def test_the_layer_above_reads_the_layer_below() -> None:
    line, _, _ = opened("gru", "r", Spot(1, 3, 2))
    assert r"h_t^{\mathrm{below}}" in formula(line, Spot(1, 3, 2))
    assert "x_t" in formula(line, Spot(0, 3, 2))


def test_a_long_sum_shows_its_largest_terms_and_the_rest_as_one_number() -> None:
    spot = Spot(0, 3, 2)
    _, value, run = opened("gru", "r", spot)
    first = sums(value)[0]
    written = expanded(first, run, spot)
    assert written.count(r"\cdot") == 3
    assert r"\text{4 more}" in written
    numbers = [float(match) for match in re.findall(r"-?\d+\.\d+", written)]
    *products, rest, total = numbers
    left, right = np.array(products[::2]), np.array(products[1::2])
    assert left @ right + rest == pytest.approx(total, abs=2e-3)
    assert total == pytest.approx(first.number, abs=1e-4)


def test_a_sum_of_nothing_is_written_once() -> None:
    """Before the first time the old state is 0."""
    spot = Spot(0, 0, 2)
    _, value, run = opened("gru", "q", spot)
    assert expanded(sums(value)[0], run, spot) == r"W_{hn}\, h_{-1} = 0"
    assert "6 are 0" in contributions(sums(value)[0], run, spot, str)


def test_a_softmax_is_written_as_powers_of_e() -> None:
    spot = Spot(0, 3, 0, 1)
    line, value, run = opened("transformer", "attention", spot)
    assert name(line, run, spot) == r"\alpha_{3,1}"
    own = figure(run.trace["scores.0"][0, 0, 3, 1])
    assert rf"\frac{{e^{{{own}}}}}" in substituted(line, value, run, spot)[0]
    masked = line.work_out(run, Spot(0, 1, 0, 4))
    assert substituted(line, masked, run, Spot(0, 1, 0, 4))[0] == r"\alpha_{1,4} = 0"


@pytest.mark.parametrize("core", cores())
def test_every_line_can_be_written(core: str) -> None:
    """Braces that do not close, or a letter left in among the numbers, would show as red code on the page."""
    run = made(cores()[core])
    for line, layer in stops(cores()[core], run.weights, 2):
        for spot in (Spot(layer, 0, 1, 0), Spot(layer, 3, 2, 1)):
            value = line.work_out(run, spot)
            steps = substituted(line, value, run, spot)
            for latex in (formula(line, spot), *steps, *(expanded(part, run, spot) for part in sums(value))):
                assert latex.count("{") == latex.count("}")
                assert latex.count("(") == latex.count(")")
            assert not re.search(r"_t\b|_\{t", "".join(steps)), steps
            assert steps[-1].endswith(rf"{{{figure(value.number)}}}") or steps[-1].endswith(figure(value.number))


def test_contributions_are_sorted_signed_and_complete() -> None:
    spot = Spot(0, 3, 2)
    _, value, run = opened("gru", "r", spot)
    part = sums(value)[0]
    table = contributions(part, run, spot, lambda place: f"<{place}>")
    assert "<code>W_ir</code>" in table
    assert "<code>x</code>" in table
    assert "&lt;0&gt;" in table or "&lt;1&gt;" in table  # a label is text, whatever it holds
    assert table.count("<tr>") == 1 + 6
    assert "1 more" in table
    assert part.terms is not None
    largest = part.largest(1)[0]
    assert table.index(number(float(part.terms[largest]))) < table.index("1 more")
    colours = palette(False).diverging
    assert (colours[-2] in table) == bool((part.terms > 0).any())
    assert (colours[1] in table) == bool((part.terms < 0).any())


def test_a_part_without_terms_has_no_table() -> None:
    _, value, run = opened("gru", "h", Spot(0, 3, 2))
    with pytest.raises(ValueError, match="no terms"):
        contributions(value, run, Spot(0, 3, 2), str)


@pytest.mark.parametrize(("symbol", "expected"), [
    ("r", "[3]"), ("logits", "[3]"), ("p", "d"),
])
def test_places_of_a_recurrent_sum_have_names(symbol: str, expected: str) -> None:
    _, value, run = opened("gru", symbol, Spot(0, 3, 2))
    assert place_label(sums(value)[-1], run, "hello", "abcde")(3) == expected


@pytest.mark.parametrize(("symbol", "expected"), [("heads", "3 l"), ("attended", "head 1, 0"), ("attention", "3 l")])
def test_places_of_an_attention_sum_have_names(symbol: str, expected: str) -> None:
    _, value, run = opened("transformer", symbol, Spot(0, 3, 2))
    assert place_label(sums(value)[-1], run, "hello", "abcde")(3) == expected


def test_the_strip_marks_the_time_and_judges_what_counts() -> None:
    html = strip("<b·", "xab", "·ab"[0:1] + "ac", 1)
    assert html.count('class="here"') == 1
    assert "&lt;" in html
    assert html.count("✓") == 1
    assert html.count("✗") == 1
    assert html.index("✓") < html.index("✗")


def test_every_symbol_can_be_written_without_latex() -> None:
    for symbol in SYMBOLS.values():
        html = symbol_html(symbol.latex)
        assert not re.search(r"[\\\\{}^_]", html), symbol.key
    assert symbol_html(r"\bar{x}_t") == "<i>x\u0304<sub>t</sub></i>"
    assert symbol_html(r"y_t^{(i)}") == "<i>y<sub>t</sub><sup>(i)</sup></i>"


def test_the_overview_marks_the_open_line() -> None:
    html = overview([("r_t", "reset gate", "0.5", False), ("z_t", "<update>", "0.7", True)])
    assert html.count("▸") == 1
    assert html.index("▸") > html.index("0.5")
    assert "&lt;update&gt;" in html


def pixels(html: str) -> list[np.ndarray]:
    """The rows of pixels of all pictures."""
    pixels = []
    for packed in re.findall(r"base64,([^\"]+)", html):
        data = base64.b64decode(packed)
        raw = zlib.decompress(data[data.index(b"IDAT") + 4:data.index(b"IEND") - 8])
        pixels.append(np.frombuffer(raw[1:], np.uint8).reshape(-1, 3))
    return pixels


def test_states_have_the_colours_of_their_numbers() -> None:
    stops_ = palette(False).diverging
    first, second = pixels(states({"a": np.array([-1.0, 0.0, 1.0]), "b": np.array([5.0, np.nan])}, 1, (-1.0, 1.0)))
    as_hex = ["#" + "".join(f"{channel:02x}" for channel in pixel) for pixel in first]
    assert as_hex == [stops_[0], stops_[4], stops_[-1]]
    assert second[0].tolist() == first[2].tolist()  # beyond the scale is its end
    assert second[1].tolist() == [128, 128, 128]


def test_the_unit_is_marked_where_it_stands() -> None:
    html = states({"h": np.zeros(4)}, 2, (-1.0, 1.0))
    assert "left:50.000%;width:25.000%" in html
    assert "<u" not in states({"h": np.zeros(4)}, None, (-1.0, 1.0))
