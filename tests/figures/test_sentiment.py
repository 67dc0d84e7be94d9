"""Pictures of a judged review: what stands where, and what never is."""

import numpy as np

from seqlab.figures.sentiment import WordLayer, growth, largest, padding, words, words_csv

READ = ("the", "plot", "was", "dull")


def layer(values: list[float], name: str = "Left out") -> WordLayer:
    return WordLayer(name, "signed", np.array(values, float), 0.5, ("low", "high"), [f"{value}" for value in values])


def test_the_curve_has_a_point_for_each_word_and_names_them() -> None:
    picture = growth(np.arange(1, 5), np.array([0.5, 0.6, 0.6, 0.1]), READ, "positive")
    panel, = picture.panels
    assert [text for _, text in panel.x.ticks] == list(READ)
    np.testing.assert_array_equal(panel.series[0].y, [0.5, 0.6, 0.6, 0.1])
    assert panel.series[0].name == "p(positive)"
    assert (panel.y.low, panel.y.high) == (0.0, 1.0)  # the same for every review
    many = growth(np.arange(1, 61), np.linspace(0, 1, 60), ["w"] * 60, "positive")
    assert all(text == f"{place:.0f}" for place, text in many.panels[0].x.ticks)
    assert growth(np.array([1]), np.array([0.5]), ("dull",), "positive").panels[0].series[0].kind == "dots"


def test_padding_is_drawn_beside_none() -> None:
    picture = padding(np.arange(5), np.array([0.9, 0.8, 0.5, 0.4, 0.4]), 2, "positive")
    ignored, read, here = picture.panels[0].series
    assert set(ignored.y) == {0.9}
    np.testing.assert_array_equal(read.y, [0.9, 0.8, 0.5, 0.4, 0.4])
    assert (here.x[0], here.y[0]) == (2.0, 0.5)


def test_the_largest_come_first_whatever_their_sign_and_zeros_never() -> None:
    assert largest(np.array([0.1, -0.9, 0.0, 0.3])) == [1, 3, 0]
    assert largest(np.array([np.nan, 0.0])) == []
    assert largest(np.arange(20.0), 3) == [19, 18, 17]


def test_words_carry_every_layer_and_an_id_that_changes_with_them() -> None:
    one, two = layer([0.1, 0, -0.2, 0.4]), layer([1, 0, 0, 0], "Won")
    data = words(READ, [True, True, True, False], [one, two])
    assert data["words"] == list(READ)
    assert data["known"] == [True, True, True, False]
    assert [part["name"] for part in data["layers"]] == ["Left out", "Won"]
    assert data["layers"][0]["largest"] == [3, 2, 0]
    assert data["id"] == words(READ, [True] * 4, [one, two])["id"]
    assert data["id"] != words(READ, [True] * 4, [layer([0.1, 0, -0.2, 0.5]), two])["id"]
    assert words(READ, [True] * 4, [layer([np.nan, 0, 0, 1])])["layers"][0]["values"] == [0.0, 0.0, 0.0, 1.0]


def test_the_table_has_a_row_for_each_word() -> None:
    table = words_csv(("schön", "was"), {"p": np.array([0.25, np.nan])}).decode().splitlines()
    assert table[0] == "place,word,p"
    assert table[1:] == ["1,schön,0.25", "2,was,"]
