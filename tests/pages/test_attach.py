"""Data attached to an opened network on its page."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from seqlab.adopt.opening import write
from seqlab.adopt.parts import Contents
from seqlab.adopt.proposal import propose
from seqlab.training.run import Run
from tests.pages.test_open_checkpoint import network
from tests.support.pages import healthy, opened


def test_a_text_or_random_symbols_make_a_new_run_that_is_shown(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resumed: list[Run] = []
    monkeypatch.setattr("seqlab.ui.shell.acting.engine", lambda: SimpleNamespace(
        resume=lambda run, from_step, owner: resumed.append(run) or run))
    proposal = propose(Contents({name: part.numpy() for name, part in network().items()}))
    for answers, data in (({"purpose": "next", "vocabulary": "abc"}, {"corpus": "python-topics", "random": False}),
                          ({"purpose": "echo", "delay": "1"}, {"corpus": None, "random": True})):
        app = opened("opened", run=write(proposal.settle(answers), None, runs).id)
        if data["corpus"]:
            app.selectbox(key="attach-text").set_value("python-topics").run()
        app.number_input(key="attach-steps").set_value(7).run()
        app.button(key="attach").click().run()
        healthy(app)
        new = resumed[-1]
        assert app.query_params["run"] == new.id
        assert {key: new.config.task[key] for key in data} == data
        assert (new.config.steps, new.status.state, new.newest) == (7, "stopped", 0)
    other = opened("opened", run=write(proposal.settle({"purpose": "other"}), None, runs).id)
    assert not any(button.key == "attach" for button in other.button)
