"""The chapter's recipe is the source's program: the same weights and batches give the same losses, update by update."""

from collections.abc import Iterator

import pytest
import torch

from seqlab.data.corpora import file_prepared
from seqlab.data.windows import validation_text
from seqlab.studies.chapter.runs import RUNS
from seqlab.tasks.text import TextConfig, parts
from seqlab.training.config import RunConfig
from seqlab.training.loop import Learner, learner, updates
from tests.programs import chapter
from tests.support.data import SHARED, need

UPDATES = 25  # into the third epoch, two of whose last batches are smaller
KINDS = {"chapter": "one-hot", "embedding": "embedding"}


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch) -> None:
    need("timemachine.txt")
    monkeypatch.setenv("SEQLAB_DATA", str(SHARED))


def ours(key: str, **changes: object) -> Learner:
    """The learner of an exercise's run, after as many steps as are compared."""
    return learner(RunConfig(**(RUNS[key] | {"steps": UPDATES} | changes)), torch.device("cpu"))


def as_program(made: Learner) -> chapter.Parameters:
    """The weights of a network as the program has them; their symbols stay in our order."""
    weights = {name: part.detach().clone() for name, part in made.network.state_dict().items()}
    own = {"W_xh": weights["core.weight_ih_l0"].T, "W_hh": weights["core.weight_hh_l0"].T,
           "b_h": weights["core.bias_ih_l0"], "W_hq": weights["decoder.weight"].T, "b_q": weights["decoder.bias"]}
    if made.config.network.input == "embedding":
        own["embedding"] = weights["encoder.symbol.weight"]
    return {name: part.contiguous().requires_grad_() for name, part in own.items()}


def batches(made: Learner) -> Iterator[torch.Tensor]:
    """The windows that a learner's steps will read, each with its next character."""
    config, generator = made.config, torch.Generator().manual_seed(made.config.seed)
    for step in range(config.steps):
        batch = config.task_spec.batch(config.task_config, config.batch, generator, step)
        yield torch.cat((batch.inputs, batch.targets[:, -1:]), 1)


def losses(made: Learner) -> list[float]:
    """Train, and give the loss of every update before it."""
    return [made.collect().loss for _ in updates(made)]


def largest_gap(key: str, **changes: object) -> float:
    """Largest difference of the losses of our recipe and of the program."""
    made = ours(key, **changes)
    theirs = list(chapter.updates(as_program(made), batches(made)))
    return max(abs(one - other) for one, other in zip(losses(made), theirs, strict=True))


@pytest.mark.parametrize("key", KINDS)
def test_the_same_weights_and_batches_give_the_losses_of_the_program(key: str) -> None:
    assert largest_gap(key) < 1e-6


@pytest.mark.parametrize("key", KINDS)
def test_a_second_bias_that_is_trained_is_another_network(key: str) -> None:
    """It moves the sum of both at double rate: the losses part from the second update on."""
    network = RUNS[key]["network"]
    assert largest_gap(key, network=network | {"bias": "two"}) > 1e-4


@pytest.mark.parametrize("key", KINDS)
def test_the_network_starts_as_the_program_s(key: str) -> None:
    made, fresh = ours(key), chapter.parameters(KINDS[key] == "embedding")
    own = as_program(made)
    assert {name: part.shape for name, part in own.items()} == {name: part.shape for name, part in fresh.items()}
    for name, part in fresh.items():
        assert own[name].std().item() == pytest.approx(part.std().item(), rel=0.15), name
    trained = sum(part.numel() for part in made.network.parameters() if part.requires_grad)
    assert trained == sum(part.numel() for part in fresh.values())


def test_an_epoch_has_every_window_once_and_a_smaller_batch_last() -> None:
    drawn = list(batches(ours("chapter", steps=20)))
    assert [len(batch) for batch in drawn] == ([1024] * 9 + [784]) * 2
    task = TextConfig(split="d2l", num_steps=32)
    every = torch.from_numpy(parts(task)[0].astype("int64")).unfold(0, 33, 1)
    first, second = (torch.cat(drawn[begin:begin + 10]) for begin in (0, 10))
    for epoch in (first, second):
        assert torch.equal(sorted_rows(epoch), sorted_rows(every))
    assert not torch.equal(first, second)


def sorted_rows(windows: torch.Tensor) -> torch.Tensor:
    return windows[sorted(range(len(windows)), key=windows.tolist().__getitem__)]


@pytest.mark.parametrize(("name", "file"), [
    ("time-machine", "timemachine.txt"), ("gutenberg-36", "war_of_the_worlds_pg36.txt"),
    ("gutenberg-1342", "pride_and_prejudice_pg1342.txt")])
def test_the_windows_that_are_measured_are_the_program_s(name: str, file: str) -> None:
    need(file)
    file_prepared.cache_clear()  # an earlier test may have laid another file of that name
    task = TextConfig(split="d2l", num_steps=32)
    text = validation_text(file_prepared(name, task.preparation), 32)
    theirs = chapter.held_out(SHARED / file)
    assert theirs.shape == (5000, 33)
    assert len(text) == 5032
    for row in (0, 1, 4999):
        assert text[row:row + 33] == "".join(chapter.LETTERS[place] for place in theirs[row])
