"""A chart that stands still says what its description says, in Plotly's words."""

import numpy as np
import pytest

from seqlab.figures.plot import Axis, Guide, Map, Panel, Plot, Series
from seqlab.figures.standing import LEGEND, standing
from seqlab.figures.theme import DARK, LIGHT

AXIS = Axis(0, 10, "t", ((0, "0"), (10, "ten\n<b>")))


def picture() -> Plot:
    y = np.array([1e-6, 0.0, np.nan, 1e-2])
    series = (Series(np.arange(4), y, "symbols.h", "one", "dots", width=3),
              Series(np.arange(4), y, "muted", "two", dash=(4, 2)),
              Series(np.arange(4), y, "right", "two", "band"), Series(np.array([3]), y[3:], "wrong", kind="ring"))
    panel = Panel(AXIS, Axis(1e-8, 1, "size", ((1e-8, "exactly 0"),), log=True), "What it shows.", series,
                  (Guide("x", 2, "accent", "$here"), Guide("y", 1e-3, "wrong", "bound", dash=(4, 4))))
    shades = Map(np.array([[0.0, 1.0], [-1.0, 0.5]]), -1, 1, "diverging", np.array([[9.0, 8], [7, 6]]), ((-1, "low"),))
    below = Panel(Axis(-0.5, 1.5), Axis(1.5, -0.5, "unit"), "A map.", map=shades)
    return Plot("A <i>title", (panel, below), 400, "note")


@pytest.mark.parametrize(("dark", "colours"), [(False, LIGHT), (True, DARK)])
def test_series_have_their_colours_names_and_places(dark: bool, colours: object) -> None:
    dots, line, band, ring, _ = standing(picture(), dark=dark).data
    assert dots.marker.color == colours.symbols["h"]
    assert (dots.mode, dots.marker.size, line.line.dash, ring.marker.symbol) == ("markers", 6, "4px,2px", "circle-open")
    assert band.fill == "tozeroy"
    assert [one.showlegend for one in (dots, line, band, ring)] == [True, True, False, False]
    np.testing.assert_array_equal(line.y, [1e-6, 1e-8, np.nan, 1e-2])  # an exact 0 stands at the low end


def test_a_legend_of_several_lines_has_room_below_the_note() -> None:
    def room(*names: str) -> int:
        lines = tuple(Series(np.arange(2), np.ones(2), "muted", name) for name in names)
        return standing(Plot("Norm", (Panel(AXIS, AXIS, "What it shows.", lines),), 300, "note")).layout.margin.t

    assert room("one", "two") == room("one", "2")
    long = room("an orthogonal start, clipped", "an orthogonal start", "the chapter's start")
    assert long == room("one", "two") + LEGEND
    assert room("one") == room("one", "two") - LEGEND


def test_axes_end_where_they_were_told_to_and_run_downwards_where_asked() -> None:
    layout = standing(picture()).layout
    assert layout.yaxis.type == "log"
    assert tuple(layout.yaxis.range) == (-8, 0)
    assert tuple(layout.yaxis2.range) == (1.5, -0.5)
    assert tuple(layout.xaxis.ticktext) == ("0", "ten<br>&lt;b&gt;")


def test_texts_are_no_tags_and_no_formulas() -> None:
    figure = standing(picture())
    assert "&lt;i&gt;title" in figure.layout.title.text
    assert "&#36;here" in [note.text for note in figure.layout.annotations]


def test_a_map_tells_the_true_numbers_on_fixed_colours() -> None:
    shades = standing(picture()).data[-1]
    assert (shades.zmin, shades.zmax, shades.showscale) == (-1, 1, True)
    np.testing.assert_array_equal(shades.customdata, [[9, 8], [7, 6]])
    assert shades.text[1][0] == "t = 0, unit 1"


def test_an_axis_with_gaps_has_no_place_for_zero() -> None:
    line = Series(np.arange(2), np.array([0.0, 0.1]), "muted", "a")
    panel = Panel(AXIS, Axis(1e-8, 1, log=True, gaps=True), "", (line,))
    np.testing.assert_array_equal(standing(Plot("", (panel,), 200)).data[0].y, [np.nan, 0.1])
