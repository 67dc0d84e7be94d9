"""Change it: fields make a change, which is listed, proved, undone, and stands in the address."""

from typing import Any

import pytest

from tests.support.pages import opened, words

RUN = "echo-variable-gru"


def listed(app: Any) -> list[str]:
    return [button.label.replace("\\", "") for button in app.button if str(button.key).startswith("change-back-")]


def test_a_change_follows_its_fields_and_is_undone(shipped: object) -> None:
    app = opened("pages/echo.py", run=RUN, ask="change")
    assert not listed(app)
    assert "Nothing is changed yet" in words(app)
    app.selectbox(key="change-what").set_value("z.0").run()
    assert not listed(app)  # to choose what is to be changed changes nothing
    app.text_input(key="change-units-z.0").set_value("0-127").run()
    app.slider(key="change-value-set-0-1").set_value(1.0).run()
    assert not app.exception
    assert listed(app) == ["update gate z, layer 0, unit 0-127: set to 1"]
    assert "answers change" in words(app)
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
