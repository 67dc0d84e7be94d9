"""Change it: fields make a change, which is listed, proved, undone, and stands in the address."""

from typing import Any

import pytest

from seqlab.figures.film import header_of
from tests.support.pages import opened, words

RUN = "echo-variable-gru"


def picture(app: Any) -> dict[str, Any]:
    """The header of the picture before and after."""
    (sent,) = [part.proto.bytes for part in app.get("bidi_component") if part.proto.id.endswith("-change-picture")]
    return header_of(sent)


def listed(app: Any) -> list[str]:
    return [button.label.replace("\\", "") for button in app.button if str(button.key).startswith("change-back-")]


def test_a_change_follows_its_fields_and_is_undone(shipped: object) -> None:
    app = opened("pages/echo.py", run=RUN, ask="change")
    assert not listed(app)
    assert picture(app)["says"].startswith("Nothing is changed yet")
    assert picture(app)["dials"][0]["at"] is None
    app.selectbox(key="change-what").set_value("z.0").run()
    assert not listed(app)  # to choose what is to be changed changes nothing
    app.session_state["change-value-set-0-1"] = 1.0  # as the picture's own slider does
    app.text_input(key="change-units-z.0").set_value("0-127").run()
    assert not app.exception
    assert listed(app) == ["update gate z, layer 0, unit 0-127: set to 1"]
    (dial,) = picture(app)["dials"]
    assert picture(app)["says"] == ""
    assert (dial["name"], len(dial["stops"]), dial["texts"][dial["at"]]) == ("value", 21, "1")
    app.button(key="change-more").click().run()
    app.selectbox(key="change-what").set_value("h.0").run()
    app.text_input(key="change-times").set_value("-1").run()
    assert listed(app)[1].endswith("at the start: set to 0")
    assert "".join(app.query_params["change"]).startswith("z.0[0-127]=1;h.0[")
    app.text_input(key="change-units-h.0").set_value("3,999").run()
    assert "no unit 999 in layer 0" in words(app)
    assert len(listed(app)) == 2
    app.button(key="change-undo").click().run()
    assert len(listed(app)) == 1
    assert "999" not in words(app)
    app.button(key="change-back-0").click().run()
    assert not listed(app)
    assert "change" not in app.query_params
    app.button(key="change-undo").click().run()
    assert len(listed(app)) == 1


@pytest.mark.parametrize(("link", "says", "left"), [
    ("h.0[5]=0;encoder.symbol[3]*0.5", "", 2), ("h.0[500]=0", "no unit 500", 0), ("heads.0[1]=0", "no output", 0),
    ("h.0=1e30", "a number from", 0), ("<b>", "is no change", 0), ("h.0@77=0", "no time 77 in this input", 1)])
def test_a_link_is_checked_where_it_enters(shipped: object, link: str, says: str, left: int) -> None:
    app = opened("pages/echo.py", run=RUN, change=link)
    assert not app.exception
    assert len(listed(app)) == left
    assert says in words(app)
    assert ("change" in app.query_params) == bool(left)


def test_the_fields_say_what_a_link_changes(shipped: object) -> None:
    app = opened("pages/echo.py", run=RUN, ask="change", change="z.0[3,7-9]@2*0.37")
    assert not app.exception
    assert app.selectbox(key="change-what").value == "z.0"
    assert (app.text_input(key="change-units-z.0").value, app.text_input(key="change-times").value) == ("3,7-9", "2")
    (dial,) = picture(app)["dials"]
    assert dial["stops"][dial["at"]] == 0.37  # a value that no step has, and all others beside it
    app.text_input(key="change-times").set_value("3").run()
    assert listed(app) == ["update gate z, layer 0, unit 3,7-9, at t = 3: times 0.37"]
