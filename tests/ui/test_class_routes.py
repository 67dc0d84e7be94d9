"""What pages of a class ask beside Streamlit: the stream of news, and who may do what."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from seqlab.classroom import ownership, room, secrets, token
from seqlab.classroom.board import Board, board_of
from seqlab.classroom.person import TEACHER, Person
from seqlab.classroom.room import Room
from seqlab.training.run import Run, create
from seqlab.ui.shell import class_routes, services
from seqlab.ui.shell.class_routes import MOST_BYTES, ClassRoutes
from seqlab.ui.shell.door import Door
from tests.support.runs import small_config

ECHO = {"at": {"page": "echo", "query": "word=a&delay=3"}}


def app() -> ASGIApp:
    return Door(ClassRoutes(Starlette(routes=[Route("/{path:path}", lambda request: PlainTextResponse("Streamlit"),
                                                    methods=["GET", "POST"])])))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    secrets.make(tmp_path / "class")
    monkeypatch.setenv(secrets.VARIABLE, str(tmp_path / "class"))
    monkeypatch.setenv("SEQLAB_RUNS", str(tmp_path / "runs"))
    services.everything.cache_clear()
    known = room.current()
    assert known is not None
    return known


def cookie(here: Room, person: Person) -> str:
    return f"{here.keys.cookie}={token.make(here.keys, person)}"


def browser(here: Room, person: Person) -> TestClient:
    return TestClient(app(), base_url="http://lab.test", headers={"cookie": cookie(here, person)})


def test_without_a_class_and_without_a_cookie_there_is_nothing(here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = TestClient(app(), base_url="http://lab.test")
    for path in ("events", "answers.csv", "show"):
        assert stranger.get(f"/class/{path}").status_code == 401
        assert stranger.post(f"/class/{path}", json=ECHO).status_code == 401
    monkeypatch.delenv(secrets.VARIABLE)
    assert stranger.get("/class/events").text == "Streamlit"


def test_the_teachers_hand_and_a_pupils(here: Room) -> None:
    ana, _ = here.roster.join("Ana")
    board, teacher, pupil = board_of(here.folder), browser(here, TEACHER), browser(here, ana)
    assert teacher.post("/class/show", json=ECHO).json() == {"said": ""}
    assert board.place is not None
    assert board.place.model_dump() == ECHO["at"]
    for name, given in {"show": {"at": None}, "freeze": {"frozen": True}, "over": {}, "point": {"at": None}}.items():
        answer = pupil.post(f"/class/{name}", json=given)
        assert (answer.status_code, answer.json()["said"]) == (409, "Only the teacher can do this.")
    assert board.place is not None
    assert not board.frozen
    assert pupil.get("/class/answers.csv").status_code == 404
    one = board.ask("Which?", ("a", "b"))
    assert pupil.post("/class/answer", json={"round": one.id, "answer": "a"}).status_code == 200
    assert "already" in pupil.post("/class/answer", json={"round": one.id, "answer": "a"}).json()["said"]
    table = teacher.get("/class/answers.csv")
    assert "Which?" in table.text
    assert "Ana,a" in table.text
    assert teacher.post("/class/over", json={}).status_code == 200
    assert board.round is None
    assert browser(here, ana).get("/echo").text == "Streamlit"


@pytest.mark.parametrize(("name", "body", "sentence"), [
    ("show", b"{", "cannot be read"), ("show", b"[]", "cannot be read"), ("show", b'{"at": 3}', "cannot be read"),
    ("show", json.dumps({"at": {"page": "nowhere", "query": ""}}).encode(), "cannot be shown"),
    ("show", json.dumps({"at": {"page": "classroom", "query": ""}}).encode(), "cannot be shown"),
    ("show", json.dumps({"at": {"page": "../x", "query": ""}}).encode(), "cannot be read"),
    ("show", json.dumps({"at": {"page": "echo", "query": "a=b&" * 900}}).encode(), "too long"),
    ("point", b'{"at": {"name": "x", "x": NaN, "y": 0}}', "cannot be read"),
    ("freeze", b"x" * (MOST_BYTES + 1), "too long"), ("answer", b'{"round": 1, "answer": "a"}', "is over"),
    ("events", b"{}", "nothing of the class"), ("unknown", b"{}", "nothing of the class")])
def test_what_a_page_cannot_ask_is_one_sentence(name: str, body: bytes, sentence: str, here: Room) -> None:
    answer = browser(here, TEACHER).post(f"/class/{name}", content=body)
    assert answer.status_code in (404, 409)
    assert sentence in answer.json()["said"]
    assert "elsewhere" not in answer.text
    other = browser(here, TEACHER).post("/class/freeze", json={"frozen": True}, headers={
        "sec-fetch-site": "cross-site"})
    assert "another website" in other.json()["said"]


def test_what_the_teacher_shows_can_be_read_by_all(here: Room, tmp_path: Path) -> None:
    run = create(tmp_path / "runs", small_config(), id="mine-1")
    assert not ownership.is_shared(run)
    place = {"at": {"page": "echo", "query": f"run={run.id}&word=b"}}
    assert browser(here, TEACHER).post("/class/show", json=place).status_code == 200
    assert ownership.is_shared(Run(run.path))


def test_the_stream_begins_where_a_page_left_it_beats_and_ends_with_the_person(
        here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_routes, "BEAT", 0.05)
    ana, _ = here.roster.join("Ana")
    board = board_of(here.folder)

    async def lesson() -> str:
        async with Stream(cookie(here, ana), board) as first:
            assert '"place": null' in await first.until("data: {")
            await first.until("event: beat")
            board.freeze(True)
            version = (await first.until('"frozen": true')).rpartition("id: ")[2].split()[0]
        assert not board.present()
        async with Stream(cookie(here, ana), board, version) as again:
            board.freeze(False)
            text = await again.until('"frozen": false')
            assert "place" not in text
            here.roster.remove(ana)
            await again.ended()
        async with Stream(cookie(here, ana), board) as gone:
            await gone.ended()
            return gone.text
    assert "Join the class first" in asyncio.run(lesson())


class Stream:
    """A browser's stream without the browser."""

    def __init__(self, cookie: str, board: Board, since: str = "") -> None:
        headers = {"cookie": cookie, "host": "lab.test"} | ({"last-event-id": since} if since else {})
        self.scope: dict[str, Any] = {
            "type": "http", "method": "GET", "path": "/class/events", "query_string": b"", "client": ("1.2.3.4", 5),
            "scheme": "http", "server": ("lab.test", 80), "root_path": "", "http_version": "1.1",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
        self.text, self.came, self.leaves = "", asyncio.Event(), asyncio.Event()

    async def __aenter__(self) -> "Stream":
        self.task = asyncio.ensure_future(app()(self.scope, self.receive, self.send))
        return self

    async def __aexit__(self, *error: object) -> None:
        self.leaves.set()
        await asyncio.wait_for(self.task, 20)

    async def receive(self) -> dict[str, Any]:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.text += message.get("body", b"").decode()
        self.came.set()

    async def until(self, part: str) -> str:
        """Read on until something has come; returns all that has come so far, and forgets it."""
        async with asyncio.timeout(20):
            while part not in self.text:
                self.came.clear()
                await self.came.wait()
        text, self.text = self.text, ""
        return text

    async def ended(self) -> None:
        await asyncio.wait_for(asyncio.shield(self.task), 20)
