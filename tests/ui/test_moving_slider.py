"""The slider that sends while it is dragged: what it offers, and what it takes from the browser."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.pages import chart, slide


def page(now: "Any", sent: "Any") -> None:
    """A page with a slider that stands at ``now``, and a button that does what a message from its browser does."""
    import streamlit as st

    from seqlab.ui.shell.choices import choose_number
    from seqlab.ui.widgets.moving_slider import Slider, moving_slider

    if now is not None:
        st.session_state.setdefault("scale", now)
    st.text(choose_number(moving_slider, "Scale", 0.0, 0.5, 0.2, "scale", step=0.1, format="%.2f"))
    data = Slider("scale", [0.0, 0.1, 0.2], ["0.00", "0.10", "0.20"], lambda: st.session_state.update(called=True))
    st.button("send", on_click=data.moved, args=(sent,))


@pytest.mark.parametrize(("now", "stops", "value"), [
    (None, ["0.00", "0.10", "0.20", "0.30", "0.40", "0.50"], "0.2"), (7.0, None, "0.5"), (-1.0, None, "0.0"),
    (0.37, ["0.00", "0.10", "0.20", "0.30", "0.37", "0.40", "0.50"], "0.37")])
def test_it_stands_at_each_number_between_its_ends(now: Any, stops: list[str] | None, value: str) -> None:
    app = AppTest.from_function(page, args=(now, None)).run()
    data = chart(app, "scale-slider")
    assert (app.text[0].value, data["texts"][data["at"]]) == (value, f"{float(value):.2f}")
    assert stops is None or data["texts"] == stops
    slide(app, "scale", 0.4)
    assert ("".join(app.query_params["scale"]), chart(app, "scale-slider")["texts"][-2]) == ("0.4", "0.40")


@pytest.mark.parametrize(("sent", "value", "turn"), [
    ({"turn": 3, "at": 1, "text": "0.10"}, "0.1", 3), ({"turn": 3, "at": 1, "text": "0.20"}, "0.2", 3),
    ({"turn": 3, "at": -1, "text": "0.20"}, "0.2", 3), ({"turn": 3, "at": 9, "text": "0.10"}, "0.2", 3),
    ({"turn": "x", "at": 1, "text": "0.10"}, "0.2", 0), (None, "0.2", 0)])
def test_a_message_is_answered_and_what_is_no_stop_is_not_taken(sent: Any, value: str, turn: int) -> None:
    app = AppTest.from_function(page, args=(None, sent)).run()
    app.button[0].click().run()
    assert not app.exception
    assert (app.text[0].value, chart(app, "scale-slider")["turn"]) == (value, turn)
    assert ("called" in app.session_state) == (value == "0.1")
