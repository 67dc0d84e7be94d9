"""What the pictures of gradients draw, and that two of them can be compared."""

import numpy as np
import pytest

from seqlab.figures.gradients import FAINTEST, flow, folded, heat, written
from seqlab.figures.theme import DARK, LIGHT

H = np.array([[3e-9, 4e-9], [0.3, -0.4], [0.0, 0.0]])


def test_flow_draws_lengths_and_leaves_out_what_is_exactly_0() -> None:
    panel, = flow({"h.0": H, "x": H[:, :1]}, "ab·", "·ab", {"says a": 1}).panels
    h, dots, x, _ = panel.series
    np.testing.assert_allclose(h.y, [5e-9, 0.5, 0])
    assert panel.y.log
    assert panel.y.gaps, "an exact 0 would look like a length of 1e−12"
    assert (h.name, x.name) == ("h", "x")
    assert h.dash == ()
    assert x.dash == (2, 3)
    assert (dots.kind, dots.name, dots.colour) == ("dots", "", h.colour)
    np.testing.assert_array_equal(dots.y, h.y)
    rule, = panel.rules
    assert (rule.axis, rule.at, rule.text, rule.upright) == ("x", 1, "says a", True)
    assert panel.x.ticks == ((0, "a\n·"), (1, "b\na"), (2, "·\nb"))


def test_what_it_shows_is_said_in_words() -> None:
    one, every = flow({"h.0": H, "x": H}, "abc", "abc", {"says b": 1}, 1), flow({"h.0": H}, "abc", "abc")
    assert "dL/dh, dL/dx at each of 3 times" in one.panels[0].alt
    assert "says b at t = 1" in one.panels[0].alt
    assert one.note == "the loss of the answer at t = 1"
    assert every.note == "the loss of all answers"
    assert "2 units at each of 3 times" in heat(H, "h.0", "abc", "abc").panels[0].alt


def test_layers_are_told_where_there_are_several() -> None:
    panel, = flow({"h.1": H, "h.0": H, "c.1": H}, "abc", "abc").panels
    named = [curve for curve in panel.series if curve.name]
    assert [curve.name for curve in named] == ["h, layer 1", "h, layer 0", "c, layer 1"]
    assert len({(curve.colour, curve.dash) for curve in named}) == 3
    assert written("h.0") == "dL/dh"
    assert written("h.0", several=True) == "dL/dh, layer 0"
    assert written("x", several=True) == "dL/dx"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_colour_is_one_of_the_theme(theme) -> None:
    panel, = flow({"h.0": H, "c.0": H, "x": H}, "abc", "abc", {"says b": 1}).panels
    for part in (*panel.series, *panel.rules):
        assert part.colour.removeprefix("symbols.") in {*theme.symbols, "muted", "accent"}
    assert len({curve.colour for curve in panel.series}) == 3


def test_the_axis_is_the_same_for_every_picture_until_a_gradient_explodes() -> None:
    axes = [flow({"h.0": H * size}, "abc", "abc").panels[0].y for size in (1e-6, 1.0, 10.0, 1e5)]
    assert axes[0] == axes[1] == axes[2]
    assert (axes[0].low, axes[0].high, axes[3].low) == (FAINTEST, 10, FAINTEST)
    assert axes[3].high == pytest.approx(1e5)
    assert [text for _, text in axes[0].ticks] == ["≤ 1e−12", "1", "1e−3", "1e−6", "1e−9"]
    assert max(place for place, _ in axes[3].ticks) == pytest.approx(1e3)


def test_heat_folds_signed_numbers_on_a_fixed_scale_and_tells_the_true_ones() -> None:
    picture = heat(H, "h.0", "ab·", "·ab")
    colours = picture.panels[0].map
    assert colours is not None
    assert (colours.low, colours.high, colours.values.shape) == (-1, 1, (2, 3))
    np.testing.assert_allclose(colours.read, H.T)
    assert colours.values[0][1] > 0 > colours.values[1][1]
    assert colours.values[0][0] == colours.values[0][2] == 0
    assert [text for _, text in colours.scale] == ["≤ −1", "−1e−3", "0", "1e−3", "≥ 1"]
    np.testing.assert_allclose(folded(np.array([-1, -1e-3, 0, 1e-3, 1])), [place for place, _ in colours.scale])
    assert picture.title == "dL/dh, unit by unit"
    assert "amber: more of it, more loss" in picture.note


def test_folding() -> None:
    given = np.array([0.0, 1e-7, 1e-6, 1e-3, 1.0, 50.0, -1e-3, -9.0])
    np.testing.assert_allclose(folded(given), [0, 0, 0, 0.5, 1, 1, -0.5, -1], atol=1e-12)
    order = folded(np.sort(np.random.default_rng(0).normal(size=100)))
    assert (np.diff(order) >= 0).all(), "a larger gradient never looks smaller"
