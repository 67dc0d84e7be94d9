"""A loop that is recorded, on the page of opened networks."""

from pathlib import Path

from seqlab.ui.shell import services
from tests.recording.loops import Loop, recorded
from tests.support.pages import opened, words
from tests.support.waiting import wait_for


def test_a_recorded_loop_is_live_and_nothing_of_it_is_invented(runs: Path) -> None:
    loop = Loop()
    with recorded(runs, loop) as log:
        assert log.step(loss=loop.update(), score=0.5)
        run = log.run
        assert run
        wait_for(lambda: run.status.step == 1)
        app = opened("pages/opened.py")
        assert not app.exception
        for text in ("Recorded elsewhere", "GRU, 6 units"):
            assert text in words(app)
        for invented in ("batch 64", "seed 0", "adam", "A worker is taking"):
            assert invented not in words(app)
        app.number_input(key=f"lr-{run.id}").set_value(0.25).run()
        wait_for(lambda: log.lr == 0.25)
        app.button(key="stop").click().run()
        wait_for(lambda: not log.step(loss=loop.update()))
    assert run.status.state == "stopped"
    app.run()
    assert "Stopped at step" in words(app)
    assert "fork" not in {button.key for button in app.button}
    assert services.engine().queued() == []
