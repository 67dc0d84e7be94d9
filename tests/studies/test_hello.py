"""The hello exercise reproduced: most seeds say the word, the losses are those of the course, every epoch is kept."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.figures.lesson import losses, predicted
from seqlab.reference.network import network
from seqlab.studies import hello
from seqlab.studies.published import PUBLISHED
from seqlab.tasks.hello import EPOCHS, RECIPES, TARGET, config_for, shipped
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    runs = tmp_path_factory.mktemp("hello")
    measured = dict(hello.hello(lambda text: None, runs))
    assert len(list(runs.iterdir())) == len(RECIPES)  # the run with the median loss of each, to be opened
    return measured


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_majority_of_twenty_seeds_says_the_word(figures: dict[str, float], recipe: str) -> None:
    assert len(hello.SEEDS) == 20
    assert figures[f"{RECIPES[recipe].label}: % of seeds that say {TARGET}"] > 50


@pytest.mark.parametrize("recipe", ["state", "rnn", "embedding"])
def test_the_median_loss_is_near_the_published_one(figures: dict[str, float], recipe: str) -> None:
    loss = PUBLISHED[f"hello/{recipe}"].value
    measured_loss = figures[f"{RECIPES[recipe].label}: loss at epoch 15"]
    assert 0.7 * loss < measured_loss < 1.3 * loss
    assert figures[f"{RECIPES[recipe].label}: loss after its update"] < measured_loss


def test_a_record_is_the_plain_loop_of_the_exercise() -> None:
    torch.manual_seed(5)
    cell = torch.nn.RNN(4, 4, batch_first=True)
    optimiser = torch.optim.Adam(cell.parameters(), lr=0.05)
    x, y, printed = torch.eye(4)[torch.tensor([[1, 0, 2, 2, 3]])], torch.tensor([3, 1, 2, 3, 2]), []
    for _ in range(EPOCHS):
        loss = torch.nn.functional.cross_entropy(cell(x)[0][0], y)
        printed.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    record = hello.train_and_record(RunConfig(**config_for("rnn", seed=5)))
    assert record.losses[:-1] == pytest.approx(printed, abs=1e-5)
    assert record.printed == record.losses[EPOCHS - 1]


@pytest.mark.parametrize("slow_disk", [False, True])
def test_a_run_keeps_every_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow_disk: bool) -> None:
    if slow_disk:
        from seqlab.training import state
        keep = state.keep
        monkeypatch.setattr(state, "keep", lambda *args: (_wait(), keep(*args))[1])
    run = create(tmp_path, RunConfig(**config_for("state", seed=1)))
    assert train(run.path).state == "finished"
    assert run.snapshots() == list(range(EPOCHS + 1))
    assert run.metrics()["step"].tolist() == list(range(1, EPOCHS + 1))


def _wait() -> None:
    import time
    time.sleep(0.03)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_run_has_every_epoch_exactly_and_says_the_word(name: str) -> None:
    run = Run(CHECKPOINTS / name)
    config = run.config.task_config
    assert run.config == RunConfig(**shipped()[name])
    assert run.snapshots() == list(range(EPOCHS + 1))
    traces = [network(run.core, config.inputs, run.weights(step)) for step in run.snapshots()]
    assert predicted(traces, config)[-1] == TARGET
    assert predicted(traces, config)[0] != TARGET
    printed = run.metrics()["loss"]
    np.testing.assert_allclose(losses(traces, config, run.config.reduction)[:-1], printed, rtol=2e-5)
    assert sum(file.stat().st_size for file in run.path.rglob("*")) < 120_000
