"""Every gradient against torch's autograd and against finite differences, over random networks of every core."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from seqlab.agreement import compare
from seqlab.lenses.gradients import as_batch
from seqlab.models import models
from seqlab.reference.backward import cross_entropy_gradient, gradients
from seqlab.reference.cells import Cell, LayerGradients, cells
from seqlab.reference.core import cores
from seqlab.reference.differences import central, places
from seqlab.reference.linear import embedding_gradient
from seqlab.reference.loss import cross_entropy
from seqlab.reference.network import network, stack
from seqlab.reference.weights import Weights
from seqlab.training.config import NetworkConfig
from seqlab.training.loss import weighted_loss
from tests.benchmarks.gradients import ALLOWED, SETTINGS, Setting, agreement, passes, weights_of

PORTION = 25


@pytest.mark.parametrize("portion", range(SETTINGS // PORTION))
def test_autograd_agrees_over_every_weight_and_every_quantity(portion: int, record_property: object) -> None:
    found = {number: agreement(Setting.drawn(number)) for number in range(portion * PORTION, (portion + 1) * PORTION)}
    worst = max(found, key=lambda number: found[number].largest)
    record_property("largest difference", float(found[worst].largest))
    assert found[worst].largest <= ALLOWED, f"{Setting.drawn(worst)}: {found[worst].at}"


def test_the_settings_cover_what_they_claim() -> None:
    drawn = [Setting.drawn(number) for number in range(SETTINGS)]
    assert Counter(setting.config.model for setting in drawn) == dict.fromkeys(cores(), SETTINGS // len(cores()))
    transformers = [setting for setting in drawn if setting.config.model == "transformer"]
    assert {setting.config.heads for setting in transformers} == {1, 2, 3, 4, 5}
    assert {setting.config.positions for setting in transformers} == {"sinusoidal", "learned"}
    for name in cores():
        of = [setting for setting in drawn if setting.config.model == name]
        assert {setting.config.layers for setting in of} == {1, 2, 3, 4}
        assert {setting.batch for setting in of} == set(range(1, 7))
        assert {setting.reduction for setting in of} == {"mean", "sum", "positions"}
        assert {setting.config.readout for setting in of} == {"linear", "state"}
        assert {bool(setting.sizes.conditions) for setting in of} == {False, True}
        assert min(setting.time for setting in of) <= 2
        assert max(setting.time for setting in of) >= 19


@pytest.mark.parametrize("number", range(20))
def test_every_weight_and_every_quantity_has_its_gradient(number: int) -> None:
    setting = Setting.drawn(number)
    ids, targets, weight, condition = setting.inputs()
    weights = weights_of(setting.network())
    _, found, trace = gradients(setting.core, ids, targets, weight, weights, condition, setting.reduction)
    forward = network(setting.core, ids, weights, condition=condition)
    assert {name: part.shape for name, part in found.items()} == {name: part.shape for name, part in weights.items()}
    assert list(trace) == [name for name in forward if name != "p"]
    assert {name: part.shape for name, part in trace.items()} == {name: forward[name].shape for name in trace}
    proved = {name.removeprefix("quantity ") for name in passes(setting)[1]} & set(trace)
    hidden = {name for name in trace if name.startswith(("h.", "c.", "x", "logits", "query", "value", "ln", "mid"))}
    assert hidden <= proved, "autograd was not asked for these"


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(cores()) * 2))
def test_finite_differences_agree(number: int) -> None:
    setting = replace(Setting.drawn(number), reduction="mean")
    ids, targets, weight, condition = setting.inputs()
    weights = weights_of(setting.network())
    _, found, _ = gradients(setting.core, ids, targets, weight, weights, condition)

    def loss(moved: Weights) -> float:
        return cross_entropy(network(setting.core, ids, moved, condition=condition)["logits"], targets, weight)

    measured = {place: central(loss, weights, *place) for place in places(found, 2, seed=number)}
    off = {place: slope for place, slope in measured.items() if abs(found[place[0]][place[1]] - slope.value)
           > slope.error}
    assert not off
    lax = np.median([slope.error for slope in measured.values()]) / (1 + loss(weights))
    assert lax < 1e-8, "a lax tolerance proves nothing"


@pytest.mark.parametrize("number", [number for number in range(len(cores())) if Setting.drawn(number).core.state])
def test_a_quantitys_gradient_is_what_moving_it_does(number: int) -> None:
    """The gates of a cell, which torch hides: a bias moves the loss through r, z, n … alone, by the slope of each."""
    setting = Setting.drawn(number)
    ids, targets, weight, condition = setting.inputs()
    weights = weights_of(setting.network())
    _, found, d = gradients(setting.core, ids, targets, weight, weights, condition, setting.reduction)
    t = network(setting.core, ids, weights, condition=condition)
    into = {"gru": lambda: [d["r.0"] * t["r.0"] * (1 - t["r.0"]), d["z.0"] * t["z.0"] * (1 - t["z.0"]),
                            d["n.0"] * (1 - t["n.0"] ** 2)],
            "lstm": lambda: [d["i.0"] * t["i.0"] * (1 - t["i.0"]), d["f.0"] * t["f.0"] * (1 - t["f.0"]),
                             d["g.0"] * (1 - t["g.0"] ** 2), d["o.0"] * t["o.0"] * (1 - t["o.0"])],
            "mgu": lambda: [d["u.0"] * t["u.0"] * (1 - t["u.0"]), d["n.0"] * (1 - t["n.0"] ** 2)],
            **dict.fromkeys(("rnn_tanh", "rnn_relu", "elman", "elman_out"), lambda: [d["a.0"]])}[
                setting.config.model.removesuffix("_sum")]()
    bias = found.get("core.bias_ih_l0", found.get("core.bias_l0"))
    np.testing.assert_allclose(np.concatenate(into, -1).sum((0, 1)), bias, atol=1e-12)
    if setting.config.model == "gru":
        np.testing.assert_allclose(d["q.0"], into[2] * t["r.0"], atol=1e-12)


@pytest.mark.parametrize("name", list(cells()))
def test_the_initial_state_has_the_gradient_of_all_outputs_and_of_the_last_state(name: str) -> None:
    torch.manual_seed(0)
    core = models()[name].build(3, NetworkConfig(hidden=5, layers=3)).double()
    x = torch.randn(2, 6, 3, dtype=torch.float64, requires_grad=True)
    parts = len(cells()[name].state)
    state = tuple(torch.randn(3, 2, 5, dtype=torch.float64, requires_grad=True) for _ in range(parts))
    wanted = torch.randn(2, 6, 5, dtype=torch.float64)
    after = tuple(torch.randn(3, 2, 5, dtype=torch.float64) for _ in range(parts))
    output, last = core(x, state if parts == 2 else state[0])
    left = last if parts == 2 else (last,)
    ((output * wanted).sum() + sum((one * two).sum() for one, two in zip(left, after, strict=True))).backward()
    weights = {f"core.{key}": part.detach().numpy() for key, part in core.state_dict().items()}
    given = tuple(part.detach().numpy() for part in state)
    values = stack(cells()[name], x.detach().numpy(), weights, state=given)
    found = cells()[name].backward(x.detach().numpy(), weights, values, wanted.numpy(), state=given,
                                   after=tuple(part.numpy() for part in after))
    for ours, theirs in zip((found.x, *found.state), (x, *state), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=1e-12)


def spoiled(cell: Cell, mistake: str) -> Cell:
    """A cell whose way back forgets something, as one easily does."""
    def wrong(x: np.ndarray, state: tuple, weights: object, values: dict, above: np.ndarray,
              after: tuple) -> LayerGradients:
        values = dict(values)
        if mistake == "the r-gate term":
            values["q"] = np.zeros_like(values["q"])
        elif mistake == "what later steps make of h":
            weights = replace(weights, W_hh=np.zeros_like(weights.W_hh))
        elif mistake == "that z carries h over":
            values["z"] = values["z"] * 0.999
        elif mistake == "the forget gate":
            values["f"] = np.zeros_like(values["f"])
        elif mistake == "the slope of tanh":
            values["h"] = np.zeros_like(values["h"])
        return cell.gradient(x, state, weights, values, above, after)
    return replace(cell, gradient=wrong)


@pytest.mark.parametrize(("name", "mistake"), [
    ("gru", "the r-gate term"), ("gru", "what later steps make of h"), ("gru", "that z carries h over"),
    ("lstm", "the forget gate"), ("lstm", "what later steps make of h"), ("rnn_tanh", "the slope of tanh"),
    ("rnn_relu", "what later steps make of h"),
])
def test_what_one_easily_forgets_is_noticed(name: str, mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = next(made for made in map(Setting.drawn, range(100)) if made.config.model == name and made.time > 5)
    assert agreement(setting).holds
    monkeypatch.setattr(Setting, "core", property(lambda self: spoiled(cells()[name], mistake)))
    assert not agreement(setting).holds


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("weighted", [False, True])
def test_cross_entropy(reduction: str, weighted: bool) -> None:
    draw = np.random.default_rng(1)
    logits, targets = draw.normal(size=(3, 4, 5)), draw.integers(0, 5, (3, 4))
    weight = draw.integers(0, 2, (3, 4)).astype(float) if weighted else None
    loss, found = cross_entropy_gradient(logits, targets, weight, reduction)
    there = torch.from_numpy(logits).requires_grad_()
    counted = np.ones((3, 4)) if weight is None else weight
    theirs = weighted_loss(there, as_batch(targets, targets, counted, None), reduction)
    theirs.backward()
    assert loss == pytest.approx(theirs.item(), rel=1e-14)
    np.testing.assert_allclose(found, there.grad.numpy(), atol=1e-15)


def test_a_loss_in_which_nothing_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="no position counts"):
        cross_entropy_gradient(np.zeros((1, 2, 3)), np.zeros((1, 2), int), np.zeros((1, 2)))


def test_a_row_that_is_read_twice_gathers_both() -> None:
    found = embedding_gradient(np.array([[2, 0, 2]]), 4, np.array([[[1.0], [10.0], [100.0]]]))
    assert found[:, 0].tolist() == [10, 0, 101, 0]


def test_a_network_that_is_told_no_condition_has_no_gradient_for_it() -> None:
    setting = next(made for made in map(Setting.drawn, range(100)) if made.config.model == "gru"
                   and made.sizes.conditions)
    ids, targets, weight, _ = setting.inputs()
    weights = weights_of(setting.network())
    plain = {name: part for name, part in weights.items() if "condition" not in name}
    width = weights["encoder.symbol.weight"].shape[1]
    plain["core.weight_ih_l0"] = plain["core.weight_ih_l0"][:, :width]
    told = {**plain, "encoder.condition.weight": np.zeros((3, 2))}
    loss, found, _ = gradients(setting.core, ids, targets, weight, told)
    assert loss == gradients(setting.core, ids, targets, weight, plain)[0]
    assert not found["encoder.condition.weight"].any()


@pytest.mark.parametrize("number", range(len(cores())))
def test_float32_stays_float32(number: int) -> None:
    setting = Setting.drawn(number)
    ids, targets, weight, condition = setting.inputs()
    weights = {name: part.astype(np.float32) for name, part in weights_of(setting.network()).items()}
    _, found, trace = gradients(setting.core, ids, targets, weight, weights, condition, setting.reduction)
    assert {part.dtype for part in (*found.values(), *trace.values())} == {np.dtype(np.float32)}


def test_the_measure_sees_one_wrong_number() -> None:
    ours, theirs = passes(Setting.drawn(0))
    name = list(ours)[1]
    ours[name] = ours[name].copy()
    ours[name].flat[-1] += 1e-8
    found = compare(ours, theirs, ALLOWED)
    assert found.first_fault is not None
    assert found.first_fault.name == name
