"""The secrets of a class, and the cookies that they sign."""

import json
import stat
from pathlib import Path

import pytest

from seqlab.classroom import room, secrets, token
from seqlab.classroom.limits import Limits
from seqlab.classroom.person import TEACHER
from seqlab.classroom.roster import Roster
from seqlab.errors import Fault


def test_nobody_else_reads_the_secrets_and_they_come_back(tmp_path: Path) -> None:
    made = secrets.make(tmp_path / "class", limits=Limits(steps=500))
    assert secrets.read(tmp_path / "class") == made
    assert len(made.code) == 6
    assert set(made.code) <= set(secrets.LETTERS)
    assert stat.S_IMODE((tmp_path / "class").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "class" / secrets.FILE).stat().st_mode) == 0o600
    assert not [secret for secret in (made.code, made.teacher, made.signing) if secret in repr(made) + str(made)]
    again = secrets.make(tmp_path / "class", code=" my own  password ")
    assert again.code == "my own password"
    assert again.signing != made.signing


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 9000, b'{"code": "ABCDEF", "teacher": "x"}', b"\xff"])
def test_a_file_that_is_none_is_said_and_lets_nobody_in(content: bytes, tmp_path: Path) -> None:
    (tmp_path / secrets.FILE).write_bytes(content)
    with pytest.raises(Fault, match="start the class again"):
        secrets.read(tmp_path)
    with pytest.raises(Fault, match="start it again"):
        secrets.read(tmp_path / "nothing")
    with pytest.raises(Fault, match="4 to 100 characters"):
        secrets.make(tmp_path, code="abc")


@pytest.mark.parametrize(("typed", "right"), [("ACDEFG", True), (" acd-efg ", True), ("ac d e fg", True),
                                              ("ACDEFH", False), ("ACDEF", False), ("", False), ("é" * 6, False)])
def test_a_code_is_the_same_however_it_is_typed(typed: str, right: bool) -> None:
    assert secrets.same_code(typed, "ACDEFG") is right


def test_no_class_where_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(secrets.VARIABLE, raising=False)
    assert room.current() is None
    keys = secrets.make(tmp_path)
    monkeypatch.setenv(secrets.VARIABLE, str(tmp_path))
    here = room.current()
    assert here is not None
    assert here.keys == keys


def test_only_a_whole_cookie_of_this_class_is_somebody(tmp_path: Path) -> None:
    keys, roster = secrets.make(tmp_path), Roster(tmp_path, secrets.read(tmp_path))
    person, _ = roster.join("Ana")
    good = token.make(keys, person)
    assert token.read(keys, roster, good) == person
    assert token.read(keys, roster, token.make(keys, TEACHER)) == TEACHER
    assert not [secret for secret in (keys.code, keys.teacher, keys.signing) if secret in good]
    body, _, signature = good.partition(".")
    other = secrets.make(tmp_path / "other")
    forged = [token.make(other, person), token.make(other, TEACHER), token.make(keys, person, now=0.0),
              good[:-1], good[1:], good + "0", body, f".{signature}", "", ".", "é" * 50, good * 9,
              f"{body}.{keys.sign(body)}", f"{token.make(keys, TEACHER).partition('.')[0]}.{signature}"]
    assert [token.read(keys, roster, text) for text in forged] == [None] * len(forged)
    roster.remove(person)
    assert token.read(keys, roster, good) is None


@pytest.mark.parametrize("content", [[], 7, {"id": 3}, {"role": "teacher", "made": 10**12},
                                     {"class": 1, "id": "../..", "role": "pupil", "made": 10**12}])
def test_signed_nonsense_is_nobody(content: object, tmp_path: Path) -> None:
    import base64

    keys = secrets.make(tmp_path)
    body = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    assert token.read(keys, Roster(tmp_path, keys), f"{body}.{keys.sign(f'cookie {body}')}") is None
