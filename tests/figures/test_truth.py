"""Pictures of the truth: columns line up, rows are named, and nothing that a person typed becomes HTML."""

import numpy as np
import pytest

from seqlab.figures.truth import (
    GrammarString,
    beyond,
    divergences,
    expectations,
    marked,
    probe_table,
    quantity,
    state_map,
)

TOLD = GrammarString(("(", " ", ")"), None)
LEFT = GrammarString(("(", ")", ")"), 2)


def test_all_pictures_of_a_string_share_their_columns() -> None:
    states = np.random.default_rng(0).normal(size=(4, 6))
    p = np.full((4, 4), 0.25)
    plots = [quantity(TOLD, "depth", np.array([1.0, 2, 0]), states[:, 0], states[:, 1], "unit 1", (0, 3)),
             state_map(TOLD, states, [3, 1, 2, 0, 4, 5], "hidden state", "diverging", (-1, 1)),
             expectations(TOLD, "( )", p, p), divergences(TOLD, np.arange(4.0))]
    assert {(panel.x.low, panel.x.high) for plot in plots for panel in plot.panels} == {(-0.5, 3.5)}
    assert [text for _, text in plots[-1].panels[0].x.ticks] == ["⊢\n(", "(\n␣", "␣\n)", ")\n⏎"]
    truth = plots[0].panels[0].series[0]
    assert truth.x.tolist() == [1, 2, 3]  # a quantity is true after a token; before the first there is none
    np.testing.assert_array_equal(plots[1].panels[0].map.values[0], states[:, 3].round(3))


def test_rows_are_the_tokens_that_can_come_or_that_the_model_thinks_of() -> None:
    true, model = np.zeros((2, 5)), np.zeros((2, 5))
    true[:, 0], model[:, 0], model[1, 3], model[1, 2] = 1, 0.9, 0.09, 0.001
    panels = expectations(GrammarString(("a",), None), "abcd", true, model).panels
    assert [text for _, text in panels[0].y.ticks] == ["a", "d"]
    assert [panel.name for panel in panels] == ["the truth", "the model"]
    assert panels[1].map.values.tolist() == [[0.9, 0.9], [0, 0.09]]


def test_where_a_string_leaves_a_line_is_drawn_and_no_divergence_beyond() -> None:
    plot = divergences(LEFT, np.array([0.1, 0.2, 0.3, np.nan]))
    assert [rule.at for rule in plot.panels[0].rules] == [2]
    assert plot.panels[0].series[0].x.tolist() == [0, 1, 2]
    assert not divergences(TOLD, np.zeros(4)).panels[0].rules


def test_a_string_is_written_with_its_mark_and_never_as_html() -> None:
    html = marked(GrammarString(("<u>", "&"), 1), ["<i>", "⏎"])
    assert "<u>" not in html
    assert "&lt;u&gt;" in html
    assert html.count("class=wrong") == 1
    assert "token 2, cannot stand there" in html
    assert "<b>&lt;i&gt;</b>" in html
    assert "✓" in marked(TOLD, [])
    assert "ends too early" in marked(GrammarString(("(",), 1), [")"])
    assert "⏎" in marked(GrammarString(("(",), 1), [")"])


@pytest.mark.parametrize(("value", "text"), [(0.954, "0.95"), (-0.2, "−0.20"), (-7.0, "&lt; −1"), (float("nan"), "–")])
def test_probe_table_says_what_was_read(value: float, text: str) -> None:
    row = {"name": "<depth>", "unit": "unit 17", "r2": value, "r2_longer": 0.1, "unit_r2": 0.2, "unit_r2_longer": 0.3}
    html = probe_table([row], "<depth>")
    assert f">{text}</td>" in html
    assert "&lt;depth&gt;" in html
    assert "class=chosen" in html
    assert "unit 17" in html


def test_generalisation_is_drawn_past_the_end_of_the_training() -> None:
    parts = [{"low": low, "high": low + 9, "kl": 0.1 * low, "allowed": 1 - low / 100} for low in (1, 11, 21)]
    plot = beyond(parts, "length", 12, "length")
    assert plot.panels[0].series[0].x.tolist() == [5.5, 15.5, 25.5]
    assert plot.panels[0].rules[0].at == 12
    assert plot.panels[1].y.low < 0.79
    assert plot.panels[1].y.high > 1
    deep = beyond([{"depth": 3.0, "kl": 0.1, "allowed": 1.0}], "depth", 5, "open brackets")
    assert deep.panels[0].x.high > 5
