"""What the pictures of gradients draw, and that two of them can be compared."""

import numpy as np
import pytest

from seqlab.figures.gradients import FAINTEST, flow, folded, heat, written

themes = pytest.mark.parametrize("dark", [False, True])
H = np.array([[3e-9, 4e-9], [0.3, -0.4], [0.0, 0.0]])


@themes
def test_flow_draws_lengths_and_leaves_out_what_is_exactly_0(dark: bool) -> None:
    figure = flow({"h.0": H, "x": H[:, :1]}, "ab·", "·ab", {"says a": 1}, dark=dark)
    h, x = figure.data
    np.testing.assert_allclose(h.y[:2], [5e-9, 0.5])
    assert np.isnan(h.y[2])
    assert (h.name, x.name) == ("h", "x")
    assert h.line.dash == "solid"
    assert x.line.dash == "dot"
    assert figure.layout.yaxis.type == "log"
    line, = figure.layout.shapes
    assert line.x0 == line.x1 == 1
    assert figure.layout.annotations[0].text == "says a"
    assert list(figure.layout.xaxis.ticktext) == ["a<br>·", "b<br>a", "·<br>b"]


def test_layers_are_told_where_there_are_several() -> None:
    figure = flow({"h.1": H, "h.0": H, "c.1": H}, "abc", "abc")
    assert [curve.name for curve in figure.data] == ["h, layer 1", "h, layer 0", "c, layer 1"]
    assert len({(curve.line.color, curve.line.dash) for curve in figure.data}) == 3
    assert written("h.0") == "dL/dh"
    assert written("h.0", several=True) == "dL/dh, layer 0"
    assert written("x", several=True) == "dL/dx"


def test_the_axis_is_the_same_for_every_picture_until_a_gradient_explodes() -> None:
    ranges = [tuple(flow({"h.0": H * size}, "abc", "abc").layout.yaxis.range) for size in (1e-6, 1.0, 10.0, 1e5)]
    assert ranges[0] == ranges[1] == ranges[2] == (np.log10(FAINTEST), 1)
    assert ranges[3] == (np.log10(FAINTEST), 5)


def test_a_long_word_has_as_many_letters_below_it_as_fit() -> None:
    axis = flow({"h.0": np.ones((68, 2))}, "a" * 68, "b" * 68).layout.xaxis
    assert len(axis.tickvals) == 34
    assert tuple(axis.range) == (-0.5, 67.5)


@themes
def test_heat_folds_signed_numbers_on_a_fixed_scale_and_tells_the_true_ones(dark: bool) -> None:
    figure = heat(H, "h.0", "ab·", "·ab", dark=dark)
    cells = figure.data[0]
    assert (cells.zmin, cells.zmax) == (-1, 1)
    assert np.asarray(cells.z).shape == (2, 3)
    np.testing.assert_allclose(cells.customdata, H.T)
    assert cells.z[0][1] > 0 > cells.z[1][1]
    assert cells.z[0][0] == cells.z[0][2] == 0
    assert "dL/dh, unit by unit" in figure.layout.title.text


def test_folding() -> None:
    given = np.array([0.0, 1e-7, 1e-6, 1e-3, 1.0, 50.0, -1e-3, -9.0])
    np.testing.assert_allclose(folded(given), [0, 0, 0, 0.5, 1, 1, -0.5, -1], atol=1e-12)
    order = folded(np.sort(np.random.default_rng(0).normal(size=100)))
    assert (np.diff(order) >= 0).all(), "a larger gradient never looks smaller"
