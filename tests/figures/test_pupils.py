"""A class as small multiples: curves on scales that never move, short, and said in words."""

import numpy as np
import pytest

from seqlab.figures.pupils import HEIGHT, MOST_CURVES, MOST_POINTS, WIDTH, Pupil, RunCourse, small_multiples

NAN = np.nan


def course(steps: list[float], accuracy: list[float], state: str = "running", planned: int = 100) -> RunCourse:
    return RunCourse("GRU 8", state, state == "running", int(max(steps, default=0)), planned, np.array(steps, float),
                     np.array(accuracy, float))


def points(*runs: RunCourse) -> list[list[tuple[float, ...]]]:
    (card,) = small_multiples([Pupil("p1", "Ana", "Echo lab", True, runs)]).cards
    return [[tuple(map(float, pair.split(","))) for pair in curve.points.split()] for curve in card.curves]


def test_a_curve_goes_by_the_share_of_its_own_steps_and_by_accuracy() -> None:
    slow, quick = points(course([0, 50, 100], [0.0, NAN, 1.0]), course([0, 50], [0.25, 0.5], planned=50))
    assert slow == [(0, HEIGHT), (WIDTH, 0)]
    assert quick == [(0, 0.75 * HEIGHT), (WIDTH, HEIGHT / 2)]
    assert points(course([0, 50], [0.25, 0.5], planned=1000))[0][1][0] == WIDTH / 20, "others do not move it"


@pytest.mark.parametrize(("steps", "accuracy", "planned"), [
    ([], [], 100), ([0, 500], [-3, 7], 100), ([0, 1], [NAN, NAN], 0), (list(range(9000)), [0.5] * 9000, 9000)])
def test_whatever_comes_stays_in_the_field_and_is_short(steps, accuracy, planned) -> None:
    (line,) = points(course(steps, accuracy, planned=planned))
    assert len(line) <= MOST_POINTS
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in line)


def test_a_card_says_in_words_what_it_shows() -> None:
    many = [course([0, 50], [0.1, 0.996])] * 6
    people = [Pupil("p1", "Bo <b>", "Echo lab", True, tuple(many), 4), Pupil("p2", "Cy", "away for 5 min", False, ()),
              Pupil("p3", "Di", "here", True, (course([], [], "queued"),)),
              Pupil("p4", "Ed", "here", True, (course([100], [1.0], "finished"),))]
    picture = small_multiples(people, "p2")
    assert picture.chosen == "p2"
    assert [card.foot for card in picture.cards] == ["99 % · 50 of 100 · +9", "no network yet", "queued",
                                                     "finished · 100 %"]
    assert picture.cards[0].label == "Bo <b>, Echo lab; GRU 8: 99 % · 50 of 100 · 9 more"
    assert len(picture.cards[0].curves) == MOST_CURVES
    assert len({(curve.colour, curve.dash) for curve in picture.cards[0].curves}) == MOST_CURVES
