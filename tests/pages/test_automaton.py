"""The automaton's section without a browser: what it comes to, a difference looked into, and every sentence."""

from pathlib import Path

import numpy as np
import pytest

from seqlab.data.grammar import BUILT_IN, read
from seqlab.data.vocabulary import END
from seqlab.reference.automata import Automaton, difference
from seqlab.training.answers import LearnedAutomaton
from seqlab.ui.lenses import automaton
from seqlab.ui.lenses.automaton_words import Words
from tests.pages.test_grammar import PAGE, grammar_run
from tests.support.pages import html, opened, words

BRACKETS = read(BUILT_IN["brackets"])
RIGHT = Automaton(np.array([[1, -1], [2, 3], [2, 1], [-1, -1]]), np.array([False, False, False, True]))
WRONG = Automaton(np.array([[1, -1], [2, 3], [-1, 1], [-1, -1]]), np.array([False, True, False, True]))
NOTHING = Automaton(np.array([[-1, -1]]), np.array([False]))


def answered(automaton: Automaton = RIGHT, truth: Automaton = RIGHT, **more: object) -> LearnedAutomaton:
    usual = {"automaton": automaton, "truth": truth, "exact": True, "over": True, "sure": True, "share": 1.0,
             "seconds": 2.0, "asked": 40, "counterexamples": 1, "regions": 16, "cut": False, "full": False,
             "compared": difference(automaton, truth), "settled": True, "depth": None, "agreed": 9990, "fresh": 10_000,
             "longest": 200}
    return LearnedAutomaton(**usual | more)


@pytest.mark.parametrize(("answer", "sentence"), [
    (answered(), "**They are the same.** With 4 states"),
    (answered(exact=False, depth=3), "No string was found on which they differ. It is right up to **3** open"),
    (answered(NOTHING), "**This network holds nothing possible.** No token has a probability of 20.0%"),
    (answered(WRONG), f"After “(” (1 token), the shortest such string, the network holds **{END}** possible"),
    (answered(WRONG, depth=1), "It is right up to **1** open bracket."),
    (answered(WRONG, settled=False), "As far as the network was asked, no difference was found."),
])
def test_what_both_come_to_is_said(answer: LearnedAutomaton, sentence: str) -> None:
    assert sentence in Words(BRACKETS, 0.2).comparison(answer)


@pytest.mark.parametrize(("more", "sentence"), [
    ({}, "16 regions of its states were walked beside it without a conflict"),
    ({"cut": True}, "beside it, up to 200 tokens, without"), ({"sure": False}, "Time was up while"),
    ({"regions": None}, "A network that looks back has no state"), ({"full": True}, "as many states as are learned"),
])
def test_what_is_unsure_is_said(more: dict[str, object], sentence: str) -> None:
    says = Words(BRACKETS, 0.2).unsure(answered(**more), stopped=False)
    assert "1 counterexample learned from. On 10,000 fresh strings" in says
    assert "99.90%" in says
    assert sentence in says
    assert "It was stopped" in Words(BRACKETS, 0.2).unsure(answered(sure=False), stopped=True)


def test_a_network_that_learned_little_differs_and_its_string_is_one_click_away(
        runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "SECONDS", {1: "1 second"})
    monkeypatch.setattr(automaton, "MOMENT", 5.0)
    app = opened(PAGE, run=grammar_run(runs).id, ask="automaton")
    assert "How sure is this?" in words(app)
    assert html(app).count('aria-label="Learned by L*') == 1
    assert "automaton-badge" in app.session_state["proofs-drawn"]
    assert app.button(key="automaton-look").click().run().text_input(key="string").value not in ("", None)
    app.button_group(key="automaton-by").set_value("clusters").run()
    assert not app.exception
    assert "k-means of the hidden states" in words(app)
