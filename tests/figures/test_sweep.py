"""A sweep's grid and its curves."""

import math

import numpy as np
import pytest

from seqlab.figures.sweep import MOST_ROWS, Course, Scale, SweepPoint, courses, grid


def cells(*rows: list[float], state: str = "finished") -> list[list[SweepPoint]]:
    width = len(rows[0])
    return [[SweepPoint(y * width + x, state, value, f"cell {x} {y}") for x, value in enumerate(row)]
            for y, row in enumerate(rows)]


def test_colours_are_even_in_the_logarithm_of_perplexity_and_the_same_in_every_slice() -> None:
    scale = Scale.of(np.log([6.0, 24.0, 12.0, np.nan]), True, math.log(28))
    shares = [scale.share(math.log(value)) for value in (24, 12, 6)]
    assert shares[1] - shares[0] == pytest.approx(shares[2] - shares[1])
    assert scale.share(math.log(28)) == scale.share(1e9) == 0
    assert scale.share(0.1) == 1
    # A point a little better than all before leaves the colours as they were.
    assert Scale.of(np.log([5.99, 24.0]), True, math.log(28)) == scale
    assert next(text for _, text in scale.ticks) == f"{math.exp(scale.worst):.3g}"
    assert [share for share, _ in scale.ticks] == pytest.approx([0, 0.25, 0.5, 0.75, 1])


@pytest.mark.parametrize("scores", [[], [math.nan], [2.0], [0.0], [1e-9, 0.0], [700.0]])
def test_any_scores_have_a_scale(scores: list[float]) -> None:
    scale = Scale.of(np.array(scores), True, math.log(28))
    assert 0 <= scale.share(2.0) <= 1
    assert all(math.isfinite(share) for share, _ in scale.ticks)


def test_accuracy_is_cut_not_rounded() -> None:
    scale = Scale.of(np.array([0.2, 0.9996]), False)
    assert (scale.worst, scale.best) == (0, 1)
    assert scale.write(0.9996) == "99.9 %"


@pytest.mark.parametrize(("nats", "text"), [(math.log(9.0304), "9.03"), (math.log(512.3), "512"), (20.0, "4.85 × 10⁸"),
                                            (1e9, "over 10³⁰⁰")])
def test_perplexity_is_written_shortly(nats: float, text: str) -> None:
    assert Scale(3.3, 1.0, True).write(nats) == text


def test_every_state_has_its_look() -> None:
    scale = Scale(3.0, 1.0, True)
    row = [SweepPoint(0, "finished", 2.0, "a"), SweepPoint(1, "diverged", math.nan, "b"),
           SweepPoint(2, "waiting", math.nan, "c"), SweepPoint(3, "running", 1.5, "d"),
           SweepPoint(4, "failed", math.nan, "e")]
    cells = grid([row], ("x", tuple("12345")), ("", ("",)), scale, 0, 3, "Here lr = 1.").cells[0]
    assert [one.shade for one in cells] == [0.5, None, None, 0.75, None]
    assert [one.text for one in cells] == ["7.39", "✗", "", "4.48", "!"]
    assert cells[1].label == "b: diverged"
    assert cells[3].label == "d: 4.48 (running)"


def test_the_grid_keeps_the_order_of_rows_and_columns() -> None:
    made = grid(cells([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]), ("hidden", ("8", "16", "32")), ("lr", ("1", "10")),
                Scale(6.0, 1.0, True), 5, 0)
    assert [[one.place for one in row] for row in made.cells] == [[0, 1, 2], [3, 4, 5]]
    assert made.cells[1][2].shade == 0
    assert made.height > grid(cells([1.0, 2.0, 3.0]), made.across, ("", ("",)), Scale(6.0, 1.0, True), 0, 0).height


def course(place: int, values: list[float], rows: int = 0) -> Course:
    steps = np.arange(1, len(values) + 1) * 10.0
    return Course(place, f"point {place}", steps, np.array(values))


def test_the_chosen_and_the_best_curve_stand_above_all_others() -> None:
    made = courses([course(0, [3.0, 2.5]), course(1, [3.0, 2.0]), course(2, [3.0, 2.2])], 2, 1, "Loss", perplexity=True,
                   most=math.log(28))
    series = made.panels[0].series
    assert [one.name for one in series] == ["", "point 1 (best)", "point 2"]
    assert series[-1].width > series[0].width
    assert series[-1].y.tolist() == pytest.approx(np.exp([3.0, 2.2]), rel=1e-2)
    assert courses([course(1, [1.0])], 1, 1, "Loss").panels[0].series[0].name == "point 1 (best)"


def test_curves_far_above_guessing_do_not_press_the_others_flat() -> None:
    panel = courses([course(0, [3.0, 2.0]), course(1, [12.0, 600.0])], 0, 0, "Loss", perplexity=True,
                    most=math.log(28)).panels[0]
    assert panel.y.high < 28 * 1.6
    assert panel.y.log


@pytest.mark.parametrize("values", [[], [math.nan], [math.nan, 2.0], [0.0], [-1.0, math.inf]])
def test_any_curve_is_drawn(values: list[float]) -> None:
    for options in ({}, {"perplexity": True}, {"share": True}):
        panel = courses([course(0, values)], 0, -1, "Loss", **options).panels[0]
        assert panel.y.low < panel.y.high
        assert all(np.isfinite(one.y).all() for one in panel.series)


def test_long_curves_are_thinned_and_keep_their_ends() -> None:
    steps = np.arange(1, 5001)
    made = courses([Course(0, "long", steps, np.linspace(3, 1, 5000))], -1, -1, "Loss")
    only = made.panels[0].series[0]
    assert len(only.x) == MOST_ROWS
    assert (only.x[0], only.x[-1]) == (1, 5000)
