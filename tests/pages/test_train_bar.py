"""The form of a new network: drawn when it is opened, read when a network is trained from it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.ui.shell.navigation import pages
from tests.support.pages import healthy, opened, own_runs

FORMS = [page.name for page in pages().values() if page.form]
FOLD = "settings-0"


@pytest.mark.parametrize("lab", FORMS)
def test_a_form_is_drawn_when_it_is_opened_and_stays(runs: Path, lab: str) -> None:
    app = opened(lab, folded=True)
    healthy(app)
    assert "Recipe" not in [box.label for box in app.selectbox]
    for unfolded in (True, False):
        app.session_state[FOLD] = unfolded
        assert "Recipe" in [box.label for box in app.run().selectbox], "what was typed would be lost"


@pytest.mark.parametrize("lab", [lab for lab in FORMS if pages()[lab].form.usual])  # type: ignore[union-attr]
def test_what_an_untouched_form_makes_is_known_without_it(lab: str) -> None:
    def both(lab: str) -> None:
        import streamlit as st

        from seqlab.ui.runs.seeds import next_seed
        from seqlab.ui.shell.navigation import pages
        form = pages()[lab].form
        assert form is not None
        assert form.usual is not None
        next_seed()  # the same for both
        st.text(form.settings().model_dump_json())
        st.text(form.usual().model_dump_json())

    drawn, undrawn = AppTest.from_function(both, kwargs={"lab": lab}, default_timeout=60).run().text
    assert drawn.value == undrawn.value


def test_a_press_reads_the_form_that_was_never_opened_and_shows_what_it_trains(runs: Path) -> None:
    app = opened("echo", folded=True)
    app.button(key="train").click().run()
    healthy(app)
    (run,) = own_runs(runs)
    assert app.query_params["run"] == run.id
    assert app.selectbox(key="picked").value == run.id
    assert "Training" in [header.value for header in app.header]
    assert "Recipe" not in [box.label for box in app.run().selectbox]
