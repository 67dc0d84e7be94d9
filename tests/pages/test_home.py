"""Home leads: the picture, four ways on, and a network that trains on this very screen."""

from pathlib import Path
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest

from seqlab.lessons import progress
from seqlab.training import status
from seqlab.ui.lessons.opened import shelf
from seqlab.ui.shell import services
from seqlab.ui.shell.navigation import HOME
from tests.support.pages import healthy, opened, own_runs, pictures, words
from tests.support.runs import tiny_run
from tests.support.waiting import wait_for


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def leads(app: AppTest) -> dict[str, tuple[str, dict[str, str]]]:
    """Where the links on the page lead, by what stands on them: the page, and what its address says."""
    return {link.proto.label: (link.proto.page or HOME, dict(parse_qsl(link.proto.query_string)))
            for link in app.get("page_link")}


def test_without_any_network_the_four_ways_are_there(runs: Path) -> None:
    app = opened("home")
    healthy(app)
    assert "No shipped network is here" in words(app)
    assert "What do you want to do?" in words(app)
    assert {"Learn", "A network of your own, from a file", "A text of your own, to train on"} <= set(links(app))
    assert app.code[0].value == "python -m seqlab class"
    assert app.button(key="try-one").label == "Train"


def test_the_shipped_network_is_shown_and_the_next_lesson_is_the_first_that_is_not_done(shipped: Path) -> None:
    first, second = list(shelf().lessons.values())[:2]
    app = opened("home")
    healthy(app)
    assert pictures(app) > 1
    assert f"{first.title}, {first.minutes} min" in words(app)
    assert leads(app)["Learn"] == (first.steps[0].page, {**first.steps[0].address, "lesson": f"{first.name}.1"})
    assert leads(app)["A network of your own, from a file"] == ("runs", {})
    assert leads(app)["A text of your own, to train on"] == ("text", {})
    assert leads(app)["Lessons, each with a teacher's note"] == ("lessons", {})
    for step in range(1, len(first.steps) + 1):
        progress.mark(services.library().root, first, step)
    app = opened("home")
    assert f"{second.title}, {second.minutes} min" in words(app)
    assert leads(app)["Learn"] == (second.steps[0].page, {**second.steps[0].address, "lesson": f"{second.name}.1"})
    progress.mark(services.library().root, second, 1)
    progress.visit(services.library().root, second, 2)
    assert leads(opened("home"))["Learn"][1]["lesson"] == f"{second.name}.2"


def test_one_press_trains_a_network_that_home_shows_from_then_on(shipped: Path) -> None:
    app = opened("home")
    app.button(key="try-one").click().run()
    healthy(app)
    (run,) = own_runs(shipped)
    assert app.query_params["run"] == run.id
    assert "What do you want to do?" not in words(app)
    wait_for(lambda: "right · step" in words(app.run()), pause=0.3)
    app.button(key="stop").click().run()
    wait_for(lambda: run.status.state == "stopped")
    wait_for(lambda: f"**Stopped** · **{(run.status.evaluation or run.status.accuracy or 0):.1%}** right" in words(
        app.run()), pause=0.3)
    healthy(app)
    assert pictures(app) > 1
    assert "stop" not in [button.key for button in app.button]


def test_a_paused_network_says_so_and_can_go_on(runs: Path) -> None:
    run = tiny_run(runs)
    status.write(run.path, run.status, state="paused", step=3, accuracy=0.5, evaluation=None)
    app = opened("home", run=run.id)
    assert not app.exception
    assert f"**Paused** · **50.0%** right · step 3 of {run.status.steps:,}" in words(app)
    assert {"resume", "stop"} <= {button.key for button in app.button}
