"""The Cells page: every section without a run and as shipped, what its switches change, and bad addresses."""

import re

import numpy as np
import pytest

from seqlab.errors import Fault
from seqlab.lenses.cells import five_lines
from seqlab.studies.cells import LINES, SEEDS
from seqlab.training.device import processor
from seqlab.ui.studios.cells.inputs import short, within
from seqlab.ui.studios.cells.sections import SECTIONS
from tests.support.pages import healthy, opened, pictures, slide, words
from tests.support.runs import tiny_run

PAGE = "pages/cells.py"
GRU = {"network": {"model": "gru", "hidden": 8, "embedding": 4}}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_without_any_run(runs, section):
    app = opened(PAGE, show=section)
    healthy(app)
    if section in ("Special GRUs", "Error growth"):
        assert pictures(app) >= 2  # pictures and badges need no run here
    if section == "Two conventions":
        assert "Random weights" in app.info[0].value


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_as_shipped(shipped, section):
    app = opened(PAGE, show=section)
    healthy(app)
    assert app.segmented_control(key="show").value == section


def test_five_lines_and_other_seeds(runs):
    app = opened(PAGE)
    healthy(app)
    before = [element.proto.body for element in app.get("html") if '<table class="five-lines"' in element.proto.body]
    course = five_lines(SEEDS)
    assert before[-1].count('class="ok"') == sum(np.median(course[key][:, 0]) <= line.published
                                                 for key, line in LINES.items())
    for line in LINES.values():
        assert f"<td>{line.published}</td>".replace("-", "−") in before[-1]
    assert processor() in words(app)
    app.button(key="others").click().run()
    healthy(app)
    assert app.number_input(key="seeds").value == 200
    after = [element.proto.body for element in app.get("html") if '<table class="five-lines"' in element.proto.body]
    assert after[-1] != before[-1]


def test_the_bias_of_the_gates_decides_how_far_gru_and_rnn_part(runs):
    app = opened(PAGE, show="Special GRUs", gates="40.0")
    assert "by **0** in float32" in words(app)
    slide(app, "gates", 0.0)
    healthy(app)
    assert "r = 1 − 0.5" in words(app)
    assert "by **0** in float32" not in words(app)


def test_a_memory_holds_leaks_and_wanders(runs):
    app = opened(PAGE, show="Special GRUs")
    slide(app, "keep", 40.0)
    assert "**0** in float64 and **0** in float32" in words(app)
    slide(app, "keep", 2.0)
    assert "a share of 1 of the state" in words(app)
    slide(app, "keep", 40.0)
    app.toggle(key="loud").set_value(True).run()
    healthy(app)
    assert "**0** in float64" not in words(app)  # n + (h - n) is not always h


@pytest.mark.parametrize("differs", ["Reset before", "z takes", "Both"])
def test_the_wrong_convention_costs_accuracy(shipped, differs):
    app = opened(PAGE, show="Two conventions", differs=differs)
    healthy(app)
    text = words(app)
    assert "echoes **100.0%**" in text or "echoes **99." in text
    worse = float(text.partition("give **")[2].partition("%")[0])
    assert worse < 60


def test_conventions_of_random_weights_and_their_sizes(runs):
    app = opened(PAGE, show="Two conventions", weights="Random weights")
    healthy(app)
    assert "first differ at **t = 0**" in words(app)  # the candidate's bias
    slide(app, "units", 1)
    slide(app, "time", 5)
    app.segmented_control(key="draw").set_value("z").run()
    app.segmented_control(key="threshold").set_value("0.1").run()
    healthy(app)


def test_conventions_of_a_small_run_of_one_s_own(runs):
    run = tiny_run(runs, name="mine", **{"network": GRU["network"]})
    app = opened(PAGE, show="Two conventions", run=run.id, word="xy7")
    healthy(app)
    assert app.selectbox(key="picked").value == run.id


def test_error_growth_says_where_the_band_is_left(runs):
    app = opened(PAGE, show="Error growth")
    assert "stays within it for all 5,000 steps" in words(app)
    slide(app, "strength", 4.0)
    healthy(app)
    assert "leaves the band at" in words(app)


@pytest.mark.parametrize("query", [
    {"show": "Nonsense"}, {"show": "<script>"}, {"seeds": "1e99"},
    {"show": "Special GRUs", "keep": "x", "gates": "1000"},
    {"show": "Two conventions", "weights": "Random weights", "units": "0", "time": "99999"},
    {"show": "Error growth", "of": "../../etc/passwd"}, {"show": "Error growth", "strength": "1e9"},
    {"show": "Two conventions", "differs": "everything", "threshold": "nan", "draw": "w"},
    {"show": "Special GRUs", "loud": "perhaps"},
])
def test_a_bad_address_is_answered_and_the_page_goes_on(shipped, query):
    app = opened(PAGE, **query)
    assert not app.exception
    assert not app.error
    bad = [value for value in query.values() if value not in (*SECTIONS, "Random weights")]
    assert len(app.warning) == len(bad)
    for warning in app.warning:
        assert re.search("There is no .* under “.*”; .* is shown|cannot be had here; it goes from|true or false",
                         warning.value)


def test_a_run_that_is_no_gru_is_told(shipped):
    app = opened(PAGE, show="Two conventions", run="echo-variable-lstm")
    assert not app.exception
    assert "Another network is shown" in app.warning[0].value


@pytest.mark.parametrize("value", [None, -1, 41, float("nan"), float("inf")])
def test_a_number_beyond_its_ends_is_refused_in_one_sentence(value):
    with pytest.raises(Fault, match="must be a number from 0 to 40"):
        within("Bias", value, 0.0, 40.0)
    assert within("Bias", 40.0, 0.0, 40.0) == 40.0


@pytest.mark.parametrize(("number", "text"), [(0.0, "0"), (7.64e-7, "7.6e−7"), (1.0, "1"), (0.5, "0.5"),
                                              (2e-20, "2.0e−20")])
def test_small_numbers_are_written_short(number, text):
    assert short(number) == text
