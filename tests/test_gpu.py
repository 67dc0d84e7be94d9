"""On a CUDA device: what is drawn is proved there too, training works, and batches are made where they are used."""

import pytest
import torch

from seqlab.agreement import compare
from seqlab.reference.core import cores
from seqlab.tasks.echo import EchoConfig, batch, shifted
from seqlab.training.batched import Group
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.loop import evaluate, learner, updates
from seqlab.training.run import create
from seqlab.training.session import train
from tests.benchmarks.agreement import SETTINGS, Setting, agreement
from tests.benchmarks.agreement_attention import Transformer

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, and this machine has none"),
]
ALLOWED = {"float64": 1e-10, "float32": 2e-5}  # cuDNN sums in another order than a CPU


@pytest.fixture(autouse=True)
def full_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """No TF32: it keeps 10 bits of a float32's 23, which would be all that the badge shows."""
    monkeypatch.setattr(torch.backends.cuda.matmul, "allow_tf32", False)
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)


@pytest.mark.parametrize("dtype", ALLOWED)
@pytest.mark.parametrize("portion", range(5))
def test_cuda_agrees_with_numpy(portion: int, dtype: str, record_property: object) -> None:
    found = {number: agreement(Setting.drawn(number), dtype, "cuda")
             for number in range(portion * 20, (portion + 1) * 20)}
    assert max(found) < SETTINGS
    worst = max(found, key=lambda number: found[number][1])
    record_property(f"largest difference on CUDA, {dtype}", float(found[worst][1]))
    assert found[worst][1] <= ALLOWED[dtype], f"{Setting.drawn(worst)}: {found[worst][0].at}"


@pytest.mark.parametrize("dtype", ALLOWED)
@pytest.mark.parametrize("portion", range(5))
def test_cuda_agrees_with_numpy_on_transformers(portion: int, dtype: str, record_property: object) -> None:
    found = {number: compare(*Transformer.drawn(number).passes(dtype, "cuda"))
             for number in range(portion * 20, (portion + 1) * 20)}
    worst = max(found, key=lambda number: found[number].largest)
    record_property(f"largest difference of transformers on CUDA, {dtype}", float(found[worst].largest))
    assert all(one.holds for one in found.values()), f"{Transformer.drawn(worst)}: {found[worst].at}"


@pytest.mark.filterwarnings("ignore:RNN module weights are not part of single contiguous chunk")
@pytest.mark.parametrize("model", ["gru", "lstm", "rnn_tanh", "transformer"])
def test_runs_train_together_as_they_do_alone(model: str) -> None:
    configs = [RunConfig(task={"name": "echo"}, network=NetworkConfig(model=model, hidden=16), seed=seed, device="cuda")
               for seed in range(4)]
    alone, together = ([learner(config, torch.device("cuda")) for config in configs] for _ in range(2))
    group, loops = Group(together), [updates(one) for one in alone]
    for _ in range(20):
        group.update()
        for loop in loops:
            next(loop)
    for one, other in zip(alone, together, strict=True):
        assert one.collect().loss == pytest.approx(other.collect().loss, abs=1e-4)
        assert evaluate(other)["accuracy"] == pytest.approx(evaluate(one)["accuracy"], abs=0.02)


@pytest.mark.parametrize("model", cores())
def test_a_step_of_training(model: str) -> None:
    config = RunConfig(task={"name": "echo"}, network=NetworkConfig(model=model), steps=2, device="cuda")
    state = learner(config, torch.device("cuda"))
    start = {name: part.clone() for name, part in state.network.state_dict().items()}
    assert list(updates(state)) == [1, 2]
    assert state.collect().finite == 2
    for name, part in state.network.state_dict().items():
        assert part.device.type == "cuda"
        assert part.isfinite().all()
        # A bias of the keys adds the same to all scores of a query, so it may stay where it is.
        assert name.endswith(".b_k") or not torch.equal(part, start[name]), name


def test_a_run_learns_and_says_where(tmp_path: object) -> None:
    config = RunConfig(task={"name": "echo", "delay": 1, "length": 10}, steps=300, evaluate_every=100, device="auto")
    run = create(tmp_path, config)
    status = train(run.path)
    assert status.state == "finished"
    assert status.device == "cuda"
    assert run.metrics()["loss"][-1] < run.metrics()["loss"][0]


@pytest.mark.parametrize("form", ["fixed", "variable"])
def test_batches_are_made_on_the_device(form: str) -> None:
    config = EchoConfig(form=form, endings=True)
    made = batch(config, 32, torch.Generator("cuda").manual_seed(0))
    parts = [made.inputs, made.targets, made.weight, made.scored]
    delays = torch.full((32,), config.delay, device="cuda") if made.condition is None else made.condition
    assert all(part.device.type == "cuda" for part in (*parts, delays))
    assert torch.equal(made.targets, shifted(made.inputs, delays)[0])
