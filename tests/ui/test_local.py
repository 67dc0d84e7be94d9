"""Code runs where the server speaks to this machine alone, and for a class whose code the system holds."""

import pytest

from seqlab.classroom.person import ANYONE, Person
from seqlab.ui.studios.check.local import loopback, reason, why_off


def no() -> bool:
    return False


def yes() -> bool:
    return True


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.3.2.1"])
@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501", "localhost"])
def test_on_at_home(address, host):
    assert reason(address, {"Host": host}, "linux", no) is None
    assert reason(address, {"Host": host}, "darwin", no) is None


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.4", "seqlab.example.org"])
def test_off_where_others_can_reach_the_server(address):
    assert "open to other machines" in reason(address, {"Host": "localhost:8501"}, "linux", no)


@pytest.mark.parametrize("headers", [
    {"Host": "seqlab.example.org"}, {"Host": "192.168.1.4:8501"}, {"Host": "127.0.0.1.example.org"}, {"Host": "[::1"},
    {"Host": ""}, {"Host": "localhost:8501", "X-Forwarded-For": "192.168.1.4"},
    {"Host": "localhost:8501", "Forwarded": "for=192.168.1.4"},
])
def test_off_where_the_request_came_through_another_machine(headers):
    assert "through another machine" in reason("127.0.0.1", headers, "linux", no)


def test_off_where_there_are_no_limits():
    assert "Windows" in reason("127.0.0.1", {"Host": "localhost"}, "win32", yes)


def test_a_name_is_not_taken_for_this_machine():
    assert not loopback("localhost.example.org")
    assert not loopback("")


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", None])
@pytest.mark.parametrize("headers", [{"Host": "192.168.1.4:8501"},
                                     {"Host": "lab.example", "X-Forwarded-For": "10.0.0.9"}])
def test_on_for_a_class_where_the_system_itself_holds_the_code(address, headers):
    assert reason(address, headers, "linux", yes) is None
    assert reason(address, headers, "linux", no)


def test_a_class_s_pupils_are_asked_for_by_their_cookie(monkeypatch):
    monkeypatch.setattr("streamlit.get_option", {"server.address": "0.0.0.0"}.__getitem__)
    for seals, person, expected in ((yes, Person("ana", "Ana"), None), (no, Person("ana", "Ana"), "nobody's code"),
                                    (yes, ANYONE, "nobody's code")):
        monkeypatch.setattr("seqlab.checking.sandbox.seals", seals)
        monkeypatch.setattr("seqlab.ui.studios.check.local.visitor", lambda person=person: person)
        off = why_off()
        assert off is None if expected is None else expected in (off or "")
