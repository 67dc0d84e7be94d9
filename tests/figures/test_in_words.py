"""A number in words: every claim of the sentence is one of its values."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from seqlab import notation, paths
from seqlab.agreement import compare
from seqlab.figures.in_words import Meaning, in_words
from seqlab.lenses import proof, trail
from seqlab.reference.core import cores
from seqlab.reference.network import network
from seqlab.reference.pinned import HeldSymbol, WithoutUnit, held, without
from seqlab.tasks.echo import ALPHABET, inputs_for
from seqlab.training.run import Run
from seqlab.ui.lenses import pinned
from seqlab.ui.lenses.pinned import IN_WORDS, PinnedQuestion
from seqlab.ui.proof.passes import Passes
from seqlab.ui.proof.waiting import Ready
from tests.figures.test_machine import IDS

LETTERS, ANSWERS = list("quab·b···"), list("·abq")
KEEPS = Meaning(notation.SYMBOLS["z"], 0.98, 5, 3, WithoutUnit(8, 2, 3, (0.9, 0.1), 0), HeldSymbol(3, 4, 0.9))


def test_the_sentence_of_the_textbook() -> None:
    assert in_words(KEEPS, LETTERS, ANSWERS) == (
        "z = 0.98 at “b” (t = 5): unit 3 keeps what it had; it has held the “b” of t = 3 since t = 4, and without it "
        "“b” at t = 8 would be said as “q”.")


@pytest.mark.parametrize(("change", "says"), [
    ({"value": 0.02}, "unit 3 takes its candidate"), ({"value": 0.5}, "unit 3 50 % keeps what it had"),
    ({"symbol": notation.SYMBOLS["h"], "value": -0.97}, r"h = −0.97 .* nearly as far as it can go"),
    ({"holds": None}, "it holds nothing of what was read, and"),
    ({"holds": HeldSymbol(3, 4, 0.4)}, "several symbols at once, most of all “b” of t = 3"),
    ({"holds": HeldSymbol(5, 5, 1.0)}, "it holds the “b” that is being read"),
    ({"lost": WithoutUnit(8, 2, 2, (0.9, 0.7), 0)}, r"only “b” at t = 8 is less sure: 0\.70 instead of 0\.90"),
    ({"lost": WithoutUnit(8, 2, 2, (0.9, 0.9), 0)}, "every answer stays as sure as it is"),
    ({"lost": WithoutUnit(8, 2, 3, (0.9, 0.1), 2)}, r"as “q” \(and 2 more answers would change\)"),
])
def test_each_value_has_its_words(change: dict, says: str) -> None:
    assert re.search(says, in_words(replace(KEEPS, **change), LETTERS, ANSWERS))


def test_what_is_held_is_the_strongest_since_without_a_break() -> None:
    trail_of = np.zeros((3, 6))
    trail_of[0, 2:] = [0.5, 0.1, 0.1, 0.0]  # symbols at the times 2, 3 and 4
    trail_of[1, 3:] = [0.4, 0.4, 0.4]
    trail_of[2, 4:] = [0.2, 0.6]
    for places, t, source, since, share in ((3, 4, 3, 3, 0.16 / 0.21), (3, 2, 2, 2, 1.0), (2, 3, 3, 3, 0.16 / 0.17)):
        holds = held(trail_of[:places], 2, t)
        assert holds is not None
        assert (holds.source, holds.since, round(holds.share, 12)) == (source, since, round(share, 12))
    assert held(np.full((3, 6), 1e-4), 2, 4) is None


def test_the_answer_that_suffers_most_is_one_that_becomes_another() -> None:
    p = np.array([[0.1, 0.9], [0.6, 0.4], [0.2, 0.8]])
    silent = np.array([[0.8, 0.2], [0.4, 0.6], [0.5, 0.5]])
    assert without(p, silent, np.array([False, True, True])) == WithoutUnit(2, 1, 0, (0.8, 0.5), 1)
    assert without(p, silent, np.zeros(3, bool)).time == 0
    same = without(p, p, np.ones(3, bool))
    assert (same.before, same.changed) == (same.after, 0)


@pytest.mark.parametrize("model", sorted(cores()))
def test_torch_says_the_same(model: str, trained: Callable[[str], Run], monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(model)
    monkeypatch.setattr(pinned, "ask", lambda passes: Ready(proof.in_precisions(
        passes.path, passes.steps, *passes.batch, ("float64", "float32"), passes.changes)))
    monkeypatch.setattr(pinned.client, "trails", lambda *asked: Ready(trail.in_precisions(*asked)))
    asked = PinnedQuestion(Passes.of(run, [run.newest], IDS[0], 2), "h.1", 4, 2)
    answer = IN_WORDS.remote(asked).result()
    for precision in ("float64", "float32"):
        difference = compare(asked.numbers(precision), IN_WORDS.torch(asked, answer, precision)[0])
        assert difference.holds
        assert precision == "float32" or difference.largest <= 1e-12


def test_what_the_sentence_claims_of_a_shipped_network_is_so() -> None:
    run, ids = Run(paths.checkpoints() / "echo-fixed-gru"), inputs_for("memory", 4)
    passes, weights = Passes.of(run, [run.newest], ids[0], None), run.weights()
    whole = network(run.core, ids, weights)
    unit = int(np.abs(whole["h.0"][0, 5]).argmax())
    asked = PinnedQuestion(passes, "h.0", 5, unit)
    holds = held(asked.numbers()["trail"], 0, 5)
    assert holds is not None
    moved = []
    for place in range(6):  # another symbol in each place: none moves the unit as much as the one it is said to hold
        other = ids.repeat(5, axis=0)
        other[:, place] = [1, 7, 13, 19, 25]
        moved.append(network(run.core, other, weights)["h.0"][:, 5, unit].std())
    assert int(np.argmax(moved)) == holds.source
    assert len(ALPHABET.symbols) == whole["p"].shape[-1]
