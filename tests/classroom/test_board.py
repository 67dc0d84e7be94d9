"""The board of a class: who learns what and when, questions from the asking to the truth, and what a restart keeps."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

import pytest

from seqlab.classroom import board as boards
from seqlab.classroom.board import MOST_OF_ONE, Address, Board, Pointer
from seqlab.classroom.person import TEACHER, Person
from seqlab.classroom.rounds import LONGEST_TEXT, YES_NO, Truth, cell, table
from seqlab.errors import Fault

ANA, BO = Person("p0000000001", "Ana"), Person("p0000000002", "=Bo()")
ECHO = Address(page="echo", query="word=a&delay=3")


def test_whoever_listens_learns_just_what_has_changed_and_a_pupil_nothing_of_others(tmp_path: Path) -> None:
    async def lesson() -> None:
        board = Board(tmp_path)
        with board.listen(TEACHER) as teacher, board.listen(ANA) as ana:
            first = ana.news()
            assert first == {"place": None, "frozen": False, "pointer": None, "round": None}
            assert teacher.news()["here"] == 1
            assert not await ana.wait(0.01)
            board.show(ECHO)
            board.show(ECHO)  # the same again is no news
            assert await ana.wait(5)
            assert ana.news() == {"place": ECHO.model_dump()}
            assert not await ana.wait(0.01)
            await asyncio.to_thread(board.freeze, True)  # the script of a page is another thread
            assert await ana.wait(5)
            assert ana.news() == {"frozen": True}
            one = board.ask("Which letter?", ("a", "b"))
            assert await ana.wait(5)
            await asyncio.sleep(0)  # what was said in this loop has arrived
            ana.news()
            teacher.news()
            board.answer(BO, one.id, "b")
            assert await teacher.wait(5)
            assert teacher.news()["round"]["bars"] == [("a", 0), ("b", 1)]
            assert not await ana.wait(0.01)
            board.moved(ANA, ECHO)
            assert board.present()[ANA.id].at == ECHO
        assert not board.present()
        with board.listen(ANA, ana.version) as again:  # a phone that slept
            news = again.news()
            assert "place" not in news
            assert news["round"]["bars"] is None
        with board.listen(ANA, 10**15) as ahead:  # of no server that there was
            assert ahead.news()["frozen"] is True
    asyncio.run(lesson())


def test_a_class_goes_on_where_its_teacher_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "GRACE", 0.01)

    async def lesson() -> None:
        board = Board(tmp_path)
        with board.listen(ANA) as ana:
            with board.listen(TEACHER):
                board.freeze(True)
                board.show(ECHO)
                board.point(Pointer(name="x", x=0.5, y=0.5))
                ana.news()
            seen: dict[str, Any] = {}
            while not {"place", "frozen", "pointer"} <= set(seen):
                assert await ana.wait(20)
                seen |= ana.news()
            assert seen == {"place": None, "frozen": False, "pointer": None}
            board.close()
            assert ana.ended
    asyncio.run(lesson())


def test_one_person_cannot_take_all_streams(tmp_path: Path) -> None:
    async def lesson() -> None:
        board = Board(tmp_path)
        for _ in range(MOST_OF_ONE):
            board.listen(ANA)
        with pytest.raises(Fault, match="too many tabs"):
            board.listen(ANA)
        board.listen(BO)
    asyncio.run(lesson())


def test_a_round_from_the_question_to_the_truth_and_over_a_restart(tmp_path: Path) -> None:
    board = Board(tmp_path)
    one = board.ask(" Which  letter? ", ("a", "b", "a", ""), about={"hides": "echo"})
    assert (one.text, one.choices) == ("Which letter?", ("a", "b"))
    with pytest.raises(Fault, match="not one of the answers"):
        board.answer(ANA, one.id, "c")
    board.answer(ANA, one.id, "a")
    with pytest.raises(Fault, match="answered a already"):
        board.answer(ANA, one.id, "b")
    with pytest.raises(Fault, match="over"):
        board.answer(ANA, one.id + 1, "b")
    (tmp_path / "rounds" / "17.json").write_text("{")  # what is no question is left out
    board = Board(tmp_path)
    assert board.round is not None
    assert (board.round.about, board.round.answers) == ({"hides": "echo"}, {ANA.id: "a"})
    seen = board.round.seen_by(BO.id, teaches=False)
    assert (seen["bars"], seen["hides"]) == (None, "echo")
    board.answer(BO, one.id, "b")
    board.reveal(one.id, Truth(answer="b", sentence="It says b."))
    seen = board.round.seen_by(ANA.id, teaches=False)
    assert (seen["own"], seen["right"], seen["bars"], seen["hides"]) == ("a", False, [("a", 1), ("b", 1)], "")
    with pytest.raises(Fault, match="out already"):
        board.answer(Person("p0000000003", "Cy"), one.id, "a")
    board.take_down()
    for over in (board, Board(tmp_path)):
        assert over.round is None
        with pytest.raises(Fault, match="over"):
            over.answer(ANA, one.id, "a")
    rows = list(csv.reader(io.StringIO(table(board.rounds(), {ANA.id: ANA.nickname, BO.id: BO.nickname}))))
    assert [row[2:] for row in rows] == [["who", "answer", "truth", "right"], ["Ana", "a", "b", "no"],
                                         ["'=Bo()", "b", "b", "yes"]]


def test_numbers_are_counted_by_their_value(tmp_path: Path) -> None:
    board = Board(tmp_path)
    one = board.ask("At which delay?", (), "number")
    for k, given in enumerate(("7", " 7.0 ", "10", "0,5")):
        board.answer(Person(f"p{k + 8:010}", "x"), one.id, given)
    for given in ("", "x", "nan", "inf", "1e99", "1" * 400):
        with pytest.raises(Fault, match="number"):
            board.answer(BO, one.id, given)
    board.reveal(one.id, Truth(answer="9", sentence="It fails at 9."))
    assert board.round is not None
    assert board.round.bars() == [("0.5", 1), ("7", 2), ("9", 0), ("10", 1)]


@pytest.mark.parametrize(("text", "choices"), [
    ("", YES_NO), ("x" * (LONGEST_TEXT + 1), YES_NO), ("?", ()), ("?", ("a", "a")), ("?", ("a", "b" * 100)),
    ("?", tuple(map(str, range(100))))])
def test_a_question_that_nobody_could_answer_is_not_asked(text: str, choices: tuple[str, ...], tmp_path: Path) -> None:
    board = Board(tmp_path)
    with pytest.raises(Fault):
        board.ask(text, choices)
    assert board.round is None


def test_a_disk_that_refuses_takes_no_answer(tmp_path: Path) -> None:
    (tmp_path / "rounds").write_text("a file where the folder should be")
    board = Board(tmp_path)
    one = board.ask("?", YES_NO)
    board.answer(ANA, one.id, "Yes")
    assert board.round is not None
    assert board.round.answers == {ANA.id: "Yes"}


@pytest.mark.parametrize(("text", "shown"), [
    ("=1+1", "'=1+1"), ("-2", "-2"), ("+cmd|x", "'+cmd|x"), ("@a", "'@a"), ("\ta", "'\ta"), ("a=b", "a=b"), ("é", "é"),
    ("-inf", "'-inf"), ("", "")])
def test_a_spreadsheet_computes_nothing_of_a_pupil(text: str, shown: str) -> None:
    assert cell(text) == shown
