"""What every part of the registries promises, whichever it is: a new core or task is covered without a line here."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from seqlab import notation
from seqlab.agreement import compare
from seqlab.data.batching import Batch
from seqlab.errors import Fault
from seqlab.lenses.gradients import as_batch, quantities, step_by_step, trainable
from seqlab.models import models
from seqlab.models.network import SequenceNetwork
from seqlab.reference.backward import gradients
from seqlab.reference.core import DEFAULT, cores
from seqlab.reference.loss import cross_entropy
from seqlab.reference.network import network
from seqlab.tasks import Dimensions, Task, tasks
from seqlab.trace import Trace
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.loop import learner, updates
from seqlab.training.loss import weighted_loss
from tests.support.data import SHARED, need

FORMS, SIZE = ("one-hot", "embedding"), 4
LEARNED = [task for task in tasks().values() if task.has_data(task.config())]
TASKS = [pytest.param(task, id=task.name) for task in LEARNED]


@pytest.fixture(autouse=True)
def texts_at_hand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text task's own book is read from where the tests' data lies; without it, what asks for that task skips."""
    monkeypatch.setenv("SEQLAB_DATA", str(SHARED))
    asked = request.node.callspec.params.values() if hasattr(request.node, "callspec") else ()
    if any("text" in (value, getattr(value, "name", "")) for value in asked if not isinstance(value, dict)):
        need("timemachine.txt")


def variants() -> list[object]:
    """Every core, in each of the ways that are its own: how its weights start, or how it is told positions."""
    found = []
    for name, core in cores().items():
        ways = [{"initialisation": how} for how in core.initialisations if how != "normal"]  # little moves from there
        ways += [{"positions": "learned"}] if core.heads else []
        ways += [{"pooling": "max"}]
        found += [pytest.param({"model": name, **way}, id="-".join((name, *way.values()))) for way in ways]
    return found


def config(network: dict, task: str | dict, **changes: object) -> RunConfig:
    made = NetworkConfig(**{"hidden": 24, "heads": 3, "layers": 2, "embedding": 6, "context": 1024} | network)
    task = {"name": task} if isinstance(task, str) else task
    return RunConfig(task=task, batch=SIZE, device="cpu", steps=3, network=made, **changes)


def fits(model: str, task: Task) -> bool:
    """Whether a model may learn a task: who sees what follows has nothing to foretell."""
    return not (task.next_symbol(task.config()) and cores()[model].sees == "all")


PAIRS = [pytest.param(model, task, id=f"{task.name}-{model}") for task in LEARNED for model in models()
         if fits(model, task)]


def trials() -> list[object]:
    """Every core in its plain way on every task, and in all its ways on echo and on the tasks that read a whole text.

    How weights start and what a task is know nothing of each other, so that not every way has to meet every task.
    """
    params = []
    for task in LEARNED:
        all_ways, plain = task.name == "echo" or task.dimensions(task.config()).whole, set()
        for variant in variants():
            (way,) = variant.values
            if fits(way["model"], task) and (all_ways or way["model"] not in plain):
                params.append(pytest.param(way, task, id=f"{task.name}-{variant.id}"))
            plain.add(way["model"])
    return params


VARIANTS = trials()


@pytest.mark.parametrize(("model", "task"), [(model, task.name) for task in LEARNED for model in models()
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
    assert compare(ours, theirs, 5e-6).holds


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
    assert compare(ours, theirs, 1e-12).holds
    if readout == "state":
        np.testing.assert_array_equal(ours["logits"], ours[list(ours)[-3]])


def test_models_and_formulas_come_in_pairs() -> None:
    assert set(models()) == set(cores())


def test_parts_that_seqlab_does_not_ship_are_among_them() -> None:
    """So that every test here speaks for a part that somebody adds."""
    assert "mgu" in models()
    assert "copy-memory" in tasks()


@pytest.mark.parametrize("name", cores())
def test_a_core_says_without_torch_what_its_model_can_do(name: str) -> None:
    core, model = cores()[name], models()[name]
    assert list(core.initialisations) == [DEFAULT, *model.initialise]
    assert core.packs is model.packs
    assert not (core.packs and not core.state)
    assert not core.conventions or {"r", "z", "n"} <= set(core.symbols)
    assert core.lines()
    assert (model.step is not None) is bool(core.state)


def fresh(name: str, how: str, **sizes: int) -> SequenceNetwork:
    """A network of one seed, with bigger sizes than those of a delay line over two steps."""
    torch.manual_seed(0)
    return SequenceNetwork(NetworkConfig(model=name, initialisation=how, hidden=12, heads=3, layers=2, embedding=5,
                                         context=9), Dimensions(7, 7, **({"memory": 2} | sizes)))


STARTS = [(name, how) for name, core in cores().items() for how in core.initialisations if how != DEFAULT]


@pytest.mark.parametrize(("name", "how"), STARTS)
def test_an_initialisation_changes_the_weights(name: str, how: str) -> None:
    plain, other, again = (fresh(name, one).state_dict() for one in (DEFAULT, how, how))
    moved = {key for key in plain if not torch.equal(plain[key], other[key])}
    assert any(key.startswith("core.") for key in moved)
    assert not any(key.startswith("encoder.") for key in moved)
    assert all(torch.equal(other[key], again[key]) and other[key].isfinite().all() for key in other)
    if how in AS_IT_SAYS:
        AS_IT_SAYS[how](fresh(name, how))


def is_normal(made: SequenceNetwork) -> None:
    for part in (*made.core.parameters(), *made.decoder.parameters()):
        assert part.std().item() == pytest.approx(0.01, rel=0.3) if part.ndim > 1 else not part.any()


def is_orthogonal(made: SequenceNetwork) -> None:
    for _, W_hh, *_ in made.core.all_weights:
        for block in W_hh.split(made.core.hidden_size):
            torch.testing.assert_close(block @ block.T, torch.eye(len(block)), rtol=0, atol=1e-5)


def is_a_delay_line(made: SequenceNetwork) -> None:
    """Block k of the first layer hears what was read k steps ago, and nothing else."""
    ids = torch.tensor([[1, 1, 1, 1], [2, 1, 1, 1]])
    h = made.double().trace(ids)["h.0"].unflatten(-1, (3, 4))
    heard = (h[0] - h[1]).abs().amax(-1)  # time block
    assert heard[torch.arange(3), torch.arange(3)].min() > 0.02
    assert heard.argmax(-1).tolist()[:3] == [0, 1, 2]


AS_IT_SAYS: dict[str, Callable[[SequenceNetwork], None]] = {
    "normal": is_normal, "orthogonal": is_orthogonal, "delay-line": is_a_delay_line}


@pytest.mark.parametrize("name", cores())
def test_an_initialisation_that_a_model_does_not_have_is_refused(name: str) -> None:
    for how in {"spectral", *AS_IT_SAYS} - set(cores()[name].initialisations):
        with pytest.raises(ValueError, match=f"cannot start as {how}; take default"):
            NetworkConfig(model=name, initialisation=how)
        with pytest.raises(ValueError, match=f"{name} cannot start as {how}; it has default"):
            models()[name].start(fresh(name, DEFAULT).core, torch.nn.Linear(2, 2), how, 1)


@pytest.mark.parametrize("name", cores())
def test_the_second_bias_of_a_layer_is_held_at_zero_where_it_can_be_left_out(name: str) -> None:
    if not cores()[name].second_bias:
        with pytest.raises(ValueError, match="have no second bias to leave out; take bias two"):
            NetworkConfig(model=name, bias="one")
        return
    for how in cores()[name].initialisations:
        settings = NetworkConfig(model=name, initialisation=how, hidden=12, layers=2, embedding=5, bias="one")
        made = SequenceNetwork(settings, Dimensions(7, 7, memory=2))
        before, fixed = {key: part.clone() for key, part in made.state_dict().items()}, settings.left_out
        assert len(fixed) == 2
        assert fixed == [key for key, part in made.named_parameters() if not part.requires_grad]
        made(torch.arange(12).reshape(2, 6) % 7).square().sum().backward()
        torch.optim.Adam(made.parameters(), 0.1).step()
        for key, part in made.state_dict().items():
            assert not part.any() if key in fixed else not torch.equal(part, before[key]), (how, key)
    assert NetworkConfig(model=name).left_out == []


def same(value: torch.Tensor, other: torch.Tensor) -> None:
    """Equal in float64 but for the order of sums, whose rounding grows with the largest number."""
    assert value.dtype == other.dtype == torch.float64
    torch.testing.assert_close(value, other, rtol=0, atol=1e-12 * other.abs().max().item())


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_what_is_no_more_than_close_is_not_the_same(size: float) -> None:
    numbers = size * torch.tensor([1, -0.5, 1e-9], dtype=torch.float64)
    same(numbers * (1 + 1e-14), numbers)
    with pytest.raises(AssertionError):
        same(numbers * (1 + 1e-10), numbers)


@pytest.mark.parametrize("name", cores())
@torch.inference_mode()
def test_packing_changes_nothing_but_what_is_no_time_step(name: str) -> None:
    """Were a sequence packed wrongly, the loss would be that of other sequences, and no grammar would be learned."""
    made = fresh(name, DEFAULT, conditions=3).double()
    ids, lengths = torch.arange(18).reshape(3, 6) % 7, torch.tensor([2, 6, 4])
    condition = torch.tensor([0, 2, 1])
    if not cores()[name].packs:
        with pytest.raises(ValueError, match=f"{name} cannot run packed sequences"):
            made.advance(ids, condition, (), lengths, True)
        refused = "cannot be packed; take padding with a mask, or another model|sees what follows"
        with pytest.raises(ValueError, match=refused):
            config({"model": name}, {"name": "grammar", "padding": "pack"})
        return
    whole, state = made.advance(ids, condition)
    packed, last = made.advance(ids, condition, (), lengths, True)
    assert packed.shape == whole.shape
    for row, length in enumerate(lengths.tolist()):
        same(packed[row, :length], whole[row, :length])
        _, own = made.advance(ids[row:row + 1, :length], condition[row:row + 1])
        for part, alone in zip(last, own, strict=True):
            same(part[:, row:row + 1], alone)
    on, _ = made.advance(ids, condition, state, lengths, True)
    same(on[0, :2], made.advance(ids, condition, state)[0][0, :2])


@pytest.mark.parametrize("name", [name for name, core in cores().items() if core.state])
def test_a_pass_goes_on_from_the_state_that_one_before_left(name: str) -> None:
    made, ids = fresh(name, DEFAULT).double(), torch.arange(12).reshape(2, 6) % 7
    whole, last = made.advance(ids)
    first, state = made.advance(ids[:, :4])
    second, after = made.advance(ids[:, 4:], None, state)
    same(torch.cat((first, second), 1), whole)
    assert len(after) == len(cores()[name].state)
    for part, other in zip(last, after, strict=True):
        same(part, other)


@pytest.mark.parametrize("name", cores())
def test_one_step_after_another_is_the_same_pass_and_a_missing_one_is_said(name: str) -> None:
    made, core = fresh(name, DEFAULT).double(), cores()[name]
    ids = torch.arange(12).reshape(2, 6) % 7
    states = step_by_step(made, made.encoder(ids))
    values = made.trace(ids)
    for key, parts in states.items():
        same(torch.stack(list(parts), 1), values[key])
    assert {f"{key}.1" for key in core.state} <= set(states)
    if core.state:
        same(torch.stack(list(states[list(states)[-1]]), 1), values[list(values)[-3]])  # what the decoder reads
        made.model = replace(made.model, step=None)
        with pytest.raises(Fault, match="cannot be run one step after another"):
            step_by_step(made, made.encoder(ids))


@pytest.mark.parametrize("name", cores())
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("pooling", ["none", "max"])
def test_a_whole_training_step_is_the_reference_s(name: str, reduction: str, pooling: str) -> None:
    """Gradients of every weight and every quantity that torch leads through, from loss to input."""
    made = trainable(fresh(name, DEFAULT, conditions=3).double(), NetworkConfig(model=name, layers=2, heads=4))
    made.pooling = pooling
    ids, condition = torch.arange(12).reshape(2, 6) % 7, torch.tensor([2, 0])
    weight = np.array([[1.0, 1, 0, 1, 1, 1], [1, 1, 1, 1, 0, 0]])
    drawn = as_batch(ids.numpy(), ids.flip(1).numpy(), weight, condition.numpy())
    loss = weighted_loss(made.everywhere(ids, condition), drawn, reduction)
    loss.backward()
    ours, named, trace = gradients(cores()[name], ids.numpy(), ids.flip(1).numpy(), weight, weights(made),
                                   condition.numpy(), reduction, pooling)
    assert ours == pytest.approx(loss.item(), rel=1e-12)
    assert compare(named, {key: part.grad.numpy() for key, part in made.named_parameters()}, 1e-11).holds
    theirs = quantities(made, drawn, reduction)
    assert {"x", "logits"} <= set(theirs)
    # Autograd has the derivative of a quantity by every way where it is one tensor for each time, as states are.
    shown = {key for key in theirs if key in trace and (not cores()[name].state or key in step_by_step(
        made, made.encoder(ids, condition)) or key in ("x", "logits", "pooled"))}
    assert compare({key: trace[key] for key in shown}, {key: theirs[key] for key in shown}, 1e-11).holds


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
    assert (drawn.lengths is not None) is sizes.ragged
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
