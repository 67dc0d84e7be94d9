"""The assignment's own loop and our published recipes learn the same: equal losses, given weights and batches."""

from pathlib import Path

import pytest
import torch

from seqlab.tasks.sentiment_recipes import RECIPES
from seqlab.training.config import RunConfig
from seqlab.training.loop import Learner, learner, updates
from tests.programs import reviews
from tests.support.data import SHARED, needs

STEPS, FEW = 20, 5  # of the small networks, and of those of the published size
NETWORKS = ("mlp", "elman", "rnn", "lstm")


def small(name: str) -> RunConfig:
    """The published recipe at a small size on the stand-in."""
    recipe = RECIPES[f"published-{name}"].config
    return RunConfig(**recipe | {
        "task": recipe["task"] | {"corpus": "opinions", "words": 200, "longest": 64, "budget": 500},
        "network": recipe["network"] | {"hidden": 20, "embedding": 20}, "steps": STEPS, "device": "cpu"})


def whole(name: str) -> RunConfig:
    """The published recipe, its first steps."""
    return RunConfig(**RECIPES[f"published-{name}"].config | {"steps": FEW, "device": "cpu"})


def twin(name: str, state: Learner) -> reviews.Network:
    """The assignment's network with the weights of ours."""
    names = {"encoder.symbol": "embedding", "decoder": "linear", "core.layers": "middle", "core.out_weight_l0":
             "middle.lin2.weight", "core.out_bias_l0": "middle.lin2.bias", "core.weight_l0": "middle.lin1.weight",
             "core.bias_l0": "middle.lin1.bias", "core.": "middle."}
    ours = state.network.state_dict()
    first = ours["encoder.symbol.weight"]
    made = reviews.Network(len(first), reviews.middle(name, first.shape[1]), first.shape[1])
    moved = {}
    for key, part in ours.items():
        before = next(prefix for prefix in names if key.startswith(prefix))
        moved[names[before] + key.removeprefix(before)] = part.clone()
    made.load_state_dict(moved)
    return made


def both(name: str, config: RunConfig) -> tuple[list[float], list[float]]:
    """Losses of the first updates: by our training, and by the assignment's loop."""
    state, generator = learner(config, torch.device("cpu")), torch.Generator().manual_seed(config.seed)
    drawn = [config.task_spec.batch(config.task_config, config.batch, generator, step) for step in range(config.steps)]
    program = list(reviews.train(twin(name, state), [(batch.inputs, batch.targets[:, 0]) for batch in drawn]))
    return [state.collect().loss for _ in updates(state)], program


@pytest.mark.parametrize("name", NETWORKS)
def test_our_published_recipe_is_the_assignment_s_loop(name: str, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    ours, program = both(name, small(name))
    assert len(set(ours)) == STEPS, "each batch and each update is another"
    assert ours == pytest.approx(program, abs=1e-6)


@pytest.mark.slow
@needs("imdb_train.csv.gz", "imdb_test.csv.gz")
def test_so_it_is_on_imdb_at_its_own_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_DATA", str(SHARED))
    ours, program = both("elman", whole("elman"))  # torch's own layers are the same ones at any size
    assert ours == pytest.approx(program, abs=1e-6)


def test_its_reader_and_batches_are_what_the_recipe_has() -> None:
    assert reviews.cut("Not <br />bad, Café!") == ["not", "br", "bad", "caf"]
    config = RunConfig(**RECIPES["published-mlp"].config)
    assert (config.task_config.budget, config.optimiser.lr, config.network.hidden) == (
        reviews.BUDGET, reviews.RATE, reviews.WIDTH)
    rows = [([1] * length, length % 2) for length in (3, 9000, 4000, 3000)]
    assert [tuple(ids.shape) for ids, _ in reviews.batched(rows)] == [(2, 3000), (1, 4000), (1, 9000)]
