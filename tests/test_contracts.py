"""What every part of the registries promises, whichever it is: a new core or task is covered without a line here."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from seqlab import notation
from seqlab.agreement import compare
from seqlab.data.batching import Batch
from seqlab.models import models
from seqlab.models.network import SequenceNetwork
from seqlab.reference.core import cores
from seqlab.reference.loss import cross_entropy
from seqlab.reference.network import network
from seqlab.tasks import Task, tasks
from seqlab.trace import Trace
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.loop import learner, updates
from seqlab.training.loss import weighted_loss

FORMS, SIZE = ("one-hot", "embedding"), 4
TASKS = [pytest.param(task, id=task.name) for task in tasks().values()]


def variants() -> list[object]:
    """Every core, in each of the ways that are its own: how its weights start, or how it is told positions."""
    found = []
    for name, core in cores().items():
        ways = ([{"initialisation": how} for how in ("default", "orthogonal", "delay-line")] if core.state else
                [{"positions": how} for how in ("sinusoidal", "learned")] if core.heads else [{}])
        ways += [{"pooling": "max"}]
        found += [pytest.param({"model": name, **way}, id="-".join((name, *way.values()))) for way in ways]
    return found


def config(network: dict, task: str, **changes: object) -> RunConfig:
    made = NetworkConfig(**{"hidden": 24, "heads": 3, "layers": 2, "embedding": 6, "context": 1024} | network)
    return RunConfig(task={"name": task}, batch=SIZE, device="cpu", steps=3, network=made, **changes)


def fits(model: str, task: Task) -> bool:
    """Whether a model may learn a task: who sees what follows has nothing to foretell."""
    return not (task.next_symbol and cores()[model].sees == "all")


PAIRS = [pytest.param(model, task, id=f"{task.name}-{model}") for task in tasks().values() for model in models()
         if fits(model, task)]


def trials() -> list[object]:
    """Every core in its plain way on every task, and in all its ways on echo and on the tasks that read a whole text.

    How weights start and what a task is know nothing of each other, so that not every way has to meet every task.
    """
    params = []
    for task in tasks().values():
        all_ways, plain = task.name == "echo" or task.dimensions(task.config()).whole, set()
        for variant in variants():
            (way,) = variant.values
            if fits(way["model"], task) and (all_ways or way["model"] not in plain):
                params.append(pytest.param(way, task, id=f"{task.name}-{variant.id}"))
            plain.add(way["model"])
    return params


VARIANTS = trials()


@pytest.mark.parametrize(("model", "task"), [(model, task.name) for task in tasks().values() for model in models()
                                             if not fits(model, task)])
def test_who_sees_what_follows_may_not_foretell_it(model: str, task: str) -> None:
    with pytest.raises(ValueError, match="sees what follows"):
        config({"model": model}, task)


def weights(made: SequenceNetwork) -> dict[str, np.ndarray]:
    return {name: part.detach().numpy() for name, part in made.state_dict().items()}


def both(run: RunConfig, made: SequenceNetwork) -> tuple[Trace, Trace]:
    """The same batch through NumPy and through torch."""
    drawn = batch(run)
    theirs = {name: value.numpy() for name, value in made.trace(drawn.inputs, drawn.condition).items()}
    ours = network(cores()[run.network.model], drawn.inputs.numpy(), weights(made), pooling=run.network.pooling,
                   condition=None if drawn.condition is None else drawn.condition.numpy())
    return ours, Trace(theirs)


def batch(run: RunConfig) -> Batch:
    return run.task_spec.batch(run.task_config, SIZE, torch.Generator().manual_seed(1))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("variant", "task"), VARIANTS)
def test_it_builds_trains_and_agrees(variant: dict, task: Task, form: str) -> None:
    run = config(variant | {"input": form}, task.name)
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
    # A bias of the keys adds the same to all scores of a query, so its gradient is 0 but for rounding.
    assert set(end) - frozen - {name for name in end if name.endswith(".b_k")} <= moved <= set(end) - frozen
    ours, theirs = both(run, state.network)
    assert list(ours) == list(theirs)
    assert compare(ours, theirs).largest <= 5e-6


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(("model", "task"), PAIRS)
def test_the_loss_that_trains_is_the_reference_s(model: str, task: Task, reduction: str) -> None:
    run = config({"model": model}, task.name, reduction=reduction)
    made, drawn = learner(run, torch.device("cpu")).network.double(), batch(run)
    with torch.inference_mode():
        logits = made(drawn.inputs, drawn.condition, drawn.lengths)
        loss = weighted_loss(logits.float(), drawn, reduction).item()
    logits, targets, weight = logits.numpy(), drawn.targets.numpy(), drawn.weight.double().numpy()
    mean = cross_entropy(logits, targets, weight)
    # The sum is taken over each sequence, and its mean over the sequences of the batch.
    sums = [cross_entropy(*row) * row[2].sum() for row in zip(logits, targets, weight, strict=True) if row[2].any()]
    assert loss == pytest.approx(mean if reduction == "mean" else sum(sums) / SIZE, rel=1e-6)


@pytest.mark.parametrize("readout", ["linear", "state"])
@pytest.mark.parametrize(("variant", "task"), VARIANTS)
def test_it_agrees_in_float64(variant: dict, task: Task, readout: str) -> None:
    classes = task.dimensions(task.config()).classes
    changes = {"hidden": classes, "heads": 1, "readout": readout} if readout == "state" else {}
    if readout == "state" and variant.get("initialisation") == "delay-line":
        changes |= {"initialisation": "default"}  # a state that is the logits may be too narrow for a delay line
    run = config(variant | changes, task.name)
    ours, theirs = both(run, learner(run, torch.device("cpu")).network.double())
    assert compare(ours, theirs).largest <= 1e-12
    if readout == "state":
        np.testing.assert_array_equal(ours["logits"], ours[list(ours)[-3]])


def test_models_and_formulas_come_in_pairs() -> None:
    assert set(models()) == set(cores())


@pytest.mark.parametrize("variant", variants())
def test_a_model_and_its_formula_have_the_same_weights_and_quantities(variant: dict) -> None:
    name, sizes = variant["model"], NetworkConfig(hidden=6, heads=3, layers=2, context=9, **variant)
    made, core = models()[name].build(5, sizes), cores()[name]
    assert {key: tuple(part.shape) for key, part in made.state_dict().items()} == core.shapes(5, sizes)
    with torch.inference_mode():
        theirs = models()[name].trace(made, torch.randn(2, 4, 5))
    trace = Trace({key: value.numpy() for key, value in theirs.items()})
    assert core.sees in ("present", "past", "all")
    assert core.heads is ("attention" in core.symbols)
    assert trace.layers == 2
    assert trace.symbols == set(core.symbols)
    assert {*core.views, *core.state, *core.limits} <= set(core.symbols)
    for key, value in trace.items():
        low, high = notation.symbol(key).bounds
        assert notation.symbol(key).key in core.limits or low <= value.min() <= value.max() <= high
    assert trace[list(trace)[-1]].shape == (2, 4, 6)  # what the decoder reads


@pytest.mark.parametrize(("model", "task"), PAIRS)
def test_a_trace_holds_what_the_core_names_and_the_ends(model: str, task: Task) -> None:
    run = config({"model": model}, task.name)
    for trace in both(run, learner(run, torch.device("cpu")).network):
        assert trace.symbols == {"x", *cores()[model].symbols, "logits", "p"}
        assert [list(trace)[place] for place in (0, -2, -1)] == ["x", "logits", "p"]


@pytest.mark.parametrize("name", cores())
def test_a_core_sees_what_it_says(name: str) -> None:
    """What a later or an earlier input changes, against what the core says of itself."""
    rng, core = np.random.default_rng(0), cores()[name]
    drawn = {f"core.{key}": rng.normal(0, 0.3, shape)
             for key, shape in core.shapes(5, NetworkConfig(model=name, hidden=6, heads=3, layers=2)).items()}
    x = rng.normal(size=(1, 7, 5))
    other = x.copy()
    other[:, 3] += 1
    before, after = (list(core.run(part, drawn).values())[-1][0] for part in (x, other))
    moved = (before != after).any(-1)
    assert moved.tolist() == {"present": [t == 3 for t in range(7)], "past": [t >= 3 for t in range(7)],
                              "all": [True] * 7}[core.sees]


@pytest.mark.parametrize("name", cores())
def test_every_core_can_be_drawn_as_time_and_units(name: str) -> None:
    assert cores()[name].views
    assert "h" in cores()[name].symbols
    for key in cores()[name].views:
        assert notation.SYMBOLS[key].axes == ("batch", "time", "hidden")


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

    def noise(inputs: torch.Tensor, condition: torch.Tensor | None,
              lengths: torch.Tensor | None = None) -> torch.Tensor:
        shape = (len(inputs), 1) if sizes.whole else inputs.shape
        return torch.rand(*shape, sizes.classes, generator=torch.Generator().manual_seed(0))

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
