"""The page Compare without a browser: any two passes side by side, and what cannot be compared said in a sentence."""

import re

import pytest

from seqlab.figures.film import header_of
from seqlab.training.run import create
from seqlab.ui.shell import services
from seqlab.ui.studios.compare import entrants
from tests.support.pages import healthy, html, opened, words
from tests.support.waiting import wait_for


def shown(app) -> dict:
    """The header of the picture that stands on the page."""
    (picture,) = [part.proto.bytes for part in app.get("bidi_component") if part.proto.id.endswith("-side-by-side")]
    return header_of(picture)


@pytest.mark.parametrize(("query", "maps", "first", "says"), [
    ({}, 3, None, ""),
    ({"a": "echo-variable-gru", "b": "echo-variable-lstm"}, 3, 1, "Matched"),
    ({"b": "echo-fixed-lstm", "units": "number"}, 2, None, ""),
    ({"what": "p", "a-t": "0.5"}, 3, None, ""),
    ({"b-step": "2500", "b-change": "h.0[5]=1;z.0*0.5"}, 3, None, ""),
    ({"a": "echo-variable-gru", "b": "text-gru"}, 2, None, "B cannot read what A reads"),
    ({"b": "echo-variable-transformer", "other": "true", "b-word": "another"}, 2, 1, "Matched"),
], ids=["two snapshots", "two models", "two sizes", "temperatures", "changes", "two alphabets", "two inputs"])
def test_any_two_stand_side_by_side(shipped, query, maps, first, says):
    wait_for(lambda: services.engine().ready, 120)
    app = opened("compare", **query)
    healthy(app)
    picture = shown(app)
    assert picture["difference"] == (maps == 3)
    assert bool(picture["why"]) == (maps == 2)
    assert (picture["kl"] is None) == (query.get("b") == "text-gru" or "other" in query)
    assert says in words(app)
    assert ("changed" in picture["sides"][1]["name"]) == ("b-change" in query)
    assert any(row[2] is not None for row in picture["rows"]) == bool(first)


def test_two_networks_are_asked_the_same_side_by_side(shipped):
    wait_for(lambda: services.engine().ready, 120)
    app = opened("compare", a="echo-fixed-rnn", b="echo-fixed-lstm", what="ask-horizon", **{"b-change": "h.0[5]=1"})
    healthy(app)
    halves = re.findall(r"half of it is left \*\*([\d.]+)\*\* steps back", words(app))
    assert len(set(halves)) > 1, "the Elman network forgets at another pace"
    assert words(app).count("without the changes above") == 1
    names = [part.proto.id for part in app.get("bidi_component")]
    assert [sum(name.endswith(f"{side}-horizon-{part}") for name in names) for side in "ab"
            for part in ("picture", "training")] == [1, 1, 1, 1]
    assert "echo-fixed" not in words(app), "a network is called by its title"


def test_another_network_is_shown_at_its_own_last_step(shipped):
    app = opened("compare")
    assert [side["name"].rpartition(", ")[2] for side in shown(app)["sides"]] == ["step 2,500", "step 0"]
    app.selectbox(key="b").set_value("echo-variable-lstm").run()
    assert shown(app)["sides"][1]["name"].endswith("step 4,000")


def test_every_snapshot_and_temperature_is_in_the_picture(shipped):
    app = opened("compare", **{"a": "echo-variable-gru", "b-step": "0", "what": "p", "a-t": "0.5"})
    healthy(app)
    dials = {dial["name"]: dial for dial in shown(app)["dials"]}
    assert list(dials) == ["a-step", "a-t", "b-step", "b-t"]
    assert [dial["stops"][dial["at"]] for dial in dials.values()] == [2500, 0.5, 0, 1]
    assert dials["a-t"]["titles"][dials["a-t"]["at"]] == shown(app)["sides"][0]["name"]
    assert len(dials["b-step"]["stops"]) > 15
    assert len(dials["a-t"]["stops"]) == 30


def test_a_link_to_what_is_not_there_is_answered_in_sentences(shipped):
    app = opened("compare", **{"a": "<nobody>", "a-t": "nan", "b-step": "3", "what": "q.9", "b-change": "h.7=0",
                               "a-change": "h.0=1e30"})
    assert not app.exception
    assert len(app.warning) == 6
    assert shown(app)["title"] == "hidden state"


def test_nothing_to_compare_says_what_to_do(runs):
    assert "Train one in a lab" in words(opened("compare"))


def test_a_race_of_four_starts_with_one_press_and_says_who_was_right_when(runs, monkeypatch):
    monkeypatch.setattr(entrants, "STEPS", 20)
    monkeypatch.setattr(entrants, "EVALUATE", 10)
    app = opened("compare", show="race", raceword="abc")
    assert "no race yet" in words(app)
    app.button(key="start-race").click().run()
    healthy(app)
    ((name, taking_part),) = entrants.races().items()
    assert [run.config.network.model for run in taking_part] == list(entrants.USUAL)
    wait_for(lambda: not any(run.status.active for run in taking_part), 180)
    assert len({run.passport["data_sha256"] for run in taking_part}) == 1
    app = opened("compare", show="race", raceword="abc")
    healthy(app)
    table = html(app, "race")
    assert table.count("not in 20 steps") == 4
    assert table.count("<td") == 11 + 4 * (11 + 2)  # a word of three letters and a delay of eight
    assert "seconds of training add up to" in words(app)
    assert name not in words(app)


def test_a_race_that_is_not_there_and_models_that_wait_are_said(runs, monkeypatch):
    monkeypatch.setattr(services.engine(), "start", lambda config, name, id, **more: create(runs, config, id, **more))
    app = opened("compare", show="race")
    app.multiselect(key="entrants").set_value(list(entrants.offered())[:8]).run()
    assert f"{services.engine().trainers} at once here" in words(app)
    app.button(key="start-race").click().run()
    (taking_part,) = entrants.races().values()
    assert len(taking_part) == 8
    app = opened("compare", show="race", race="ffffff")
    assert "There is no 'ffffff'" in words(app, "warning")
    assert html(app, "race").count("queued") == 8
