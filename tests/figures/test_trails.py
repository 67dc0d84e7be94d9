import numpy as np

from seqlab.figures.film import restore
from seqlab.figures.trail_plot import in_words, trail_plot
from seqlab.figures.trails import held, trail_parts
from seqlab.reference.cells import cells

GRU = cells()["gru"]


def test_units_are_ordered_by_how_long_they_hold_a_letter() -> None:
    trails = np.zeros((2, 5, 4))
    for row, position in enumerate((0, 1)):
        for unit, lag in ((0, 2), (1, 0), (3, 1)):  # unit 2 never holds one
            trails[row, position + lag, unit] = 1
    assert held(trails, (0, 1)).tolist() == [1, 3, 0, 2]


def test_trails_are_packed_for_what_carries_a_letter_and_can_be_read_back() -> None:
    trails = {"h.0": np.random.default_rng(1).uniform(0, 0.7, (2, 5, 4)), "p": np.zeros((2, 5, 3))}
    (about, codes), (order, rows) = trail_parts(trails, (0, 1), GRU)
    assert (about["kind"], about["name"], about["limit"]) == ("trail", "h.0", 0.5)
    np.testing.assert_allclose(restore(codes, *about["range"]), trails["h.0"], atol=2e-5)
    assert (order["name"], sorted(rows.tolist())) == ("held", [0, 1, 2, 3])


def test_the_plot_keeps_its_scale_and_the_words_say_what_it_shows() -> None:
    trail = np.zeros((6, 2))
    trail[1:4] = 0.1
    plot = trail_plot(trail, name="h.0", core=GRU, letters="abcdef", at=1, delay=2)
    assert plot.panels[1].map is not None
    assert (plot.panels[0].y.high, plot.panels[1].map.high) == (0.5, 0.5)
    assert [rule.text for rule in plot.panels[0].rules] == ["read", "said"]
    assert "up to t = 3, 3 steps. 100 % of it" in in_words(trail, letter="b", at=1, delay=2)
    assert "Nothing" in in_words(trail * 0, letter="b", at=1)
