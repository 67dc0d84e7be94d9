"""Pictures of the exercises: fixed ends, everything named, and a divergence that can be seen."""

import pytest

from seqlab.figures import exercises

LINE = ((1.0, 2.0, 8.0), (2.6, 2.0, 1.7))


def test_loss_by_context_names_every_line_and_dashes_those_that_begin_afresh() -> None:
    picture = exercises.by_context({"4, afresh": LINE, "4, carried on": LINE}, "Loss", ["4, afresh"])
    panel = picture.panels[0]
    named = [series for series in panel.series if series.name]
    assert [series.name for series in named] == ["4, afresh", "4, carried on"]
    assert named[0].dash
    assert not named[1].dash
    assert named[0].colour == named[1].colour  # the same length of window
    assert panel.y.low <= 1.7
    assert panel.y.high >= 2.6
    assert [text for _, text in panel.x.ticks] == ["1", "2", "8"]


def test_influence_marks_the_window() -> None:
    rule = exercises.influence(((1.0, 32.0, 64.0), (0.6, 1e-5, 0.0)), 32.0).panels[0].rules[0]
    assert (rule.axis, rule.at) == ("x", 32.0)


def test_perplexities_keep_their_ends_whatever_is_drawn() -> None:
    pictures = [exercises.perplexities({"one": ((10.0, 1000.0), (high, 6.0))}, {"published": 6.45})
                for high in (9.0, 28.0)]
    assert len({(picture.panels[0].y.low, picture.panels[0].y.high) for picture in pictures}) == 1
    assert pictures[0].panels[0].rules[0].at == 6.45
    assert "published 6.45" in pictures[0].note


def test_a_divergence_is_marked_and_its_beginning_drawn_large() -> None:
    steps = [float(step) for step in range(1, 1001)]
    lines = {"clipped": (steps, [0.5] * 1000), "free": (steps[:6], [10.0 ** power for power in range(6)])}
    calm = exercises.norms(lines, 1.0, {}).panels[0]
    panel = exercises.norms(lines, 1.0, {"free": 7.0}).panels[0]
    assert calm.x.high == 1000
    assert panel.x.high == 42
    assert [(rule.axis, rule.at) for rule in panel.rules] == [("y", 1.0), ("x", 7.0)]
    assert "free diverges at step 7" in panel.alt
    assert panel.y.high >= 1e5


@pytest.mark.parametrize("last", [7, 42, 200, 400, 1000, 12_345])
def test_ticks_are_few_and_lie_on_the_axis(last: int) -> None:
    ticks = exercises.norms({"one": ((1.0, float(last)), (0.1, 0.2))}, 1.0, {}).panels[0].x.ticks
    assert 1 <= len(ticks) <= 8
    assert all(0 <= value <= 1.02 * last for value, _ in ticks)


def test_losses_hold_what_they_are_compared_with() -> None:
    panel = exercises.losses(((100.0, 200.0), (2.1, 1.6)), {"published": 1.363}).panels[0]
    assert panel.y.low <= 1.363
    assert panel.y.high >= 2.1
