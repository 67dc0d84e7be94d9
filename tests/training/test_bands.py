"""Bands over seeds: measured together, stored small, and laid under the runs that they belong to."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab import paths
from seqlab.errors import Fault
from seqlab.tasks import tasks
from seqlab.training import bands as stored
from seqlab.training import groups
from seqlab.training.band_files import build, measure
from seqlab.training.band_recipes import EFFORTS, UNMEASURED, Effort, why_unmeasured
from seqlab.training.band_runs import curves, points
from seqlab.training.bands import Band, Bands, Columns, config_of, digest, kin, of_run
from seqlab.training.config import RunConfig
from seqlab.training.diagnosis import Curves, diagnose
from seqlab.training.loop import learner, updates
from tests.support.runs import tiny_config

CONFIG = tiny_config(task={"name": "hello"}, batch=2, steps=24, evaluate_every=12, optimiser={"lr": 0.02})
SMALL = Effort(6, 15, 3, 15)
RECIPE = config_of("hello/gru")


@pytest.fixture(scope="module")
def measured() -> Bands:
    return measure("hello/gru", RECIPE, SMALL, lambda text: None)


def changed(config: RunConfig, **values: object) -> RunConfig:
    return RunConfig.model_validate(config.model_dump() | values)


def test_curves_measured_together_are_those_of_runs_alone() -> None:
    together = curves(CONFIG, range(3), 24)
    for seed in range(3):
        state, losses = learner(changed(CONFIG, seed=seed), torch.device("cpu")), []
        for _ in updates(state):
            losses.append(state.collect().loss)
        np.testing.assert_allclose(together["loss"][seed], losses, atol=2e-4)
    assert points(24) == list(range(1, 25))
    assert points(156)[-2:] == [152, 156]


def test_a_band_is_taken_over_any_stretches() -> None:
    band = stored.of_curves([2, 4, 6], {"loss": np.array([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]])})["loss"]
    np.testing.assert_allclose(band.over(np.array([0.0, 4.0, 5.0]))[1], [2.5, 4.0])
    np.testing.assert_allclose(band.over(np.array([0.0, 2.0]))[:, 0], [1.2, 2.0, 2.8])


def test_a_band_ends_where_the_first_run_diverged_and_one_run_makes_none() -> None:
    cut = stored.of_curves([1, 2], {"loss": np.array([[1.0, 2.0], [1.0, np.nan]])})
    assert cut["loss"].steps == (1,)
    assert not stored.of_curves([1], {"loss": np.array([[np.nan], [1.0]])})
    with pytest.raises(Fault, match="two seeds"):
        stored.of_curves([1], {"loss": np.ones((1, 1))})


def test_it_is_a_small_file_that_knows_its_recipe(measured: Bands, tmp_path: Path) -> None:
    file = stored.file_of(tmp_path, "hello/gru")
    measured.write(file)
    assert file.stat().st_size < 12_000
    assert stored.read(file) == measured
    assert of_run(changed(RECIPE, seed=77, name="mine"), tmp_path) == measured
    assert measured.causes["rate-high"].columns.keys() == {"loss", "accuracy", "grad_norm"}
    assert measured.causes["no-clip"].why == "This recipe clips no gradient."


def test_it_is_laid_under_runs_that_differ_in_what_was_tried_and_under_no_others(measured: Bands,
                                                                                 tmp_path: Path) -> None:
    measured.write(stored.file_of(tmp_path, "hello/gru"))
    optimiser, network = RECIPE.optimiser.model_dump(), RECIPE.network.model_dump()
    assert of_run(changed(RECIPE, optimiser=optimiser | {"lr": 1.0}), tmp_path) == measured
    assert of_run(changed(RECIPE, network=network | {"hidden": 2}), tmp_path) == measured
    assert of_run(changed(RECIPE, network=network | {"model": "lstm"}), tmp_path) is None
    assert of_run(changed(RECIPE, batch=3), tmp_path) is None
    assert of_run(RECIPE, tmp_path / "none") is None


def test_a_file_that_is_out_of_date_fits_no_run_and_is_made_again(measured: Bands, tmp_path: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlab.training.band_files.EFFORTS", {"hello/gru": SMALL})
    file = stored.file_of(tmp_path, "hello/gru")
    replace(measured, config="old", kin="old").write(file)
    assert of_run(RECIPE, tmp_path) is None
    build(tmp_path, lambda text: None)
    assert of_run(RECIPE, tmp_path) == measured
    made = file.stat().st_mtime_ns
    build(tmp_path, lambda text: None)
    assert file.stat().st_mtime_ns == made
    with pytest.raises(Fault, match="No bands are measured of echo/none"):
        build(tmp_path, print, ["echo/none"])


@pytest.mark.parametrize("content", ["", "[]", '{"recipe": "a", "config": "b", "kin": "c", "seeds": [1], "far": 0, '
                                     '"causes": {}, "columns": {"loss": {"steps": [2, 1], "lines": [[1, 1], [1, 1], '
                                     '[1, 1]]}}}', '{"columns": 3}'])
def test_a_file_that_holds_none_is_a_fault_and_no_page_s_trouble(content: str, tmp_path: Path) -> None:
    file = stored.file_of(tmp_path, "echo/fast")
    file.parent.mkdir(parents=True)
    file.write_text(content)
    with pytest.raises(Fault, match=r"echo-fast\.json holds no bands"):
        stored.read(file)
    with pytest.raises(Fault, match="cannot be read"):
        stored.read(tmp_path / "none.json")
    assert of_run(RECIPE, tmp_path) is None


def test_every_recipe_is_measured_or_says_why_not() -> None:
    recipes = {f"{task.name}/{name}" for task in tasks().values() for name in task.recipes
               if task.batch.__module__.startswith("seqlab.")}
    assert EFFORTS.keys() | UNMEASURED.keys() == recipes
    assert not EFFORTS.keys() & UNMEASURED.keys()


@pytest.mark.parametrize("recipe", ["text/python", "sentences/published"])
def test_a_run_of_a_recipe_without_bands_says_why_and_another_one_does_not(recipe: str,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlab.training.band_recipes.UNMEASURED", {"text/fast": "No book.", recipe: "Too long."})
    config = config_of(recipe)
    text = config.task | {"letters": config.task["letters"][1:]}  # as another Python has it
    optimiser = config.optimiser.model_dump() | {"lr": 0.1}
    for own in (config, changed(config, seed=7, optimiser=optimiser), changed(config, task=text)):
        assert why_unmeasured(own) == "Too long."
    assert why_unmeasured(changed(config, batch=3)) == ""
    assert why_unmeasured(RECIPE) == ""


def test_a_recipe_whose_text_is_not_here_is_known_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlab.tasks.text_symbols.learned", lambda *given: pytest.fail("a text was opened"))
    usual = tasks()["text"].recipes["fast"].config
    run = RunConfig(**usual | {"task": usual["task"] | {"letters": "abc"}})
    assert why_unmeasured(run) == UNMEASURED["text/fast"]
    assert why_unmeasured(changed(run, task=run.task | {"carry": True})) == ""  # what the recipe does not name
    words = RunConfig(**usual | {"task": usual["task"] | {"unit": "word", "tokens": ("the", "dog")}})
    assert why_unmeasured(words) == ""  # a recipe of letters could not have them


def test_strings_of_many_lengths_are_not_trained_together_on_a_cpu() -> None:
    strings = tiny_config(task={"name": "grammar", "strings": 100}, network={"model": "lstm", "hidden": 8})
    assert [groups.worth(strings, device) for device in ("cpu", "cuda")] == [False, True]
    assert groups.worth(CONFIG, "cpu")


@pytest.mark.parametrize("recipe", EFFORTS)
def test_shipped_bands_are_those_of_the_recipe_as_it_is(recipe: str) -> None:
    config = config_of(recipe)
    bands = stored.read(stored.file_of(paths.checkpoints(), recipe))
    assert (bands.recipe, bands.config, bands.kin) == (recipe, digest(config), kin(config))
    assert len(bands.seeds) >= 8
    assert all(bool(tried.columns) != bool(tried.why) for tried in bands.causes.values())


@pytest.mark.parametrize("recipe", EFFORTS)
def test_bands_are_those_of_another_python_s_text_too(recipe: str) -> None:
    config = config_of(recipe)
    letters = {"letters": config.task["letters"][1:]} if "letters" in config.task else {}
    other = changed(config, task=config.task | letters)
    assert (digest(other), kin(other)) == (digest(config), kin(config))
    if "corpus" in config.task:
        task = config.task | {"corpus": "text-0123456789abcdef"}
        assert kin(RunConfig.model_construct(**dict(config) | {"task": task})) != kin(config)


@pytest.mark.parametrize("recipe", EFFORTS)
def test_the_middle_of_each_cause_s_runs_is_named_as_no_other_and_that_of_sound_ones_as_none(recipe: str) -> None:
    bands = stored.read(stored.file_of(paths.checkpoints(), recipe))
    steps = len(bands.columns["loss"].steps)
    assert not any(diagnose(middle(bands.columns, count), bands) for count in range(1, steps + 1))
    named = {cause: found.cause for cause, tried in bands.causes.items()
             if tried.columns and (found := diagnose(middle(tried.columns), bands))}
    assert named
    assert all(cause == name for cause, name in named.items())


def middle(columns: Columns, count: int | None = None) -> Curves:
    """The medians of some runs as one run, up to so many numbers."""
    return {"step": np.array(columns["loss"].steps[:count], np.float64)} | {
        name: np.array(band.lines[1][:count]) for name, band in columns.items()}


def test_a_band_holds_four_fifths_of_its_seeds(measured: Bands) -> None:
    losses, band = curves(RECIPE, range(6), 15)["loss"], measured.columns["loss"]
    assert isinstance(band, Band)
    low, _, high = np.array(band.lines)
    assert ((low <= losses) & (losses <= high)).mean() == pytest.approx(4 / 6, abs=0.1)
