"""Every choice that a network's settings have, in a few combinations that cover each: NumPy, torch, formulas, training.

A choice that a core declares (``Core.activations``, ``Core.choices``) and that no combination has is an error here.
"""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.agreement import compare
from seqlab.figures.snippet import snippet
from seqlab.models.network import SequenceNetwork
from seqlab.reference.activations import ACTIVATIONS
from seqlab.reference.changed import changed
from seqlab.reference.core import DEFAULT, Core, core_of, cores
from seqlab.reference.formulas.lines import lines, stops
from seqlab.reference.formulas.operands import Entry, Quantity
from seqlab.reference.formulas.spot import Pass, Spot
from seqlab.reference.intervention import Intervention
from seqlab.reference.network import network
from seqlab.reference.sampling import Choice, sample
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.loop import learner, updates
from seqlab.training.weights import network_shapes
from tests.benchmarks.gradients import Setting, agreement, weights_of
from tests.reference.test_formulas import again, everywhere, in_trace

SMALL = {"hidden": 6, "heads": 2, "layers": 2, "embedding": 6, "context": 9}
# Each line is one network; together they hold every value of every setting, and the usual pairs of them.
SETTINGS: list[dict[str, object]] = [
    {"model": "transformer", "norm": "last", "final_norm": False, "activation": "relu"},
    {"model": "transformer", "norm": "last", "activation": "gelu", "positions": "learned", "feed_forward": 5},
    {"model": "transformer", "entry": "none", "positions": "learned", "bias": "none", "decoder_bias": False,
     "activation": "gelu"},
    {"model": "transformer", "entry": "none", "positions": "none", "final_norm": False, "layers": 1},
    {"model": "transformer", "entry": "none", "input": "one-hot", "norm": "last", "readout": "state", "layers": 3},
    {"model": "transformer", "entry": "none", "bias": "none", "tied": True, "decoder_bias": False, "activation": "gelu",
     "positions": "learned"},
    {"model": "gru", "tied": True, "conditions": 3, "pooling": "mean"},
    {"model": "self_attention", "entry": "none", "positions": "none", "bias": "none"},
    {"model": "self_attention", "positions": "learned", "layers": 3},
    {"model": "encoder", "norm": "last", "positions": "none", "bias": "none", "activation": "gelu-tanh"},
    {"model": "encoder", "final_norm": False, "feed_forward": 7, "activation": "relu"},
    *({"model": name, "bias": "none", "decoder_bias": number % 2 == 0}
      for number, (name, core) in enumerate(cores().items()) if not core.heads),
]
TRIALS = [pytest.param(settings, id="-".join(map(str, settings.values()))) for settings in SETTINGS]


def config(settings: dict[str, object]) -> NetworkConfig:
    return NetworkConfig.model_validate({name: value for name, value in (SMALL | settings).items()
                                         if name != "conditions"})


class Chosen(Setting):
    """A setting with random weights, of which those stay 0 that its config holds there."""

    def network(self, dtype: torch.dtype = torch.float64) -> SequenceNetwork:
        made = super().network(dtype)
        made._leave_out(self.config.left_out)
        return made

    @property
    def core(self) -> Core:
        return core_of(self.config)


def chosen(settings: dict[str, object]) -> Chosen:
    return Chosen(3, config(settings), Dimensions(6, 6, settings.get("conditions", 0)), 3, 7, "mean")


def test_together_they_hold_every_choice() -> None:
    made = [config(settings) for settings in SETTINGS]
    for name, core in cores().items():
        own = [settings for settings in made if settings.model == name]
        assert {settings.bias for settings in own} >= {"none"}, name
        if core.choices:
            both = [settings for settings in made if cores()[settings.model].choices == core.choices]
            assert {settings.activation for settings in both} >= set(core.activations)
            for choice in core.choices:
                assert len({getattr(settings, choice) for settings in both}) > 1, choice
    assert {settings.decoder_bias for settings in made} == {settings.tied for settings in made} == {True, False}
    assert {settings.positions for settings in made} == {"sinusoidal", "learned", "none"}


@pytest.mark.parametrize("settings", TRIALS)
def test_it_is_the_same_in_numpy_and_in_torch(settings: dict) -> None:
    """Every quantity to 1e-12, and every gradient of a loss to 1e-10, with names and shapes as they are declared."""
    setting = chosen(settings)
    made, (ids, _, _, condition) = setting.network(), setting.inputs()
    given = torch.from_numpy(ids), None if condition is None else torch.from_numpy(condition)
    theirs = {name: value.numpy() for name, value in made.trace(*given).items()}
    ours = network(setting.core, ids, weights_of(made), condition=condition, pooling=setting.config.pooling)
    assert list(ours) == list(theirs)
    assert ours.symbols - {"pooled"} == {"x", *setting.core.symbols, "logits", "p"}
    assert compare(ours, theirs, 1e-12).holds
    assert agreement(setting).holds
    with torch.inference_mode():
        np.testing.assert_allclose(made(*given).numpy(), theirs["logits"], atol=1e-12)


@pytest.mark.parametrize("settings", [trial for trial in TRIALS if trial.values[0].get("model") in (
    "transformer", "encoder")])
def test_its_formulas_are_what_is_computed(settings: dict) -> None:
    """Each line worked out is the trace, its parts make it up, and its NumPy proves itself."""
    setting = chosen(settings)
    weights, ids = weights_of(setting.network()), setting.inputs()[0][:1, :5]
    core = setting.core
    run = Pass(network(core, ids, weights), weights, tuple(ids[0].tolist()))
    assert tuple(line.symbol for line in core.lines()) == core.symbols
    read = set[int]()
    for line, spot in everywhere(core, run):
        if spot.time in (0, 3) and spot.unit in (0, 4):
            value, expected = line.work_out(run, spot), in_trace(line, run, spot)
            assert abs(value.number - expected) <= 1e-12 * (1 + abs(expected)), f"{line.symbol} at {spot}"
            for part in value.walk():
                assert abs(again(part) - part.number) <= 1e-12 * (1 + abs(part.number)), f"{line.symbol} at {spot}"
        assert all("_t" not in part.written(spot) for part in line.formula.operands()
                   if isinstance(part, Quantity) and part.when == "j"), line.symbol
        read |= {id(part.parameter(run, spot)) for part in line.formula.operands() if isinstance(part, Entry)}
    for line, layer in stops(core, weights, run.trace.layers):
        proof = snippet([line], line, run, Spot(layer, 3, 4), title="a line", stem="line")
        exec(proof.code.replace('np.load("line.npz")', "arrays"), {"arrays": proof.arrays})
    assert {name for name, part in weights.items() if id(part) not in read} <= {
        "encoder.symbol.weight", "core.position.weight"}
    assert lines(core, weights)[-1].symbol == "p"


@pytest.mark.parametrize("settings", TRIALS)
def test_reading_on_is_reading_the_whole(settings: dict) -> None:
    setting = chosen(settings | {"conditions": 0, "pooling": "none"})
    weights, ids = weights_of(setting.network()), setting.inputs()[0][:1]
    draws = np.random.default_rng(0).random(2)
    drawn = sample(setting.core, weights, ids[0, :4], [Choice()], draws)
    whole = network(setting.core, np.concatenate((ids[:, :4], drawn.ids[:, :1]), 1), weights)["logits"][0]
    np.testing.assert_allclose(drawn.logits[0], whole[3:] if setting.core.sees != "all" else np.stack(
        (network(setting.core, ids[:, :4], weights)["logits"][0, -1], whole[-1])), atol=1e-12)


@pytest.mark.parametrize("settings", TRIALS)
def test_what_is_left_out_stays_zero_and_all_else_is_trained(settings: dict) -> None:
    sees = cores()[str(settings["model"])].sees
    task = {"name": "sentiment"} if sees == "all" else {"name": "echo", "form": "fixed"}
    wide = {"context": 2000, **({"hidden": 27, "heads": 3, "embedding": 27} if settings.get("entry") == "none" else {})}
    run = RunConfig(task=task, network=config(settings | wide), steps=2, batch=4, device="cpu")
    sizes = run.task_spec.dimensions(run.task_config)
    made = SequenceNetwork(run.network, sizes)
    assert {name: tuple(part.shape) for name, part in made.state_dict().items()} == network_shapes(run)
    if sees == "all":
        return  # its tasks read files
    state = learner(run, torch.device("cpu"))
    start = {name: part.clone() for name, part in state.network.state_dict().items()}
    assert list(updates(state)) == [1, 2]
    end, fixed = state.network.state_dict(), run.network.fixed(start)
    assert set(run.network.left_out) <= set(end)
    assert "decoder.bias" not in end or bool(end["decoder.bias"].any()) is run.network.decoder_bias
    for name, part in end.items():
        if name in run.network.left_out:
            assert not part.any(), name
        assert torch.equal(part, start[name]) == (name in fixed) or name.endswith(".b_k"), name


@pytest.mark.parametrize("name", cores())
def test_without_biases_and_positions_nothing_comes_of_nothing(name: str) -> None:
    """So no bias of a core, whatever it is called, was forgotten."""
    settings = config({"model": name, "bias": "none", "positions": "none"})
    torch.manual_seed(0)
    weights = weights_of(SequenceNetwork(settings, Dimensions(6, 6)).double())
    assert any(np.any(part) for part in weights.values())
    values = core_of(settings).run(np.zeros((1, 4, 6)), weights)
    assert not list(values.values())[-1].any()
    assert {key for key in weights if not weights[key].any()} == set(settings.left_out)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
@torch.inference_mode()
def test_it_is_torchs_own_encoder(first: bool, activation: str) -> None:
    """``nn.TransformerEncoder`` in all the ways in which it normalises and acts, with and without a last norm."""
    settings = config({"model": "encoder", "norm": "first" if first else "last", "activation": activation,
                       "entry": "none", "positions": "none", "final_norm": first, "feed_forward": 5})
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(6, 2, 5, 0.0, activation, batch_first=True, norm_first=first)
    theirs = nn.TransformerEncoder(layer, 2, nn.LayerNorm(6) if first else None,
                                   enable_nested_tensor=False).double().eval()
    for part in theirs.parameters():
        part.add_(0.3 * torch.randn_like(part))
    weights = {}
    for number, one in enumerate(theirs.layers):
        for part, W, b in zip("qkv", one.self_attn.in_proj_weight.view(3, 2, 3, 6), one.self_attn.in_proj_bias.view(
                3, 2, 3), strict=True):
            weights |= {f"attention.W_{part}.{number}": W, f"attention.b_{part}.{number}": b}
        weights |= {f"attention.W_o.{number}": one.self_attn.out_proj.weight,
                    f"attention.b_o.{number}": one.self_attn.out_proj.bias}
        for name, own in (("ln1", one.norm1), ("ln2", one.norm2), ("ff_in", one.linear1), ("ff_out", one.linear2)):
            weights |= {f"{name}.weight.{number}": own.weight, f"{name}.bias.{number}": own.bias}
    named = {f"core.blocks.{key[-1]}.{key[:-2]}": part.numpy() for key, part in weights.items()}
    if first:
        named |= {f"core.norm.{key}": getattr(theirs.norm, key).numpy() for key in ("weight", "bias")}
    x = torch.randn(3, 5, 6, dtype=torch.float64)
    values = core_of(settings).run(x.numpy(), named)
    np.testing.assert_allclose(list(values.values())[-1], theirs(x).numpy(), atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_and_its_slope_are_torchs(name: str) -> None:
    theirs = {"gelu-tanh": nn.GELU("tanh"), "gelu": nn.GELU(), "relu": nn.ReLU()}[name]
    a = torch.cat((torch.linspace(-8, 8, 400, dtype=torch.float64), torch.tensor([-1e4, 1e4]))).requires_grad_()
    value = theirs(a)
    value.sum().backward()
    own = ACTIVATIONS[name]
    np.testing.assert_allclose(own.function(a.detach().numpy()), value.detach().numpy(), atol=1e-15, rtol=1e-14)
    np.testing.assert_allclose(own.slope(a.detach().numpy()), a.grad.numpy(), atol=1e-14)
    single = a.detach().float()
    assert own.function(single.numpy()).dtype == own.slope(single.numpy()).dtype == np.float32
    np.testing.assert_allclose(own.function(single.numpy()), theirs(single).numpy(), atol=2e-6, rtol=1e-6)


@pytest.mark.parametrize(("settings", "sentence"), [
    ({"model": "gru", "norm": "last"}, "has no place of its normalisation to choose; leave norm as it is"),
    ({"model": "lstm", "final_norm": False}, "has no last normalisation to leave out; leave final_norm"),
    ({"model": "dense", "entry": "none"}, "has no input layer to leave out; leave entry"),
    ({"model": "gru", "feed_forward": 8}, "has no feed-forward network whose width can be chosen"),
    ({"model": "transformer", "activation": "tanh"}, "has no activation tanh; take gelu-tanh or gelu or relu"),
    ({"model": "rnn_tanh", "activation": "relu"}, "has no activation relu; take tanh"),
])
def test_what_a_core_has_not_is_refused(settings: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        config(settings)


def test_a_code_that_is_not_as_wide_as_the_hidden_state_cannot_enter_alone() -> None:
    with pytest.raises(ValueError, match="it needs 6 numbers, one for each unit, not 12"):
        RunConfig(task={"name": "echo"}, network=config({"model": "transformer", "entry": "none"}))


@pytest.mark.parametrize(("settings", "sentence"), [
    ({"embedding": 5}, "needs codes as wide as the hidden state: 6 numbers, not 5"),
    ({"input": "one-hot"}, "can only be tied to an embedding"), ({"readout": "state"}, "can only be tied to an embedd"),
])
def test_a_decoder_that_cannot_be_tied_is_refused(settings: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        config({"model": "gru", "tied": True} | settings)
    with pytest.raises(ValueError, match="one logit for each of the 2004 symbols, and this task has 2 classes"):
        RunConfig(task={"name": "sentiment"}, network=config({"model": "gru", "tied": True}))


def test_a_tied_matrix_is_one_tensor_and_a_silenced_unit_leaves_the_codes_alone() -> None:
    setting = chosen({"model": "gru", "tied": True})
    made, ids = setting.network(), torch.from_numpy(setting.inputs()[0])
    copy = deepcopy(made)
    assert copy.decoder.weight is copy.encoder.symbol.weight
    assert "decoder.weight" not in made.state_dict()
    assert len(list(made.parameters())) == len(made.state_dict())
    silenced = (Intervention("h.1", units=(2,)),)
    theirs = made.trace(ids, changes=silenced)
    ours = changed(setting.core, ids.numpy(), weights_of(made), silenced)
    assert compare(ours, {name: value.detach().numpy() for name, value in theirs.items()}, 1e-12).holds
    assert ours["x"].any(0).all()
    np.testing.assert_array_equal(ours["x"], made.trace(ids)["x"].numpy())


def test_a_network_of_before_is_what_it_was() -> None:
    """The settings that were added change nothing where they are not named."""
    for core in cores().values():
        plain = core.configured(config({"model": core.name}))
        assert plain.symbols == core.symbols
        assert plain == replace(core) or plain.lines() == core.lines()
    assert NetworkConfig().activation == DEFAULT
