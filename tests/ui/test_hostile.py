"""A class full of hostile people: whatever they ask for of somebody else's is refused, and nothing has changed then."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from seqlab.classroom import secrets, token
from seqlab.classroom.person import TEACHER, Person
from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.training import archive, intake
from seqlab.training.config import RunConfig
from seqlab.training.settings import Settings
from seqlab.training.sweep import Sweep, define
from seqlab.training.sweeps import Sweeps
from seqlab.ui.runs.picker import candidates
from seqlab.ui.shell import acting, own_texts, services
from seqlab.ui.shell.door import Door
from seqlab.ui.shell.navigation import pages
from tests.support.classes import SmallClass, finished, small_class
from tests.support.runs import tiny_config

TEXT = "The secret diary of Ana, which she alone may read. " * 20


class NoEngine:
    """An engine that nobody may reach; only its sweeps can be asked."""

    def __init__(self, root: Path) -> None:
        self.sweeps = type("OnlySweeps", (), {"sweeps": Sweeps(root)})()

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the engine was asked to {name}")


class Prey(SmallClass):
    """What Ana has beside her runs: a text, a sweep, one that she deleted, and a run in the trash."""

    text: str
    sweep: Sweep
    gone: Sweep
    trashed: str


@contextmanager
def preyed_on(folder: Path) -> Iterator[Prey]:
    with pytest.MonkeyPatch.context() as patch, small_class(folder, patch) as known:
        all_of_it = Prey(**vars(known))
        patch.setattr(acting, "engine", lambda: NoEngine(known.root))
        patch.setattr(intake, "unpack", archive.read)  # as its process does
        all_of_it.sits(known.ana)
        all_of_it.text = own_texts.add(len(TEXT), lambda: corpora.add(TEXT.encode(), "Diary"), lambda c: c.name).name
        sweeps = Sweeps(known.root)
        made = [Sweep(name, tiny_config(), {"network.hidden": (4, 8)}, 1.0, owner=known.ana.id) for name in "ab"]
        all_of_it.sweep, all_of_it.gone = (sweeps.get(sweeps.keep(sweep).id) for sweep in made)
        sweeps.delete(all_of_it.gone)
        all_of_it.trashed = services.library().delete(finished(known.root, "Trashed", owner=known.ana.id))
        all_of_it.sits(known.bo)
        yield all_of_it


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prey]:
    """One class for all calls, for none of them changes anything."""
    with preyed_on(tmp_path_factory.mktemp("hostile")) as known:
        yield known


@pytest.fixture
def prey(untouched: Prey) -> Prey:
    untouched.sits(untouched.bo)
    return untouched


def on_her_text(prey: Prey) -> RunConfig:
    return RunConfig.model_validate({"task": {"name": "text", "corpus": prey.text}, "steps": 10})


def uploaded(prey: Prey, name: str = "", content: bytes = b"{}", config: RunConfig | None = None) -> object:
    """Upload the zip of a run of one's own that holds one file more, or the config of another run."""
    whole = io.BytesIO()
    with zipfile.ZipFile(archive.write(prey.shared)) as known, zipfile.ZipFile(whole, "w") as packed:
        for member in known.infolist():
            body = known.read(member)
            if config is not None and member.filename.endswith("config.json"):
                body = config.model_dump_json().encode()
            packed.writestr(member.filename, body)
        if name:
            packed.writestr(f"{prey.shared.id}/{name}", content)
    whole.seek(0)
    return acting.made(lambda: services.library().import_zip(whole))


CALLS: dict[str, Callable[[Prey], object]] = {
    **{f"{do} a run of another's": lambda prey, do=do: acting.steer(prey.live, do)  # type: ignore[misc]
       for do in acting.STEERING},
    "change the learning rate": lambda prey: acting.set_lr(prey.live, 0.5),
    "pin a run": lambda prey: acting.pin(prey.shared, True),
    "unpin a run of the teacher's": lambda prey: acting.pin(prey.teachers, False),
    "rename a run": lambda prey: services.library().rename(prey.shared, "Bo was here"),
    "delete a shared run": lambda prey: services.library().delete(prey.shared),
    "delete a run by its id": lambda prey: services.library().delete(prey.private.id),
    "restore another's run": lambda prey: services.library().restore(prey.trashed),
    "empty everybody's trash": lambda prey: acting.empty_trash(),
    "empty it by the library": lambda prey: services.library().empty_trash(),
    "set the quota": lambda prey: acting.write_settings(Settings(quota_gb=0.001)),
    "share another's run": lambda prey: acting.share(prey.private, True),
    "unshare another's run": lambda prey: acting.share(prey.shared, False),
    "share a shipped run": lambda prey: acting.share(services.everything().runs()[-1], True),
    "name another's unit": lambda prey: acting.name_unit(prey.shared, "h.0", 1, "mine"),
    "train on from another's run": lambda prey: acting.resume(prey.private),
    "train on from its snapshot": lambda prey: acting.resume(prey.private, 0),
    "open a run by its address": lambda prey: services.library().get(prey.private.id),
    "open a run of the teacher's": lambda prey: services.library().get(prey.teachers.id),
    "climb out of the folder": lambda prey: services.library().get("../class"),
    "climb out, written otherwise": lambda prey: services.library().get("..%2fclass"),
    "open the trash": lambda prey: services.library().get(".trash"),
    "restore from elsewhere": lambda prey: services.library().restore("../../class"),
    "train on another's text": lambda prey: acting.start(on_her_text(prey)),
    "sweep over another's text": lambda prey: acting.go_on_sweep(
        define("x", on_her_text(prey), {"network.hidden": "8,16"})),
    "choose another's text": lambda prey: own_texts.checked(prey.text),
    "stop another's sweep": lambda prey: acting.stop_sweep(prey.sweep),
    "go on with another's sweep": lambda prey: acting.go_on_sweep(prey.sweep),
    "delete another's sweep": lambda prey: acting.delete_sweep(prey.sweep),
    "look at another's sweep": lambda prey: acting.require_sweep(Sweeps(prey.root).get(prey.sweep.id)),
    "bring back another's sweep": lambda prey: acting.restore_sweep(prey.gone.id),
    "bring back a sweep from elsewhere": lambda prey: acting.restore_sweep("../../class/class"),
    "upload an owner": lambda prey: uploaded(prey, "owner.json", b'{"owner": "teacher", "shared": true}'),
    "upload a pin": lambda prey: uploaded(prey, "pinned"),
    "upload over another's run": lambda prey: uploaded(prey, f"../{prey.private.id}/config.json"),
    "upload a run on another's text": lambda prey: uploaded(prey, config=on_her_text(prey)),
}


def everything(root: Path) -> dict[str, bytes]:
    """All files of a folder; what a refused upload may not leave behind is among them."""
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("call", CALLS)
def test_a_call_for_what_is_another_ones_is_refused(call: str, prey: Prey) -> None:
    before = everything(prey.root.parent)
    with pytest.raises(Fault, match=r"^[A-Z].*[.]$"):
        CALLS[call](prey)
    assert everything(prey.root.parent) == before


@pytest.mark.parametrize("page", [page.name for page in pages().values() if page.opens])
def test_no_page_opens_another_ones_run_by_its_address(page: str, prey: Prey, monkeypatch: pytest.MonkeyPatch) -> None:
    opens = pages()[page].opens
    assert opens is not None
    for run in (prey.private, prey.teachers):
        monkeypatch.setattr(st, "query_params", {"run": run.id})
        assert run.id not in candidates(opens)


COOKIES: dict[str, Callable[[Prey], str]] = {
    "none": lambda prey: "",
    "forged": lambda prey: f"{token.make(prey.here.keys, TEACHER).partition('.')[0]}.{'0' * 64}",
    "cut": lambda prey: token.make(prey.here.keys, prey.bo)[:-4],
    "the teacher's body under a pupil's signature": lambda prey: ".".join(
        (token.make(prey.here.keys, TEACHER).partition(".")[0], token.make(prey.here.keys, prey.bo).partition(".")[2])),
    "of nobody here": lambda prey: token.make(prey.here.keys, Person("p0123456789", "Eve")),
    "of another class": lambda prey: token.make(secrets.make(prey.root.parent / "other"), TEACHER),
    "old": lambda prey: token.make(prey.here.keys, prey.bo, now=1.0),
}


async def inside(request: Request) -> Response:
    return PlainTextResponse(request.state.person.role)


async def socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


@pytest.mark.parametrize("cookie", COOKIES)
def test_no_forged_cookie_opens_the_door(cookie: str, prey: Prey) -> None:
    app = Door(Starlette(routes=[WebSocketRoute("/{path:path}", socket), Route("/{path:path}", inside)]))
    browser = TestClient(app, base_url="http://lab.test", follow_redirects=False)
    browser.cookies.set(prey.here.keys.cookie, COOKIES[cookie](prey))
    assert browser.get(f"/echo?run={prey.private.id}").status_code == 401
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("ws://lab.test/_stcore/stream"):
        pass
    browser.cookies.set(prey.here.keys.cookie, token.make(prey.here.keys, prey.bo))
    for key in ("", prey.here.keys.code, prey.here.keys.name, "teacher"):
        assert browser.get("/teach", params={"key": key, "role": "teacher"}).status_code == 403
    assert browser.get("/?role=teacher").text == "pupil"


def test_there_are_forty_of_them_and_the_same_calls_work_for_the_owner(tmp_path: Path) -> None:
    with preyed_on(tmp_path) as prey:
        _owner_may(prey)


def _owner_may(prey: Prey) -> None:
    assert len(CALLS) + len(COOKIES) + sum(bool(page.opens) for page in pages().values()) >= 40
    prey.sits(prey.ana)
    acting.steer(prey.live, "stop")
    acting.pin(prey.shared, True)
    acting.share(prey.private, True)
    acting.name_unit(prey.shared, "h.0", 1, "mine")
    assert acting.names_of_units(prey.shared) == {"h.0": {1: "mine"}}
    services.library().rename(prey.shared, "Another")
    assert services.library().restore(prey.trashed).id == prey.trashed
    assert services.library().get(services.library().delete(prey.shared) and prey.private.id).name == "Anas secret"
    acting.restore_sweep(prey.gone.id)
    acting.delete_sweep(prey.sweep)
    assert own_texts.checked(prey.text) == prey.text
    prey.sits(prey.bo)
    assert services.library().get(prey.private.id).name == "Anas secret"
    prey.sits(TEACHER)
    assert own_texts.checked(prey.text) == prey.text
    acting.write_settings(Settings(quota_gb=5))
    acting.empty_trash()
