"""What Python draws otherwise on a projector, and who says that it is one: the address at first, then a person."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.figures.presented import TALLER
from seqlab.figures.theme import PRESENTED


def _page() -> None:
    import plotly.graph_objects as go
    import streamlit as st

    from seqlab.figures.theme import template
    from seqlab.ui.shell import presenting
    from seqlab.ui.shell.charts import chart

    presenting.follow(st.session_state.pop("wish", ""))
    chart(go.Figure(layout={"template": template(dark=False), "height": 200}), key="chart")
    st.markdown(str(presenting.height(200)))


def drawn(app: AppTest) -> tuple[int, int, float]:
    """Height of a picture, height of a chart, and the size of its ticks."""
    assert not app.exception
    (plotly,) = app.get("plotly_chart")
    layout: dict[str, Any] = json.loads(plotly.proto.spec)["layout"]
    return int(app.markdown[0].value), layout["height"], layout["template"]["layout"]["xaxis"]["tickfont"]["size"]


DESK, PROJECTOR = (200, 200, 12.0), (round(TALLER * 200), round(TALLER * 200), float(PRESENTED.least))


@pytest.mark.parametrize("address", ["", "inverted"])
def test_the_address_presents_a_page_until_a_person_ends_it(address):
    app = AppTest.from_function(_page)
    assert drawn(app.run()) == DESK
    app = AppTest.from_function(_page)
    app.query_params["present"] = address
    assert drawn(app.run()) == PROJECTOR
    del app.query_params["present"]  # another page of this session was opened: its address says nothing yet
    assert drawn(app.run()) == PROJECTOR
    app.session_state["wish"] = "plain"
    assert drawn(app.run()) == DESK
    app.session_state["wish"] = "reveal"  # something else that the frame may say
    assert drawn(app.run()) == DESK
    app.session_state["wish"] = "present"
    assert drawn(app.run()) == PROJECTOR
