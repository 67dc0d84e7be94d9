import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch.nn import functional as F  # noqa: N812

from seqlab import notation
from seqlab.errors import Fault
from seqlab.reference.activations import gelu
from seqlab.reference.attention import AttentionWeights, attention, causal
from seqlab.reference.blocks import block
from seqlab.reference.core import cores
from seqlab.reference.layer_norm import layer_norm
from seqlab.reference.linear import linear
from seqlab.reference.network import stack
from seqlab.reference.positions import sinusoids
from seqlab.trace import Trace
from seqlab.training.config import NetworkConfig

CORE = cores()["transformer"]
BATCH, TIME, INPUT, WIDTH, HEADS, LAYERS = 3, 7, 4, 6, 2, 3


def made(dtype: type = np.float64, positions: str = "sinusoidal", context: int = 9) -> dict[str, np.ndarray]:
    sizes = NetworkConfig(model="transformer", hidden=WIDTH, heads=HEADS, layers=LAYERS, positions=positions,
                          context=context)
    draw = np.random.default_rng(0)
    return {f"core.{name}": (0.6 * draw.standard_normal(shape)).astype(dtype)
            for name, shape in CORE.shapes(INPUT, sizes).items()}


def drawn(*shape: int, dtype: type = np.float64) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(shape or (BATCH, TIME, INPUT)).astype(dtype)


def test_a_layer_norm_is_torchs() -> None:
    x, weight, bias = 5 * drawn(3, 4, 6) + 2, drawn(6), drawn(6) + 1
    theirs = F.layer_norm(torch.from_numpy(x), (6,), torch.from_numpy(weight), torch.from_numpy(bias)).numpy()
    np.testing.assert_allclose(layer_norm(x, weight, bias), theirs, atol=1e-14)


def test_a_layer_norm_by_hand() -> None:
    # Mean 3 and variance 4: (1 - 3) / 2 = -1 and (5 - 3) / 2 = 1, but for ε.
    y = layer_norm(np.array([1.0, 5.0]), np.array([2.0, 10.0]), np.array([0.5, 0.0]))
    np.testing.assert_allclose(y, [-1.5, 10], atol=2e-5)
    assert y[1] < 10  # ε is there


@given(arrays(np.float64, (2, 5), elements=st.floats(-100, 100)), st.floats(-50, 50), st.floats(0.5, 20))
def test_a_layer_norm_sees_neither_shift_nor_scale(x: np.ndarray, shift: float, scale: float) -> None:
    weight, bias = np.ones(5), np.zeros(5)
    y = layer_norm(x, weight, bias)
    assert np.abs(y.mean(-1)).max() < 1e-9
    assert (y.var(-1) <= 1).all()
    varied = x.std(-1) > 1  # where ε is small beside the variance
    np.testing.assert_allclose(layer_norm(scale * x + shift, weight, bias)[varied], y[varied], atol=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_positions_that_are_all_the_same_become_the_bias(dtype: type) -> None:
    with np.errstate(all="raise"):
        y = layer_norm(np.full((2, 4), 7, dtype), np.ones(4, dtype), np.arange(4, dtype=dtype))
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, [[0, 1, 2, 3]] * 2)


@given(arrays(np.float64, 7, elements=st.floats(-30, 30)))
def test_gelu_is_torchs_tanh_form(a: np.ndarray) -> None:
    np.testing.assert_allclose(gelu(a), F.gelu(torch.from_numpy(a), approximate="tanh").numpy(), atol=1e-14)


def test_gelu_by_hand() -> None:
    a = np.array([0.0, 1.0, -1.0, 100.0, -100.0])
    inner = math.sqrt(2 / math.pi) * 1.044715
    np.testing.assert_allclose(gelu(a), [0, (1 + math.tanh(inner)) / 2, -(1 - math.tanh(inner)) / 2, 100, 0],
                               atol=1e-15)
    exact = F.gelu(torch.from_numpy(a)).numpy()
    assert 1e-5 < np.abs(gelu(a) - exact).max() < 1e-3  # the tanh form, not the exact one


@pytest.mark.parametrize("width", [1, 2, 5, 8])
def test_sinusoids_by_the_formula(width: int) -> None:
    found = sinusoids(30, width, np.dtype(np.float64))
    assert found.shape == (30, width)
    for t in (0, 1, 29):
        for unit in range(width):
            angle = t / 10000 ** (2 * (unit // 2) / width)
            assert found[t, unit] == pytest.approx(math.cos(angle) if unit % 2 else math.sin(angle), abs=1e-13)
    assert sinusoids(3, width, np.dtype(np.float32)).dtype == np.float32


def test_a_block_is_its_formula() -> None:
    weights, x = made(), drawn(BATCH, TIME, WIDTH)
    at = {name.removeprefix("core.blocks.1."): part for name, part in weights.items()}
    found = block(x, weights, "core.blocks.1.")
    ln1 = layer_norm(x, at["ln1.weight"], at["ln1.bias"])
    looked = attention(ln1, AttentionWeights.of(at, "attention."), causal(TIME))
    mid = x + looked["attended"]
    ln2 = layer_norm(mid, at["ln2.weight"], at["ln2.bias"])
    ff = gelu(linear(ln2, at["ff_in.weight"], at["ff_in.bias"]))
    expected = {"ln1": ln1, **looked, "mid": mid, "ln2": ln2, "ff": ff,
                "h": mid + linear(ff, at["ff_out.weight"], at["ff_out.bias"])}
    assert list(found) == list(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_a_stack_is_its_blocks_one_after_another(positions: str) -> None:
    weights, x = made(positions=positions), drawn()
    trace = stack(CORE, x, weights)
    told = weights["core.position.weight"][:TIME] if positions == "learned" else sinusoids(TIME, WIDTH, x.dtype)
    below = linear(x, weights["core.input.weight"], weights["core.input.bias"]) + told
    np.testing.assert_array_equal(trace["entered"], below)
    for layer in range(LAYERS):
        for name, array in block(below, weights, f"core.blocks.{layer}.").items():
            np.testing.assert_array_equal(trace[f"{name}.{layer}"], array)
        below = trace[f"h.{layer}"]
    np.testing.assert_array_equal(trace["ln"], layer_norm(below, weights["core.norm.weight"],
                                                          weights["core.norm.bias"]))
    assert list(trace)[-1] == "ln"
    assert trace.layers == LAYERS


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_the_future_does_not_reach_the_past(positions: str) -> None:
    weights, x = made(positions=positions), drawn()
    other = x.copy()
    other[:, 4] += 1
    before, after = stack(CORE, x, weights), stack(CORE, other, weights)
    for name in before:
        axis = notation.symbol(name).time_axis
        past = (np.take(_seen(trace, name), range(4), axis) for trace in (before, after))
        np.testing.assert_allclose(*past, atol=1e-13, err_msg=name)
    assert (before["ln"][:, 4] != after["ln"][:, 4]).any()
    assert (before["ln"][:, 5:] != after["ln"][:, 5:]).any()


def _seen(trace: Trace, name: str) -> np.ndarray:
    """A quantity; of the scores, which stand before the mask, only those that may be looked at."""
    return np.where(causal(TIME), trace[name], 0) if name.startswith("scores") else trace[name]


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_the_same_input_elsewhere_is_something_else(positions: str) -> None:
    x = np.broadcast_to(drawn(1, 1, INPUT), (1, TIME, INPUT)).copy()
    entered = stack(CORE, x, made(positions=positions))["entered"][0]
    assert len(np.unique(entered.round(9), axis=0)) == TIME


def test_a_row_of_a_batch_does_not_see_the_others() -> None:
    weights, x = made(), drawn()
    whole = stack(CORE, x, weights)
    for row in range(BATCH):
        alone = stack(CORE, x[row:row + 1], weights)
        for name in whole:
            np.testing.assert_allclose(alone[name], whole[name][row:row + 1], atol=1e-13)


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_is_that_of_the_weights(dtype: type, positions: str) -> None:
    trace = stack(CORE, drawn(dtype=dtype), made(dtype, positions))
    assert {array.dtype for array in trace.values()} == {np.dtype(dtype)}
    assert trace.symbols == {"x", *CORE.symbols}


def test_learned_positions_end_somewhere() -> None:
    weights = made(positions="learned", context=TIME)
    assert stack(CORE, drawn(), weights)["ln"].shape == (BATCH, TIME, WIDTH)
    with pytest.raises(Fault, match=f"learned {TIME} positions, and the sequence has {TIME + 1} steps"):
        stack(CORE, drawn(BATCH, TIME + 1, INPUT), weights)


@pytest.mark.parametrize(("batch", "time"), [(0, 3), (3, 0)])
def test_nothing_to_read_is_refused(batch: int, time: int) -> None:
    with pytest.raises(ValueError, match="at least one sequence and one time step"):
        stack(CORE, np.zeros((batch, time, INPUT)), made())


def test_huge_weights_give_no_warning() -> None:
    trace = stack(CORE, drawn(), {name: 1e4 * part for name, part in made().items()})
    assert all(np.isfinite(array).all() for array in trace.values())


def test_inputs_are_left_alone() -> None:
    weights, x = made(), drawn()
    kept = [array.copy() for array in (*weights.values(), x)]
    stack(CORE, x, weights)
    for before, after in zip(kept, (*weights.values(), x), strict=True):
        np.testing.assert_array_equal(before, after)
