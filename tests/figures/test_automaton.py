"""Automata as pictures and tables: all states and labels are there, foreign symbols are characters."""

import re
from base64 import b64decode

import numpy as np

from seqlab.figures.automaton import MOST_DRAWN, described, graph, table
from seqlab.reference.automata import UNKNOWN, Automaton

TOKENS = ("<b>", " ", "x")
SMALL = Automaton(np.array([[1, 0, -1], [2, -1, UNKNOWN], [1, 1, 1]]), np.array([False, True, False]))


def svg(html: str) -> str:
    return b64decode(re.search(r"base64,([^\"]*)", html)[1]).decode()


def test_a_graph_has_all_states_and_labels_and_says_itself_in_words() -> None:
    html = graph(SMALL, TOKENS, "The <net>", dark=False, marked=1)
    assert 'alt="The &lt;net&gt;: 3 states, 6 transitions, 1 where the end is possible."' in html
    picture = svg(html)
    assert re.findall(r'font-size="11"[^>]*>(\d)<', picture) == ["0", "1", "2"]
    assert picture.count("<circle") == 4  # one state has two rings
    assert picture.count('stroke-width="3"') == 1
    assert "<b>" not in picture
    for label in ("&lt;b&gt;", "␣", "&lt;b&gt; ␣ +1", "…"):
        assert f">{label}<" in picture
    assert svg(graph(SMALL, TOKENS, "", dark=True)) != picture


def test_a_large_one_is_cut_and_says_so() -> None:
    long = Automaton(np.array([[*range(1, 40), 39]]).T, np.arange(40) == 39)
    html = graph(long, ["a"], "Long", dark=False)
    assert f"the first {MOST_DRAWN} of 40 are drawn" in html
    assert svg(html).count("<circle") == MOST_DRAWN
    assert described(Automaton(np.array([[-1]]), np.array([True]))) == (
        "1 state, 0 transitions, 1 where the end is possible")


def test_a_table_says_what_the_picture_says() -> None:
    html = table(SMALL, TOKENS)
    assert html.count("<tr>") == 4
    assert "<th scope=row>1</th><td>&lt;b&gt;</td><td>&lt;b&gt; → 2, x → ?, END</td>" in html
    assert "(the start)" in html
