"""Code runs only where the server speaks to this machine alone."""

import pytest

from seqlab.ui.studios.check.local import loopback, reason


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.3.2.1"])
@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501", "localhost"])
def test_on_at_home(address, host):
    assert reason(address, {"Host": host}, "linux") is None
    assert reason(address, {"Host": host}, "darwin") is None


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.4", "seqlab.example.org"])
def test_off_where_others_can_reach_the_server(address):
    assert "open to other machines" in reason(address, {"Host": "localhost:8501"}, "linux")


@pytest.mark.parametrize("headers", [
    {"Host": "seqlab.example.org"}, {"Host": "192.168.1.4:8501"}, {"Host": "127.0.0.1.example.org"}, {"Host": "[::1"},
    {"Host": ""}, {"Host": "localhost:8501", "X-Forwarded-For": "192.168.1.4"},
    {"Host": "localhost:8501", "Forwarded": "for=192.168.1.4"},
])
def test_off_where_the_request_came_through_another_machine(headers):
    assert "through another machine" in reason("127.0.0.1", headers, "linux")


def test_off_where_there_are_no_limits():
    assert "Windows" in reason("127.0.0.1", {"Host": "localhost"}, "win32")


def test_a_name_is_not_taken_for_this_machine():
    assert not loopback("localhost.example.org")
    assert not loopback("")
