"""Students' programs: the right ones are accepted, and the fault of the others is named by its family."""

import ast
from collections import Counter
from functools import cache

import pytest

from seqlab.checking.check import CheckResult, run_check
from seqlab.checking.exercises import EXERCISES
from tests.checking.here import check_here
from tests.checking.programs import Program, programs

RIGHT, FAULTY, LATER = programs("right"), programs("faulty"), programs("later")


@cache
def checked(program: Program) -> CheckResult:
    return check_here(EXERCISES[program.exercise], program.source)


def outcome(program: Program) -> str:
    """Whether the fault of a program was named: rightly, wrongly or not."""
    hint = checked(program).hint
    if hint is None or not hint.causes:
        return "not named"
    return "rightly" if hint.causes == (program.about,) else "wrongly"


def test_the_programs_are_python_and_there_are_enough() -> None:
    for program in (*RIGHT, *FAULTY):
        assert any(isinstance(node, ast.FunctionDef) for node in ast.parse(program.source).body), program
    assert len(RIGHT) >= 12
    assert len(FAULTY) >= 40
    assert len({program.source for program in (*RIGHT, *FAULTY)}) == len(RIGHT) + len(FAULTY)
    assert {program.exercise for program in RIGHT} == {program.exercise for program in FAULTY} == set(EXERCISES)


@pytest.mark.parametrize("program", RIGHT, ids=str)
def test_a_right_program_agrees(program: Program) -> None:
    result = checked(program)
    assert result.agrees, (result.message, result.hint)


@pytest.mark.parametrize("program", FAULTY, ids=str)
def test_a_faulty_program_does_not(program: Program) -> None:
    result = checked(program)
    assert not result.agrees, result.message
    assert "\n" not in result.message


def test_most_faults_are_named_rightly_and_none_wrongly() -> None:
    outcomes = {str(program): outcome(program) for program in FAULTY}
    counts = Counter(outcomes.values())
    assert counts["wrongly"] == 0, [(name, checked(program).hint) for name, program in
                                    zip(outcomes, FAULTY, strict=True) if outcomes[name] == "wrongly"]
    assert counts["rightly"] >= 0.75 * len(FAULTY), [name for name, how in outcomes.items() if how == "not named"]


@pytest.mark.slow
def test_so_are_faults_that_the_diagnosis_was_not_built_on() -> None:
    for program in LATER:
        assert not checked(program).agrees
        hint = checked(program).hint
        assert hint is not None
        assert outcome(program) == ("not named" if program.about == "unknown" else "rightly"), (str(program), hint)


@pytest.mark.slow
@pytest.mark.parametrize("program", RIGHT, ids=str)
def test_a_right_program_agrees_in_a_process_of_its_own(program: Program) -> None:
    result = run_check(EXERCISES[program.exercise], program.source)
    assert result.agrees, (result.message, result.printed)
