"""The page Compare without a browser: any two passes side by side, and what cannot be compared said in a sentence."""

import pytest

from seqlab.figures.film import header_of
from tests.support.pages import healthy, opened, words


def shown(app) -> dict:
    """The header of the picture that stands on the page."""
    (picture,) = [part.proto.bytes for part in app.get("bidi_component") if part.proto.id.endswith("-side-by-side")]
    return header_of(picture)


@pytest.mark.parametrize(("query", "maps", "first", "says"), [
    ({}, 3, 1, "Matched"),
    ({"b": "echo-variable-gru", "b-step": "0"}, 3, None, ""),
    ({"b": "echo-fixed-lstm", "units": "number"}, 2, None, ""),
    ({"what": "p", "a-t": "0.5"}, 3, None, ""),
    ({"b": "text-gru"}, 2, None, "B cannot read what A reads"),
    ({"b": "echo-variable-transformer", "other": "true", "b-word": "another"}, 2, 1, "Matched"),
], ids=["two models", "two snapshots", "two sizes", "temperatures", "two alphabets", "two inputs"])
def test_any_two_stand_side_by_side(shipped, query, maps, first, says):
    app = opened("compare", **query)
    healthy(app)
    picture = shown(app)
    assert len(picture["arrays"]) == maps
    assert bool(picture["why"]) == (maps == 2)
    assert (picture["kl"] is None) == (query.get("b") == "text-gru" or "other" in query)
    assert says in words(app)
    assert any(row[2] is not None for row in picture["rows"]) == bool(first)


def test_a_link_to_what_is_not_there_is_answered_in_sentences(shipped):
    app = opened("compare", **{"a": "<nobody>", "a-t": "nan", "b-step": "3", "what": "q.9"})
    assert not app.exception
    assert len(app.warning) == 4
    assert shown(app)["title"] == "hidden state"


def test_nothing_to_compare_says_what_to_do(runs):
    assert "Train one in a lab" in words(opened("compare"))
