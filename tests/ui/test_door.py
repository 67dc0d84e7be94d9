"""The door of a class: who gets in, what stands before it, and that everybody else stays outside."""

from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from seqlab.classroom import room, secrets, token
from seqlab.classroom.person import TEACHER
from seqlab.classroom.room import Room
from seqlab.ui.shell.door import MOST_BYTES, Door

HTML = {"accept": "text/html"}


async def inner(request: Request) -> Response:
    person = getattr(request.state, "person", None)
    return PlainTextResponse(f"inside {request.url.path} {person.nickname if person else 'anyone'}")


async def socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def client(scheme: str = "http") -> TestClient:
    routes = [WebSocketRoute("/{path:path}", socket), Route("/{path:path}", inner, methods=["GET", "PUT", "POST"])]
    return TestClient(Door(Starlette(routes=routes)), base_url=f"{scheme}://lab.test", follow_redirects=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    secrets.make(tmp_path)
    monkeypatch.setenv(secrets.VARIABLE, str(tmp_path))
    known = room.current()
    assert known is not None
    return known


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> str:
    usual = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: "sub/path" if name == "server.baseUrlPath" else usual(name))
    return "/sub/path"


def joined(here: Room, nickname: str = "Ana", **fields: str) -> TestClient:
    browser = client()
    answer = browser.post("/join", data={"code": here.keys.code, "nickname": nickname} | fields)
    assert answer.status_code == 303, answer.text
    return browser


def test_without_a_class_everybody_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(secrets.VARIABLE, raising=False)
    assert client().get("/join").text == "inside /join anyone"
    with client().websocket_connect("ws://lab.test/_stcore/stream"):
        pass


@pytest.mark.parametrize("cookie", ["", "x", "forged.0", "teacher"])
@pytest.mark.parametrize("path", ["/", "/echo?run=x", "/_stcore/stream", "/_stcore/upload_file/a/b", "/media/x.zip",
                                  "/static/js/main.js", "/class/events", "/join/", "//join", "/leave/.."])
def test_whoever_has_not_joined_gets_nothing(path: str, cookie: str, here: Room) -> None:
    browser = client()
    browser.cookies.set(here.keys.cookie, cookie)
    for answer in (browser.get(path), browser.put(path), browser.post(path), browser.get(path, headers=HTML)):
        assert answer.status_code == 401
        assert "inside /" not in answer.text
    with pytest.raises(WebSocketDisconnect) as refused, browser.websocket_connect(f"ws://lab.test{path}"):
        pass
    assert refused.value.code == 1008
    assert browser.get("/_stcore/health").text.startswith("inside")


def test_joining_leads_to_the_page_that_was_asked_for_and_leaving_ends_it(here: Room) -> None:
    browser = client()
    form = browser.get("/echo?run=a-b&delay=3", headers=HTML).text
    assert 'action="join"' in form
    assert 'value="echo?run=a-b&amp;delay=3"' in form
    assert f'value="{here.keys.code}"' in browser.get(f"/join?code={here.keys.code}").text
    answer = browser.post("/join", data={"code": f" {here.keys.code.lower()} ", "nickname": "Ana <b>",
                                         "wanted": "echo?run=a-b&delay=3"})
    assert (answer.status_code, answer.headers["location"]) == (303, "./echo?run=a-b&delay=3")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Path" not in cookie, "a proxy that strips a path off would let it go too far"
    assert "Secure" not in cookie
    assert browser.get("/echo").text == "inside /echo Ana <b>"
    with browser.websocket_connect("ws://lab.test/_stcore/stream"):
        pass
    assert browser.get("/join").headers["location"] == "./"
    (member,) = here.roster.members()
    page = browser.get("/leave").text
    code = here.roster.return_code(member.person)
    assert code in page
    assert "Ana &lt;b&gt;" in page
    assert browser.post("/leave").status_code == 303
    assert browser.get("/").status_code == 401
    assert browser.get("/leave").headers["location"] == "./join"
    assert browser.post("/join", data={"back": code.lower()}).status_code == 303
    assert browser.get("/x").text == "inside /x Ana <b>"
    assert len(here.roster.members()) == 1


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"code": "ZZZZZZ", "nickname": "Ana"}, "not the code of this class"),
    ({"code": "", "nickname": "Ana"}, "Type the code"),
    ({"nickname": "Ana"}, "Type the code"),
    ({"code": "!", "nickname": ""}, "nickname that others can see"),
    ({"code": "!", "nickname": "x" * 10_000}, "too long"),
    ({"code": "!", "nickname": "👩‍🔬" * 10_000}, "too long"),
    ({"code": "!", "nickname": "Teacher"}, "name of the teacher"),
    ({"back": "AAAA-AAAA"}, "return code"),
    ({"code": "<script>", "nickname": '"><script>alert(1)</script>'}, "not the code"),
])
def test_every_fault_is_a_sentence_on_the_form_which_keeps_what_was_typed(fields: dict[str, str], sentence: str,
                                                                         here: Room) -> None:
    typed = {name: here.keys.code if value == "!" else value for name, value in fields.items()}
    answer = client().post("/join", data=typed | {"wanted": "echo"})
    assert answer.status_code == 403
    assert sentence in answer.text
    assert "<script" not in answer.text
    assert 'value="echo"' in answer.text
    if 0 < len(typed.get("nickname", "")) < 40 and "<" not in typed["nickname"]:
        assert f'value="{typed["nickname"]}"' in answer.text
    assert not here.roster.members()


@pytest.mark.parametrize("body", [b"\xff\xfe", b"code=" + b"x" * MOST_BYTES, b"&".join([b"a=1"] * 50), b""])
def test_a_body_that_is_no_form_is_said(body: bytes, here: Room) -> None:
    answer = client().post("/join", content=body)
    assert answer.status_code == 403
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("wanted", ["//evil.test", "https://evil.test", "/echo", "../x", "join", "leave?x",
                                    "a\r\nb: c"])
def test_nobody_is_led_elsewhere(wanted: str, here: Room) -> None:
    answer = client().post("/join", data={"code": here.keys.code, "nickname": "Ana", "wanted": wanted})
    assert answer.headers["location"] == "./"


def test_a_form_of_another_website_does_nothing(here: Room) -> None:
    data = {"code": here.keys.code, "nickname": "Ana"}
    assert client().post("/join", data=data, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert not here.roster.members()


def test_the_teachers_link_opens_as_often_as_one_likes_and_no_other_does(here: Room) -> None:
    for browser in (client(), joined(here)):
        answer = browser.get(f"/teach?key={here.keys.teacher}")
        assert (answer.status_code, answer.headers["location"]) == (303, "./classroom")
        assert browser.get("/x").text == "inside /x Teacher"
    pupil = joined(here)
    for key in ("", "x", here.keys.code, here.keys.teacher[:-1], here.keys.teacher + "x"):
        assert pupil.get("/teach", params={"key": key}).status_code == 403
    assert pupil.get("/x").text == "inside /x Ana 2"


def test_a_class_that_began_anew_knows_no_old_cookie(here: Room, tmp_path: Path) -> None:
    browser = joined(here)
    keys = secrets.make(tmp_path)
    browser.cookies.set(keys.cookie, browser.cookies[here.keys.cookie])
    assert browser.get("/").status_code == 401
    assert client().post("/join", data={"code": here.keys.code, "nickname": "Bo"}).status_code == 403
    (tmp_path / secrets.FILE).write_text("{")
    for path in ("/", "/join", "/teach"):
        assert client().get(path).status_code == 503


def test_under_a_base_path_and_through_a_proxy(here: Room, base: str) -> None:
    browser = client("https")
    assert browser.get(base, headers=HTML).headers["location"] == "path/"
    assert browser.get(f"{base}/echo", headers=HTML).text.count('action="join"') == 2
    assert browser.get(f"{base}/a/b", headers=HTML).text.count('action="../join"') == 2
    answer = browser.post(f"{base}/join", data={"code": here.keys.code, "nickname": "Ana", "wanted": "echo"})
    assert answer.headers["location"] == "./echo"
    assert "Secure" in answer.headers["set-cookie"].split("; ")
    assert browser.get(f"{base}/x").text.endswith("Ana")
    assert browser.get("/sub/pathology").status_code == 401, "another path, to which the cookie does not go"
    plain: Any = client().post("/join", data={"code": here.keys.code, "nickname": "Bo"},
                               headers={"x-forwarded-proto": "https"})
    assert "Secure" in plain.headers["set-cookie"]


def test_a_cookie_of_the_teacher_is_made_by_the_secret_alone(here: Room) -> None:
    body = token.make(here.keys, TEACHER).partition(".")[0]
    browser = joined(here)
    signature = browser.cookies[here.keys.cookie].partition(".")[2]
    browser.cookies.clear()
    browser.cookies.set(here.keys.cookie, f"{body}.{signature}")
    assert browser.get("/").status_code == 401


def test_the_teacher_alone_shows_the_poster(here: Room, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger, pupil, teacher = client(), joined(here), client()
    teacher.get(f"{base}/teach", params={"key": here.keys.teacher})
    assert stranger.get(f"{base}/invite", headers=HTML).status_code == 401
    assert pupil.get(f"{base}/invite").status_code == 403
    monkeypatch.setenv("SEQLAB_ADDRESS", "https://lab.test/a&b")
    shown = teacher.get(f"{base}/invite")
    assert shown.status_code == 200
    assert "https:/<wbr>/<wbr>lab.test/<wbr>a&amp;b<" in shown.text
    assert here.keys.code in shown.text
    assert here.keys.teacher not in shown.text
    assert "<svg" in shown.text
    monkeypatch.delenv("SEQLAB_ADDRESS")
    assert "lab.test/<wbr>sub/<wbr>path<" in teacher.get(f"{base}/invite").text
