"""Pooling against torch, and by its own definition."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seqlab.agreement import compare
from seqlab.lenses.gradients import as_batch, quantities
from seqlab.models.network import SequenceNetwork
from seqlab.reference.backward import gradients
from seqlab.reference.core import cores
from seqlab.reference.network import network
from seqlab.reference.pooling import pooled, running_max, running_max_gradient, winners
from seqlab.tasks import Dimensions
from seqlab.trace import Trace
from seqlab.training.config import NetworkConfig
from seqlab.training.loss import weighted_loss

DRAWN = arrays(np.float64, (2, 6, 3), elements=st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0]))  # with many equal ones


def drawn(name: str, pooling: str = "max", **sizes: object) -> SequenceNetwork:
    torch.manual_seed(4)
    config = NetworkConfig(model=name, hidden=12, layers=2, heads=3, embedding=5, pooling=pooling)
    return SequenceNetwork(config, Dimensions(9, 2, **sizes)).double()


def weights(made: SequenceNetwork) -> dict[str, np.ndarray]:
    return {name: part.detach().numpy() for name, part in made.state_dict().items()}


@given(DRAWN)
def test_it_is_the_maximum_of_what_has_been(h: np.ndarray) -> None:
    found, won = running_max(h), winners(h)
    for time in range(h.shape[1]):
        np.testing.assert_array_equal(found[:, time], h[:, :time + 1].max(1))
        np.testing.assert_array_equal(won[:, time], h[:, :time + 1].argmax(1))  # the first of equal ones
    np.testing.assert_array_equal(found, torch.from_numpy(h).cummax(1).values.numpy())


@given(DRAWN, DRAWN)
def test_its_gradient_goes_to_the_winner(h: np.ndarray, above: np.ndarray) -> None:
    found, expected, won = running_max_gradient(h, above), np.zeros_like(h), winners(h)
    for batch, time, unit in np.ndindex(*h.shape):
        expected[batch, won[batch, time, unit], unit] += above[batch, time, unit]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_its_gradient_is_autograds() -> None:
    h = torch.randn(3, 9, 4, dtype=torch.float64, requires_grad=True)
    above = torch.randn(3, 9, 4, dtype=torch.float64)
    (h.cummax(1).values * above).sum().backward()
    found = running_max_gradient(h.detach().numpy(), above.numpy())
    np.testing.assert_allclose(found, h.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("pooling", ["none", "max", "max-with-padding", "mean"])
@pytest.mark.parametrize("name", cores())
@torch.inference_mode()
def test_a_padded_batch_is_read_as_torch_reads_it(name: str, pooling: str) -> None:
    """Padding must not win the maximum, or a review would mean something else beside a longer one."""
    made, lengths = drawn(name, pooling, whole=True), np.array([7, 3, 1, 5])
    ids = np.random.default_rng(0).integers(1, 9, (4, 7))
    ids[np.arange(7) >= lengths[:, None]] = 0
    theirs = made(torch.from_numpy(ids), None, torch.from_numpy(lengths))
    assert theirs.shape == (4, 1, 2)
    core, given = cores()[name], weights(made)
    alone = np.concatenate([network(core, row[None, :length], given, pooling=pooling)["logits"][:, -1]
                            for row, length in zip(ids, lengths, strict=True)])
    far = np.abs(theirs[:, 0].numpy() - alone).max(1)
    if pooling == "max-with-padding":
        assert far[0] <= 1e-12  # the longest has no padding
        assert far[1:].max() > 1e-4
    else:
        assert far.max() <= 1e-12


@pytest.mark.parametrize("pooling", ["none", "max", "max-with-padding", "mean"])
def test_whole_sequences_are_pooled_up_to_their_lengths(pooling: str) -> None:
    h, lengths = np.random.default_rng(1).normal(size=(3, 5, 4)), np.array([5, 2, 1])
    found = pooled(h, lengths, pooling)
    for row, length in enumerate(lengths):
        expected = {"none": h[row, length - 1], "max": h[row, :length].max(0), "max-with-padding": h[row].max(0),
                    "mean": h[row, :length].mean(0)}
        np.testing.assert_allclose(found[row], expected[pooling], atol=1e-15)
    np.testing.assert_array_equal(pooled(h, None, pooling), pooled(h, np.full(3, 5), pooling))


@pytest.mark.parametrize("pooling", ["max", "mean"])
@pytest.mark.parametrize("name", cores())
def test_every_core_agrees_when_pooled(name: str, pooling: str) -> None:
    made, ids = drawn(name, pooling), np.random.default_rng(2).integers(0, 9, (3, 11))
    theirs = {key: value.numpy() for key, value in made.trace(torch.from_numpy(ids)).items()}
    ours = network(cores()[name], ids, weights(made), pooling=pooling)
    assert list(ours) == list(theirs)
    assert list(ours)[-3:] == ["pooled", "logits", "p"]
    assert compare(ours, Trace(theirs)).largest <= 1e-12
    output = ours[list(ours)[-4]]
    for time in (0, 4, 10):
        expected = getattr(output[:, :time + 1], pooling)(axis=1)
        np.testing.assert_allclose(ours["pooled"][:, time], expected, atol=1e-14)
    if cores()[name].sees != "all":
        early = network(cores()[name], ids[:, :4], weights(made), pooling=pooling)
        np.testing.assert_allclose(early["logits"], ours["logits"][:, :4], atol=1e-12)


@pytest.mark.parametrize("pooling", ["max", "mean"])
@pytest.mark.parametrize("name", cores())
def test_the_way_back_through_the_pool_agrees(name: str, pooling: str) -> None:
    made, rng = drawn(name, pooling), np.random.default_rng(3)
    ids, targets, weight = rng.integers(0, 9, (2, 8)), rng.integers(0, 2, (2, 8)), np.zeros((2, 8))
    ids[:, 5] = ids[:, 1]  # the same word twice: of equal values the first one wins, in both programs
    weight[:, -1] = weight[0, 3] = 1
    batch = as_batch(ids, targets, weight, None)
    weighted_loss(made(batch.inputs), batch).backward()
    theirs = {key: part.grad.numpy() for key, part in made.named_parameters()}
    theirs |= {f"d {key}": part for key, part in quantities(made, batch, "mean").items()}
    _, found, trace = gradients(cores()[name], ids, targets, weight, weights(made), pooling=pooling)
    assert {"pooled", "x", "logits"} <= {key[2:] for key in theirs}
    ours = found | {f"d {key}": part for key, part in trace.items() if f"d {key}" in theirs}
    assert compare(ours, theirs).largest <= 1e-10
