"""The teacher's page of the class: who may see it, who is on it, and what a press does and takes back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.classroom.board import Address, Board, Present, board_of
from seqlab.classroom.ownership import is_shared
from seqlab.classroom.person import TEACHER
from seqlab.errors import Fault
from seqlab.training import status
from seqlab.ui.shell import acting, visitor
from seqlab.ui.studios.teacher import acts
from seqlab.ui.studios.teacher.people import attendances
from tests.pages.test_foreign import found
from tests.support.classes import SmallClass, finished, small_class
from tests.support.pages import chart, healthy, html, opened, words

POISON = "[x](http://evil.example/) :red[z] $q$"


class Engine:
    """An engine that only notes what goes on."""

    def __init__(self) -> None:
        self.resumed: list[tuple[object, ...]] = []

    def running(self) -> list[str]:
        return []

    def resume(self, run: Any, from_step: int | None, *, owner: str) -> Any:
        self.resumed.append((run.id, from_step, owner))
        status.write(run.path, run.status, state="queued")
        return run


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallClass]:
    with small_class(tmp_path, monkeypatch) as known:
        engine = Engine()
        for module in (acting, acts):
            monkeypatch.setattr(module, "engine", lambda: engine)
        monkeypatch.setattr(status, "SILENCE", 1e6)  # a slow test is no run that nobody holds
        known.sits(TEACHER)
        yield known


def menu(app: AppTest) -> set[str]:
    return {element.proto.label for element in app.get("page_link")}


def cards(app: AppTest) -> list[tuple[str, int]]:
    return [(card["name"], len(card["curves"])) for card in chart(app, "class-cards")["cards"]]


def on(app: AppTest, person: str) -> AppTest:
    """Choose a person's card, as a click does."""
    app.session_state["class-chosen"] = person
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_the_teacher_alone_has_it(known: SmallClass) -> None:
    app = opened("classroom")
    healthy(app)
    assert "Class" in menu(app)
    assert cards(app) == [("Ana", 3)]  # Bo is away and trains nothing
    app.toggle(key="class-away").set_value(True).run()
    assert cards(app) == [("Ana", 3), ("Bo", 0)]
    on(app, known.ana.id)
    known.sits(known.bo)
    press(app, f"class-stop-{known.live.id}")
    assert known.live.status.state == "paused"
    with pytest.raises(Fault, match="teacher"):  # so does the part that draws itself again
        acts.teaching()
    pupils = opened("classroom")
    for refused in (app, pupils):
        assert "This page is the teacher's" in words(refused, "warning")
        assert "class-stop-all" not in {button.key for button in refused.button}
    assert "Class" not in menu(pupils)


def test_networks_are_stopped_cleared_and_come_back(known: SmallClass) -> None:
    app = on(opened("classroom"), known.ana.id)
    press(app, f"class-stop-{known.live.id}")
    assert known.live.status.state == "stopped"
    assert "Undo: let Anas live one go on" in {button.label for button in app.button}
    press(app, "class-undo")
    assert acting.engine().resumed == [(known.live.id, None, TEACHER.id)]  # type: ignore[attr-defined]
    press(app, "class-clear")
    assert cards(app) == [("Ana", 1)]
    assert not known.private.path.exists()
    press(app, "class-undo")
    assert cards(app) == [("Ana", 3)]
    press(press(app, "class-all"), "class-stop-all")
    assert known.live.status.state == "stopped"
    healthy(app)


def test_a_network_is_shared_and_sent_to_all(known: SmallClass) -> None:
    app, board = on(opened("classroom"), known.ana.id), board_of(known.here.folder)
    press(app, f"class-group_add-{known.private.id}")
    assert is_shared(known.private)
    press(app, f"class-group_off-{known.private.id}")
    assert not is_shared(known.private)
    press(app, f"class-send-{known.private.id}")
    assert board.place == Address(page="echo", query=f"run={known.private.id}")
    assert is_shared(known.private)
    app.selectbox(key="class-send-what").set_value(known.teachers.id).run()
    press(app, "class-send")
    assert board.place == Address(page="echo", query=f"run={known.teachers.id}")
    healthy(app)


def test_somebody_is_taken_out_and_back_in_and_a_name_stays_text(known: SmallClass) -> None:
    named, code = known.here.roster.join(POISON)
    app = on(opened("classroom"), named.id)
    assert not found(app), found(app)
    press(app, f"class-remove-{named.id}")
    assert known.here.roster.get(named.id) is None
    assert not found(app), found(app)
    press(app, "class-undo")
    assert known.here.roster.back(code) == named
    for person in (known.ana, known.bo, named):
        on(app, person.id)
        press(app, f"class-remove-{person.id}")
    healthy(app)
    assert known.live.status.state == "stopped"
    assert "Nobody has joined yet" in words(app, "info")
    assert [code.value for code in app.code].count(known.here.keys.code) == 2  # in the teacher's menu, and on the page


def test_a_screen_is_opened_where_its_owner_is(known: SmallClass, monkeypatch: pytest.MonkeyPatch) -> None:
    at = {known.bo.id: Present(known.bo, Address(page="echo", query='word=a&x="><img src=e>'))}
    monkeypatch.setattr(Board, "present", lambda board: at)
    assert [one.where for one in attendances(known.here, board_of(known.here.folder))] == ["has just left", "Echo lab"]
    app = on(opened("classroom"), known.bo.id)
    assert 'href="./echo?word=a&amp;x=&quot;&gt;&lt;img src=e&gt;"' in html(app)
    at[known.bo.id] = Present(known.bo, Address(page="nowhere"))
    assert "Open their screen" not in html(app.run())


def test_what_trains_comes_before_what_waits(known: SmallClass) -> None:
    waits = finished(known.root, "Anas waiting one", "queued", owner=known.ana.id)
    ana, _ = attendances(known.here, board_of(known.here.folder))
    assert [run.id for run in ana.going] == [known.live.id, waits.id]


def test_a_session_that_ends_while_it_is_drawn_is_no_failure(known: SmallClass,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    left = iter([visitor.cookies()] * 2)
    monkeypatch.setattr(visitor, "cookies", lambda: next(left, {}))
    app = opened("home")
    assert "join again" in words(app, "warning")
    assert not app.error


def test_without_a_class_it_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEQLAB_CLASS", raising=False)
    app = opened("classroom")
    assert "seqlab class" in words(app, "info")
    assert "Class" not in menu(app)
