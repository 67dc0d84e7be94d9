"""Pictures of the Cells page draw what they were given, in fixed frames."""

import numpy as np
import pytest

from seqlab.figures.cells import FLOOR, by_bias, errors, growth, matrices, overlaid, remembered
from seqlab.figures.conventions import accuracies, maps, parting
from seqlab.figures.plot import Plot, powers, steps
from seqlab.figures.theme import contrast, palette

themes = pytest.mark.parametrize("dark", [False, True])
RNG = np.random.default_rng(0)


def named(picture: Plot) -> dict[str, object]:
    return {series.name: series for panel in picture.panels for series in panel.series}


@themes
def test_every_seed_is_a_dot_and_published_figures_are_marked(dark: bool) -> None:
    lines = {"RNN": np.array([1e-7, 4e-7, 9e-7]), "Long memory": np.zeros(3)}
    figure = errors(lines, {"RNN": 4.5e-7, "Long memory": 0.0}, dark=dark)
    curves = {curve.name: curve for curve in figure.data}
    np.testing.assert_array_equal(curves["RNN"].x, lines["RNN"])
    np.testing.assert_array_equal(curves["published"].customdata, [4.5e-7, 0.0])
    np.testing.assert_array_equal(curves["our median"].customdata, [4e-7, 0.0])
    zero = curves["Long memory"].x
    ticks = dict(zip(figure.layout.xaxis.tickvals, figure.layout.xaxis.ticktext, strict=True))
    assert {ticks[place] for place in zero} == {"exactly 0"}
    low, high = figure.layout.xaxis.range
    assert low < np.log10(zero[0]) < high


def test_rnn_and_gru_lie_over_each_other_a_panel_for_each_unit() -> None:
    rnn, gru = RNG.uniform(-1, 1, (2, 12, 2))
    picture = overlaid(rnn, gru, 7.5)
    assert "7.5" in picture.title
    for unit, panel in enumerate(picture.panels):
        one, other = panel.series
        assert (one.name, other.name) == ("RNN", "GRU")
        np.testing.assert_array_equal(one.y, rnn[:, unit])
        np.testing.assert_array_equal(other.y, gru[:, unit])
        assert one.width > other.width  # so that both are seen where they are equal


def test_a_sweep_marks_where_the_slider_stands_and_keeps_zeros() -> None:
    biases, gaps = np.array([0.0, 20.0, 40.0]), np.array([0.5, 1e-9, 0.0])
    picture = by_bias({"float64": (biases, gaps), "theory": (biases, gaps)}, 20.0, {"σ = 1": 16.6}, "title", "label")
    dots, theory = picture.panels[0].series
    assert (dots.kind, theory.kind) == ("dots", "line")
    np.testing.assert_array_equal(dots.y, gaps)
    assert {rule.at for rule in picture.panels[0].rules} == {16.6, 20.0}
    axis = picture.panels[0].y
    assert axis.log
    assert (axis.low, axis.ticks[0]) == (FLOOR, (FLOOR, "exactly 0"))


def test_a_memory_is_drawn_beside_its_theory() -> None:
    times, h = np.array([0, 1, 10, 10_000]), RNG.uniform(-1, 1, (4, 2))
    picture = remembered(times, h, h / 2, 3.0)
    np.testing.assert_array_equal(named(picture)["unit 1"].y, h[:, 1])
    np.testing.assert_array_equal(named(picture)["theory: σ(bias)ᵗ h₀"].y, h[:, 0] / 2)
    assert picture.panels[0].x.low <= 1
    assert picture.panels[0].x.high == 10_000


def test_growth_keeps_the_worst_of_each_stretch_and_the_band() -> None:
    distances = {name: np.full(5000, 1e-7) for name in ("numpy32", "torch32", "torch64")} | {"size": np.full(5000, 0.5)}
    distances["torch32"][3456] = 0.02
    picture = growth(distances, 1e-4, "title")
    curves = named(picture)
    assert len(curves["torch, float32"].y) <= 720
    assert curves["torch, float32"].y.max() == 0.02
    assert curves["NumPy, float32"].y.max() == 1e-7
    np.testing.assert_allclose(curves["float32 agrees below this"].y, 1.5e-4)
    assert curves["float32 agrees below this"].kind == "band"


@themes
def test_matrices_show_every_number_legibly(dark: bool) -> None:
    part = np.array([[0.126, -20.0], [0.0, 2.9]])
    html = matrices({"r": [("W", part)]}, dark=dark)
    for text in ("0.13", "−20", "0.00", "2.90"):
        assert f">{text}</td>" in html
    for cell in html.split("<td style=\"")[1:]:
        ground, ink = (part.partition(":")[2] for part in cell.partition('"')[0].split(";"))
        assert contrast(ground, ink) >= 4.5


@pytest.mark.parametrize("key", ["h", "r", "z", "n"])
def test_maps_stand_below_each_other_with_fixed_colours(key: str) -> None:
    one, other = RNG.uniform(0, 1, (2, 9, 4))
    picture = maps(one, other, key, ("torch", "other"))
    first, second, gap = (panel.map for panel in picture.panels)
    np.testing.assert_allclose(first.values, one.T, atol=1e-4)
    np.testing.assert_allclose(gap.values, np.abs(one - other).T, atol=2e-4)
    assert (first.low, first.high) == (second.low, second.high) == ((-1, 1) if key in "hn" else (0, 1))
    assert gap.low == 0
    assert gap.high == first.high - first.low
    small = maps(one, one + 0.003, key, ("torch", "other")).panels[2]
    assert small.map.high == pytest.approx(0.02 if key in "hn" else 0.01)
    assert f"{small.map.high:g}" in small.name


def test_one_unit_and_one_step_can_be_drawn() -> None:
    assert maps(np.zeros((1, 1)), np.ones((1, 1)), "h", ("a", "b")).panels
    assert parting({key: np.zeros(1) for key in "hrzn"}, 0.01, None).panels


def test_parting_rings_the_first_time_beyond_the_threshold() -> None:
    gaps = {key: RNG.uniform(1e-4, 1, 8) for key in "hrzn"}
    panel, = parting(gaps, 0.01, 3).panels
    ring = panel.series[-1]
    assert (ring.kind, ring.x[0], ring.y[0]) == ("ring", 3, gaps["h"][3])
    assert panel.rules[0].at == 0.01
    assert panel.y.low < min(gap.min() for gap in gaps.values())
    assert len({series.colour for series in panel.series[:-1]}) == 4
    assert all(series.kind != "ring" for series in parting(gaps, 2.0, None).panels[0].series)


@themes
def test_accuracies_stand_side_by_side_with_chance(dark: bool) -> None:
    figure = accuracies(np.arange(3), {"torch": np.ones(3), "wrong": np.array([0.1, 0.2, 0.0])}, 1 / 26, dark=dark)
    assert [bar.name for bar in figure.data] == ["torch", "wrong"]
    np.testing.assert_array_equal(figure.data[1].y, [0.1, 0.2, 0.0])
    assert figure.data[0].marker.color == palette(dark).right
    assert figure.layout.shapes[0].y0 == 1 / 26


@pytest.mark.parametrize(("time", "last"), [(1, 0), (12, 10), (24, 20), (5000, 4000)])
def test_ticks_are_round_and_few(time: int, last: int) -> None:
    ticks = steps(time)
    assert ticks[0] == (0.0, "0")
    assert ticks[-1][0] == last
    assert len(ticks) <= 7
    assert powers(-6, 0, 3) == ((1.0, "1"), (1e-3, "1e−3"), (1e-6, "1e−6"))
