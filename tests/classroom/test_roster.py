"""Joining a class under a nickname, and coming back."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from seqlab.classroom import secrets
from seqlab.classroom.attempts import AT_ONCE, Attempts, network
from seqlab.classroom.person import TEACHER, Person
from seqlab.classroom.roster import MOST_PEOPLE, Roster
from seqlab.errors import Fault


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return Roster(tmp_path, secrets.make(tmp_path))


def test_two_of_one_name_get_a_number_and_each_comes_back(roster: Roster) -> None:
    joined = [roster.join(name) for name in ("Ana", " ana ", "ＡＮＡ", "Bo")]
    assert [person.nickname for person, _ in joined] == ["Ana", "ana 2", "ＡＮＡ 3", "Bo"]
    assert [roster.back(f" {code.lower().replace('-', ' ')} ") for _, code in joined] == [one for one, _ in joined]
    assert [member.person for member in roster.members()] == [one for one, _ in joined]
    assert [roster.get(person.id) for person, _ in joined] == [one for one, _ in joined]
    assert {person.role for person, _ in joined} == {"pupil"}
    roster.remove(joined[0][0])
    for code in (joined[0][1], "", "AAAA-AAAA", "x" * 10_000, "é"):
        with pytest.raises(Fault, match="return code"):
            roster.back(code)


def test_who_was_removed_comes_back_with_the_same_code_unless_the_name_is_anothers(roster: Roster) -> None:
    (ana, code), (bo, _) = roster.join("Ana"), roster.join("Bo")
    members = roster.members()
    for member in members:
        roster.remove(member.person)
    roster.restore(members[0])
    roster.restore(members[0])
    assert roster.back(code) == ana
    assert roster.members()[0].joined == members[0].joined
    assert roster.join("Ana")[0].nickname == "Ana 2"
    roster.join("bo")
    with pytest.raises(Fault, match="Somebody else is called Bo by now"):
        roster.restore(members[1])
    assert roster.get(bo.id) is None


@pytest.mark.parametrize("name", ["👩‍🔬", "🎈🎈", "<b>Ana</b>", "<script>alert(1)</script>", "[x](http://y)", "Zoë",
                                  "李雷", "محمد", "O'Neil & Söhne", "1", "." * 40, "x" * 40])
def test_a_nickname_stays_as_it_is(name: str, roster: Roster) -> None:
    assert roster.join(name)[0].nickname == name


@pytest.mark.parametrize("name", ["", " ", "\n\t", "\u200d", "\u3164", "\u202e", "\0", "x" * 41, "x" * 10_000,
                                  "👩‍🔬" * 10_000, "e" + "\u0301" * 30, "Teacher", " teacher "])
def test_a_nickname_that_cannot_be_is_said(name: str, roster: Roster) -> None:
    with pytest.raises(Fault, match=r"^[A-Z].*[.]$"):
        roster.join(name)
    assert roster.members() == []


def test_what_turns_a_line_around_is_left_out(roster: Roster) -> None:
    assert roster.join("Bo\u202e\u2066 \r\n\0Li")[0].nickname == "Bo Li"


@pytest.mark.parametrize("person_id", ["../class", "p/../../x", "", "p", "teacher2", "p" + "g" * 10, "p" + "0" * 11])
def test_an_id_that_is_none_is_nobody(person_id: str, roster: Roster) -> None:
    assert roster.get(person_id) is None
    assert roster.get(TEACHER.id) == TEACHER
    roster.remove(Person(person_id, "x"))


def test_five_hundred_at_once_and_no_more(roster: Roster) -> None:
    with ThreadPoolExecutor(8) as threads:
        people = [person for person, _ in threads.map(roster.join, ["Ana"] * MOST_PEOPLE)]
    assert len({person.nickname for person in people}) == len({person.id for person in people}) == MOST_PEOPLE
    with pytest.raises(Fault, match="full"):
        roster.join("Bo")


def test_files_that_are_no_people_are_left_out(roster: Roster, tmp_path: Path) -> None:
    person, _ = roster.join("Ana")
    for name, content in (("p0000000000", b"{"), ("p0000000001", b'{"nickname": "", "joined": 0}'), ("px", b"{}")):
        (tmp_path / "people" / f"{name}.json").write_bytes(content)
    assert [member.person for member in roster.members()] == [person]


def test_wrong_codes_are_slowed_and_a_classroom_still_gets_in() -> None:
    now = [0.0]
    attempts = Attempts(clock=lambda: now[0])

    async def wrong(address: str, times: int) -> int:
        """How many attempts were answered in time, as the event loop's clock has it."""
        answered = 0
        for _ in range(times):
            try:
                task = asyncio.ensure_future(attempts.turn(address))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                answered += task.done() and not task.exception()
                task.cancel()
            except Fault:
                continue
        return answered

    assert asyncio.run(wrong("10.0.0.1", 500)) == AT_ONCE
    assert asyncio.run(wrong("10.0.0.2", 1)) == 1, "another address is not slowed"
    now[0] += 30.0
    assert 0 < asyncio.run(wrong("10.0.0.1", 100)) <= 30

    async def right(times: int) -> None:
        for _ in range(times):
            await attempts.turn("10.0.0.3")
            attempts.right("10.0.0.3")

    asyncio.run(right(5 * AT_ONCE))  # nobody waits


def test_an_address_is_what_one_household_has() -> None:
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::1") != network("2001:db8:1:3::1")
    assert network("no address") == network("") != network("10.0.0.1")
