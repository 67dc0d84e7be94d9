"""``seqlab class`` without a server: what it prints, what it keeps, what it refuses."""

import os
import socket
import stat
from pathlib import Path

import pytest

from seqlab import command_line as commands
from seqlab.classroom import network, secrets, serve
from tests.support.servers import free_port


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """Every server that would have been started, by its arguments."""
    called: list[list[str]] = []
    monkeypatch.setattr("seqlab.classroom.pages.os.execv", lambda program, arguments: called.append(arguments))
    monkeypatch.setattr(network, "addresses", lambda: ["192.168.1.7", "10.0.0.7"])
    monkeypatch.setattr(os, "environ", os.environ.copy() | {"SEQLAB_RUNS": str(tmp_path / "runs")})
    monkeypatch.delenv("SEQLAB_ADDRESS", raising=False)
    return called


def open_class(*options: str) -> None:
    commands.main(["class", "--port", str(free_port()), *options])


def test_it_says_how_people_get_in_and_keeps_it_for_the_next_time(
        started: list[list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_class("--base-path", "/sub/path/", "--training", "2")
    folder, said = tmp_path / "runs" / ".class", capsys.readouterr().out
    keys, port = secrets.read(folder), started[0][started[0].index("--server.port") + 1]
    address = f"http://192.168.1.7:{port}/sub/path"
    assert all(part in said for part in (
        f"{address}\n", f"http://10.0.0.7:{port}/sub/path\n", keys.code, f"{address}/teach?key={keys.teacher}", "▄"))
    assert (os.environ["SEQLAB_CLASS"], os.environ["SEQLAB_ADDRESS"]) == (str(folder), address)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "class.json")] == [0o700, 0o600]
    del os.environ["SEQLAB_ADDRESS"]
    open_class("--password", "Blue  whale")
    again = secrets.read(folder)
    assert (again.code, again.teacher, again.limits.training) == ("Blue whale", keys.teacher, 2)
    open_class("--fresh")
    assert secrets.read(folder).teacher != keys.teacher


def test_the_server_is_open_to_the_network_and_closed_to_other_sites(started: list[list[str]]) -> None:
    open_class("--address", "https://Lab.example/sub/path/", "--host", "127.0.0.1", "--base-path", "sub/path")
    flags = dict(zip(started[0][5::2], started[0][6::2], strict=True))
    assert flags["--server.address"] == "127.0.0.1"
    assert flags["--server.baseUrlPath"] == "sub/path"
    assert flags["--server.corsAllowedOrigins"] == "https://lab.example"
    assert flags["--server.enableXsrfProtection"] == flags["--server.enableCORS"] == "true"
    assert os.environ["SEQLAB_ADDRESS"] == "https://Lab.example/sub/path"


@pytest.mark.parametrize(("options", "expected"), [
    (["--host", "203.0.113.9"], "no address of this machine"), (["--base-path", "a/../b"], "like /sub/path"),
    (["--base-path", "a?b"], "like /sub/path"), (["--address", "lab.example"], "like https://"),
    (["--address", "http://x:99999"], "like https://"), (["--address", "http://me:secret@x"], "like https://"),
    (["--password", "abc"], "4 to 100"), (["--training", "0"], "at least 1"), (["--port", "99999"], "1 to 65535"),
    (["--folder", "/proc/none/class"], "cannot be written"), (["--steps", "many"], "steps")])
def test_what_cannot_be_is_one_sentence(options: list[str], expected: str, started: list[list[str]],
                                        capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        open_class(*options)
    said = capsys.readouterr()
    assert (end.value.code, said.out, len(said.err.splitlines()), started) == (2, "", 1, [])
    assert expected in said.err


def test_a_port_that_is_taken_and_a_machine_without_a_network(
        started: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SystemExit):
            commands.main(["class", "--host", "127.0.0.1", "--port", str(other.getsockname()[1])])
    assert "is taken by another program" in capsys.readouterr().err
    monkeypatch.setattr(network, "addresses", list)
    with pytest.raises(SystemExit):
        open_class()
    assert "in no network" in capsys.readouterr().err
    open_class("--address", "http://lab.example")
    assert len(started) == 1


def test_this_machine_is_not_named_by_an_address_of_its_own_alone() -> None:
    assert not [number for number in network.addresses() if number.startswith(("127.", "169.254.", "0."))]


def test_a_terminal_without_the_characters_gets_no_code_to_photograph(tmp_path: Path) -> None:
    invitation = serve.Invitation("http://192.168.1.7:8501", secrets.make(tmp_path / "class"))
    assert not any("▄" in part for part in serve.said(invitation, "ascii", coloured=True))
    assert any("▄" in part for part in serve.said(invitation, "utf-8", coloured=True))
