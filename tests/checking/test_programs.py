"""Students' programs: the right ones are accepted, and the fault of the others is named by its family."""

import ast

from tests.checking.programs import programs


def test_the_programs_are_python_and_there_are_enough() -> None:
    right, faulty = programs("right"), programs("faulty")
    for program in (*right, *faulty):
        assert any(isinstance(node, ast.FunctionDef) for node in ast.parse(program.source).body), program
    assert len(right) >= 12
    assert len(faulty) >= 40
    assert len({program.source for program in (*right, *faulty)}) == len(right) + len(faulty)
