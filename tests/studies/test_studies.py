"""Studies run and put their figures beside the published ones; here with a few steps each."""

from dataclasses import replace
from pathlib import Path

import pytest

from seqlab.errors import Fault
from seqlab.studies import cells, echo, hello, shipped, studies
from seqlab.tasks.echo import RECIPES
from seqlab.training.config import RunConfig
from seqlab.training.run import Run

WITHOUT_TRAINING = {"cells"}


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    for recipe in list(RECIPES):
        config = RECIPES[recipe].config
        network = config["network"] | {"hidden": 20, "embedding": 4}
        monkeypatch.setitem(RECIPES, recipe, replace(RECIPES[recipe], config=config | {
            "steps": 6, "evaluate_every": 3, "network": network if "input" not in network else config["network"]}))
    for recipe in ("plain", "fast"):  # long enough for every epoch whose figure is published
        monkeypatch.setitem(RECIPES, recipe, replace(RECIPES[recipe], config=RECIPES[recipe].config | {"steps": 26}))
    monkeypatch.setattr(echo, "SEEDS", (0,))
    monkeypatch.setattr(hello, "SEEDS", range(2))  # all twenty are trained in test_hello
    monkeypatch.setattr(cells, "SEEDS", range(8))  # and all two hundred measured in lenses/test_cells
    monkeypatch.setattr(echo, "EPOCH", 1)


# These have tests of their own, at tiny sizes.
ELSEWHERE = ("time-machine", "sentences", "grammar", "imdb")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in studies() if not name.startswith(ELSEWHERE)])
def test_a_study_reports_its_own_figure_for_every_published_one(name: str, short: None, tmp_path: Path) -> None:
    study, reports = studies()[name], []
    figures = study.run(reports.append, tmp_path)
    assert {figure.key for figure in study.figures if figure.published is not None} <= set(figures)
    assert all(isinstance(figure, float) for figure in figures.values())
    assert reports
    assert bool(list(tmp_path.iterdir())) is (name not in WITHOUT_TRAINING)  # its runs can be opened afterwards


def test_the_published_settings_are_what_is_run() -> None:
    plain, fixed = (RunConfig(**RECIPES[recipe].config) for recipe in ("plain", "fixed-plain"))
    assert (plain.batch, plain.optimiser.lr, plain.optimiser.clip) == (64, 0.003, 0.5)
    assert (plain.network.input, plain.network.embedding, plain.network.condition_first) == ("embedding", 64, True)
    assert (fixed.batch, fixed.optimiser.lr, fixed.optimiser.clip) == (64, 0.01, 0.01)
    assert (fixed.steps, fixed.task_config.loss_on, plain.task_config.loss_on) == (314, "echo", "echo")
    for recipe, twin in (("fixed", fixed), ("fast", plain)):  # the same size, with fewer updates
        fast = RunConfig(**RECIPES[recipe].config)
        assert fast.batch == twin.batch
        assert fast.steps < twin.steps
        same = {"initialisation": twin.network.initialisation, "condition_first": twin.network.condition_first}
        assert fast.network.model_copy(update=same) == twin.network


def test_shipping_makes_a_run_small_and_leaves_the_last_weights_exact(
        short: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = RECIPES["fast"].config | {"name": "tiny", "steps": 50}
    monkeypatch.setattr(shipped, "configs", lambda: {"tiny": config})
    reports: list[str] = []
    shipped.build(tmp_path, reports.append)
    run = Run(tmp_path / "tiny")
    assert len(run.snapshots()) == shipped.SNAPSHOTS
    assert not (run.path / "optimiser").exists()
    first, last = (file.stat().st_size for file in sorted((run.path / "weights").iterdir())[::19])
    assert first < 0.7 * last
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]
    assert "tiny" in reports[0]


def test_only_the_named_networks_are_made_again(short: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = RECIPES["transformer"].config
    monkeypatch.setattr(shipped, "configs", lambda: {"one": config, "other": config})
    (tmp_path / "other").mkdir()
    shipped.build(tmp_path, lambda text: None, ("one",))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]
    assert Run(tmp_path / "one").config.network.model == "transformer"
    assert not list((tmp_path / "other").iterdir())
    with pytest.raises(Fault, match="no shipped network 'third'; there are one, other"):
        shipped.build(tmp_path, lambda text: None, ("one", "third"))
