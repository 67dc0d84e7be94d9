"""What every part of the registries promises, whichever it is: a new cell or task is covered without a line here."""

import itertools
import math
from collections.abc import Callable

import pytest
import torch

from seqlab import notation
from seqlab.agreement import compare
from seqlab.models import Model, models
from seqlab.models.network import SequenceNetwork
from seqlab.reference.cells import cells
from seqlab.reference.loss import cross_entropy
from seqlab.reference.network import network
from seqlab.tasks import Task, tasks
from seqlab.trace import Trace
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.loop import learner, updates, weighted_loss

FORMS, STARTS, SIZE = ("one-hot", "embedding"), ("default", "orthogonal", "delay-line"), 4
ALL = list(itertools.product(models(), tasks(), FORMS))
TASKS = [pytest.param(task, id=task.name) for task in tasks().values()]


def config(cell: str, task: str, form: str = "embedding", start: str = "default") -> RunConfig:
    made = NetworkConfig(model=cell, hidden=24, layers=2, input=form, embedding=6, initialisation=start)
    return RunConfig(task={"name": task}, batch=SIZE, device="cpu", steps=3, network=made)


def weights(made: SequenceNetwork) -> dict:
    return {name: part.detach().numpy() for name, part in made.state_dict().items()}


@pytest.mark.parametrize(("cell", "task", "form"), ALL)
def test_it_builds_trains_and_agrees(cell: str, task: str, form: str) -> None:
    run = config(cell, task, form)
    state = learner(run, torch.device("cpu"))
    start = {name: part.clone() for name, part in state.network.state_dict().items()}
    assert list(updates(state)) == [1, 2, 3]
    means = state.collect()
    assert means.finite == means.updates == 3
    assert math.isfinite(means.loss)
    assert means.loss > 0
    assert means.grad_norm > 0
    assert 0 <= means.accuracy <= 1
    end = state.network.state_dict()
    assert all(part.isfinite().all() for part in end.values())
    moved = {name for name in end if not torch.equal(start[name], end[name])}
    frozen = {name for name in end if form == "one-hot" and name.startswith("encoder.")}
    assert moved == set(end) - frozen

    drawn = run.task_spec.batch(run.task_config, SIZE, torch.Generator().manual_seed(1))
    theirs = {name: value.numpy() for name, value in state.network.trace(drawn.inputs, drawn.condition).items()}
    ours = network(cells()[cell], drawn.inputs.numpy(), weights(state.network),
                   condition=None if drawn.condition is None else drawn.condition.numpy())
    assert list(ours) == list(theirs)
    assert compare(ours, Trace(theirs)).largest <= 2e-6


@pytest.mark.parametrize(("cell", "task", "form"), ALL)
def test_the_loss_that_trains_is_the_reference_s(cell: str, task: str, form: str) -> None:
    run = config(cell, task, form)
    state = learner(run, torch.device("cpu"))
    state.network.double()
    drawn = run.task_spec.batch(run.task_config, SIZE, torch.Generator().manual_seed(1))
    with torch.inference_mode():
        logits = state.network(drawn.inputs, drawn.condition)
        loss = weighted_loss(logits.float(), drawn).item()
    expected = cross_entropy(logits.numpy(), drawn.targets.numpy(), drawn.weight.double().numpy())
    assert loss == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("cell", "start"), list(itertools.product(models(), STARTS)))
@pytest.mark.parametrize("task", TASKS)
def test_every_way_to_start_agrees_in_float64(cell: str, start: str, task: Task) -> None:
    run = config(cell, task.name, start=start)
    made = learner(run, torch.device("cpu")).network.double()
    drawn = task.batch(run.task_config, SIZE, torch.Generator().manual_seed(1))
    theirs = {name: value.numpy() for name, value in made.trace(drawn.inputs, drawn.condition).items()}
    ours = network(cells()[cell], drawn.inputs.numpy(), weights(made),
                   condition=None if drawn.condition is None else drawn.condition.numpy())
    assert compare(ours, Trace(theirs)).largest <= 1e-12


def test_models_and_formulas_come_in_pairs() -> None:
    assert set(models()) == set(cells())


@pytest.mark.parametrize("name", models())
def test_the_sizes_of_a_model_are_those_of_its_formula(name: str) -> None:
    model: Model = models()[name]
    core, cell = model.build(3, 5, 2), cells()[name]
    assert core.weight_hh_l0.shape == (cell.gates * 5, 5)
    with torch.inference_mode():
        trace = model.trace(core, torch.randn(2, 4, 3))
    assert {key.partition(".")[0] for key in trace} >= {*cell.views, *cell.state}
    assert {key: value.shape for key, value in trace.items()} == dict.fromkeys(trace, (2, 4, 5))
    for key, value in trace.items():
        low, high = notation.symbol(key).bounds
        assert key.startswith("h.") or low <= value.min() <= value.max() <= high


@pytest.mark.parametrize("task", TASKS)
def test_a_task_with_its_defaults_draws_batches_that_fit_its_sizes(task: Task) -> None:
    settings = task.config()
    sizes = task.dimensions(settings)
    drawn = task.batch(settings, 32, torch.Generator().manual_seed(0))
    assert 0 <= int(drawn.inputs.min()) <= int(drawn.inputs.max()) < sizes.symbols
    assert 0 <= int(drawn.targets.min()) <= int(drawn.targets.max()) < sizes.classes
    assert (drawn.condition is not None) is bool(sizes.conditions)
    if drawn.condition is not None:
        assert 0 <= int(drawn.condition.min()) <= int(drawn.condition.max()) < sizes.conditions
    for part in (drawn.weight, drawn.scored):
        assert part.shape == drawn.targets.shape
        assert set(part.unique().tolist()) <= {0.0, 1.0}
    assert drawn.weight.any()
    assert drawn.scored.any()


@pytest.mark.parametrize("task", TASKS)
def test_a_task_measures_an_accuracy(task: Task) -> None:
    settings = task.config()
    sizes = task.dimensions(settings)

    def noise(inputs: torch.Tensor, condition: torch.Tensor | None) -> torch.Tensor:
        return torch.rand(*inputs.shape, sizes.classes, generator=torch.Generator().manual_seed(0))

    figures = evaluated(task, noise)
    assert 0 <= figures["accuracy"] <= 1
    assert figures == evaluated(task, noise)


def evaluated(task: Task, predict: Callable[..., torch.Tensor]) -> dict:
    return task.evaluate(task.config(), predict, torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("task", "recipe"), [(task.name, recipe) for task in tasks().values()
                                              for recipe in task.recipes])
def test_every_recipe_is_a_config_that_builds(task: str, recipe: str) -> None:
    run = RunConfig.model_validate(tasks()[task].recipes[recipe].config)
    assert run.task["name"] == task
    assert learner(run, torch.device("cpu")).step == 0
