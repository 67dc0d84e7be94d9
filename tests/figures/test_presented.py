"""Type on a projector: every size of the style sheets and of Plotly's figures grows, and nothing else changes."""

import re

import numpy as np
import plotly.graph_objects as go
import pytest

from seqlab.figures.components import HERE, style
from seqlab.figures.curves import accuracy_by_delay
from seqlab.figures.presented import AROUND, TALLER, enlarged, growing, variables
from seqlab.figures.theme import PRESENTED

SIZE = re.compile(r"font(?:-size)?:[^;{}]*?(?<![\w.-])\d*\.?\d+(?:px|r?em)")
SHEETS = sorted(path.name for path in HERE.iterdir() if (path / f"{path.name}.css").exists())


@pytest.mark.parametrize(("written", "grown"), [
    ("a { font-size: 12.5px; }", "a { font-size: max(12.5px * var(--type, 1), var(--least, 0px)); }"),
    ("font-size:0.85rem", "font-size:max(0.85rem, var(--least, 0px))"),
    ("font: 600 15px/23px x", "font: 600 max(15px * var(--type, 1), var(--least, 0px))/calc(23px * var(--type, 1)) x"),
    ("font: 14px/1.4 var(--a)", "font: max(14px * var(--type, 1), var(--least, 0px))/1.4 var(--a)"),
    ("line-height: 20px; height: 20px", "line-height: calc(20px * var(--type, 1)); height: 20px"),
    ("font: inherit; --st-font: a; line-height: 1.3", "font: inherit; --st-font: a; line-height: 1.3"),
])
def test_a_size_grows_by_two_variables_and_all_else_stays(written, grown):
    assert growing(written) == grown


@pytest.mark.parametrize("name", SHEETS)
def test_no_component_has_a_size_that_does_not_grow(name):
    sheet = style(name)
    fixed = [part for part in SIZE.findall(sheet) if "max(" not in part]
    assert not fixed
    assert "max(" in sheet


def test_the_variables_are_those_of_the_theme():
    assert f"--least: {PRESENTED.least}px" in variables()
    assert f"--type: {PRESENTED.scale:g};" in variables()
    assert PRESENTED.size(11.0) == PRESENTED.least
    assert PRESENTED.size(20.0) == pytest.approx(20 * PRESENTED.scale)


def test_every_text_of_a_figure_grows_and_its_numbers_stay():
    plain = accuracy_by_delay(np.arange(4), np.array([1.0, 0.9, 0.8, 0.7]), 0.04, trained=(0, 1, 2, 3), dark=True)
    plain.update_layout(title={"text": "a <span style='font-size:12px'>b</span>"}, height=300)
    large = enlarged(plain)
    assert isinstance(large, go.Figure)
    assert "font-size:18px" in large.layout.title.text
    assert large.layout.height == TALLER * 300
    sizes = re.findall(r'font": \{[^}]*?"size": ?([\d.]+)', large.to_json().replace('":', '": '))
    assert sizes
    assert min(map(float, sizes)) >= PRESENTED.least
    assert large.layout.template.layout.margin.t == AROUND * plain.layout.template.layout.margin.t
    for before, after in zip(plain.data, large.data, strict=True):
        np.testing.assert_array_equal(before.x, after.x)
        np.testing.assert_array_equal(before.y, after.y)
    assert plain.layout.template.layout.font.size < PRESENTED.least  # it is another figure
