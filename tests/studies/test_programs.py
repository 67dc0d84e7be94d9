"""Every program of a source can be run, says what it measures, and what is shipped of it is what it measures."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from seqlab import paths
from seqlab.studies import results
from seqlab.studies.published import PUBLISHED, SOURCES
from tests.programs import __main__ as command
from tests.programs import programs

PROGRAMS = programs()
SHIPPED = sorted((paths.checkpoints() / "results").glob("program-*.json"))


def test_every_program_is_that_of_a_source() -> None:
    assert set(PROGRAMS) <= set(SOURCES)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_can_be_run_and_says_what_its_figures_measure(name: str) -> None:
    program: ModuleType = PROGRAMS[name]
    assert callable(program.run)
    assert program.FIGURES
    assert all(key and measure for key, measure in program.FIGURES.items())
    assert (program.__doc__ or "").strip()


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_result_has_the_figures_of_its_program_with_machine_and_versions(file: Path) -> None:
    name = file.stem.removeprefix("program-")
    stored = results.find(file.stem, paths.checkpoints(), paths.checkpoints())
    assert stored is not None
    assert stored.result.study == file.stem
    assert set(stored.result.figures) <= set(PROGRAMS[name].FIGURES)
    assert stored.result.machine
    assert {"torch", "numpy", "python"} <= set(stored.result.versions)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, float]], None]:
    """Lets a program that is made up stand among the others."""
    def made(figures: Mapping[str, float]) -> None:
        module = SimpleNamespace(FIGURES={"test": "a loss"}, run=lambda report: figures)
        monkeypatch.setattr(command, "programs", lambda: {"sentences": module})
    return made


def test_what_is_shipped_stands_in_the_column_of_the_source_s_program(
        program: Callable[[Mapping[str, float]], None], tmp_path: Path) -> None:
    program({"test": 1.5})
    assert "sentences/test" in PUBLISHED
    assert results.program("sentences/test", tmp_path) is None
    command.ship(command.measured("sentences", print), tmp_path)
    assert results.program("sentences/test", tmp_path) == 1.5


def test_a_figure_that_is_not_described_is_refused(program: Callable[[Mapping[str, float]], None]) -> None:
    program({"test": 1.5, "other": 2.0})
    with pytest.raises(ValueError, match="sentences does not say in FIGURES what other measures"):
        command.measured("sentences", print)
