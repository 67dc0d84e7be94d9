"""Is this normal? A run with each known fault is named, sound ones are left alone, and so is what nobody tried."""

import numpy as np
import pytest

from seqlab import paths
from seqlab.training import band_files, bands
from seqlab.training.band_files import measure
from seqlab.training.band_recipes import Effort
from seqlab.training.band_runs import curves, points
from seqlab.training.bands import Bands, config_of
from seqlab.training.config import RunConfig
from seqlab.training.diagnosis import CAUSES, MOST, Curves, Finding, diagnose, ruled_out, stretches
from seqlab.training.planting import PLANTS, SOUND, Plant
from tests.support.runs import small_config

HELLO, STEPS = config_of("hello/gru"), 60
IN_HELLO = ("rate-high", "rate-low", "small-start", "few-units", "softmax-twice")
# A small echo with what hello lacks: a clip that matters, batches of many, blanks that do not count.
ECHO = small_config(
    task={"name": "echo", "form": "fixed", "delay": 5, "length": 12, "loss_on": "echo"}, batch=16, steps=STEPS,
    network={"hidden": 21, "input": "one-hot", "initialisation": "delay-line"},
    optimiser={"name": "sgd", "lr": 2.0, "clip": 0.1})


@pytest.fixture(scope="module")
def hello() -> Bands:
    return bands.read(bands.file_of(paths.checkpoints(), "hello/gru"))


@pytest.fixture(scope="module")
def echo() -> Bands:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(band_files, "PLANTS", {cause: plant for cause, plant in PLANTS.items() if cause not in IN_HELLO})
        return measure("echo/small", ECHO, Effort(8, STEPS, 4, STEPS), lambda text: None)


def runs(config: RunConfig, seeds: range, plant: Plant = SOUND) -> list[Curves]:
    measured = curves(config, seeds, config.steps, plant)
    return [{"step": np.array(points(config.steps), np.float64)} | {name: rows[place] for name, rows in
                                                                   measured.items()} for place in range(len(seeds))]


def until(run: Curves, count: int) -> Curves:
    return {name: values[:count] for name, values in run.items()}


def test_every_cause_that_is_planted_has_its_words_and_its_test(hello: Bands, echo: Bands) -> None:
    assert CAUSES.keys() == PLANTS.keys() == {*IN_HELLO, *echo.causes}
    for cause in PLANTS:
        assert (hello if cause in IN_HELLO else echo).causes[cause].columns


@pytest.mark.parametrize("cause", PLANTS)
def test_a_run_with_a_fault_is_diagnosed_rightly(cause: str, hello: Bands, echo: Bands) -> None:
    config, known = (HELLO, hello) if cause in IN_HELLO else (ECHO, echo)
    run, = runs(config, range(501, 502), PLANTS[cause])
    finding = diagnose(run, known)
    assert finding is not None
    assert finding.cause == cause
    assert finding.sentence.endswith(f" step {config.steps}; probably {CAUSES[cause]}.")


def test_sound_runs_are_left_alone_at_every_time(hello: Bands, echo: Bands) -> None:
    for config, known in ((HELLO, hello), (ECHO, echo)):
        for run in runs(config, range(500, 506)):
            assert not any(diagnose(until(run, count), known) for count in range(len(run["step"]) + 1))


def test_nothing_is_said_early_or_of_what_nobody_tried(hello: Bands) -> None:
    run, = runs(HELLO, range(501, 502), PLANTS["rate-high"])
    said = [bool(diagnose(until(run, count), hello)) for count in range(1, 16)]
    assert not any(said[:4])
    assert said[-1]
    assert diagnose(run | {"loss": np.full(15, 40.0), "grad_norm": np.full(15, 900.0)}, hello) is None


def test_a_run_that_publishes_seldom_or_often_says_the_same(echo: Bands) -> None:
    run, = runs(ECHO, range(501, 502), PLANTS["shuffled"])
    rows = np.arange(3, len(run["step"]), 4)
    means = {name: values[:rows[-1] + 1].reshape(-1, 4).mean(1) for name, values in run.items() if name != "step"}
    seldom = diagnose({"step": run["step"][rows]} | means, echo)
    assert seldom is not None
    assert seldom.cause == "shuffled"
    often = {name: np.repeat(values, 2) for name, values in run.items()} | {"step": np.arange(1.0, STEPS + 1)}
    found = diagnose(often, echo)
    assert found is not None
    assert found.cause == "shuffled"
    assert len(stretches(often, echo.columns["loss"]).edges) <= MOST + 1
    gap = run | {"loss": np.where(run["step"] == 30, np.nan, run["loss"])}
    found = diagnose(gap, echo)
    assert found is not None
    assert found.cause == "shuffled"


@pytest.mark.parametrize(("column", "side", "begins"), [
    ("loss", "below", "The loss lies below that of nine of ten runs at step 1,200"),
    ("accuracy", "below", "The accuracy stays below what nine of ten runs reach by step 1,200"),
    ("grad_norm", "above", "The gradient is longer than in nine of ten runs at step 1,200")])
def test_the_sentence_says_what_lies_outside(column: str, side: str, begins: str) -> None:
    assert Finding(1200, column, side, "blanks").sentence == (
        f"{begins}; probably the loss counts what only fills a batch up.")


def test_beyond_its_band_a_run_is_told_what_was(hello: Bands) -> None:
    run, = runs(HELLO, range(501, 502), PLANTS["rate-high"])
    further = {name: np.append(values, values[-1]) for name, values in run.items()} | {
        "step": np.append(run["step"], 400.0)}
    finding = diagnose(further, hello)
    assert finding is not None
    assert (finding.step, finding.past) == (15, True)
    assert finding.sentence == (f"The loss stayed above what nine of ten runs reach by step 15, where its band ends; "
                                f"probably {CAUSES['rate-high']}.")


def test_what_is_set_as_the_recipe_sets_it_is_not_blamed() -> None:
    usual = config_of("echo/fixed")
    assert ruled_out(usual, usual) == {"rate-high", "rate-low", "no-clip", "few-units", "small-start"}
    assert "rate-low" not in ruled_out(usual, usual, usual.optimiser.lr / 10)  # changed while it trained
    other = RunConfig.model_validate(usual.model_dump() | {
        "optimiser": usual.optimiser.model_dump() | {"clip": None, "lr": 1.0},
        "network": usual.network.model_dump() | {"hidden": usual.network.hidden - 1, "spread": 0.5}})
    assert ruled_out(other, usual) == {"rate-low"}
