"""Two hundred random layers of attention and two hundred transformers, and the published setting, against torch."""

import statistics
from collections import Counter

import numpy as np
import pytest
import torch

from seqlab.agreement import TOLERANCE
from seqlab.reference.core import cores
from seqlab.reference.layer_norm import layer_norm
from tests.benchmarks.agreement_attention import (
    ALLOWED,
    PUBLISHED,
    SETTINGS,
    Layer,
    Transformer,
    agreement,
    published_attention,
)

PORTION = 20
KINDS = pytest.mark.parametrize("kind", [Layer, Transformer])


@KINDS
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("portion", range(SETTINGS // PORTION))
def test_torch_agrees_over_every_quantity(kind: type, portion: int, dtype: str, record_property: object) -> None:
    found = {number: agreement(kind.drawn(number), dtype)
             for number in range(portion * PORTION, (portion + 1) * PORTION)}
    worst = max(found, key=lambda number: found[number].largest)
    record_property(f"largest difference, {kind.__name__}, {dtype}", float(found[worst].largest))
    assert all(one.holds for one in found.values())
    assert found[worst].largest <= (ALLOWED[dtype] or TOLERANCE[dtype]), f"{kind.drawn(worst)}: {found[worst].at}"


def test_the_layers_cover_what_they_claim() -> None:
    drawn = [Layer.drawn(number) for number in range(SETTINGS)]
    assert Counter(one.heads for one in drawn) == dict.fromkeys(range(1, 9), SETTINGS // 8)
    assert {(one.biased, one.causal, one.heads) for one in drawn} == {
        (biased, masked, heads) for biased in (True, False) for masked in (True, False) for heads in range(1, 9)}
    assert {one.batch for one in drawn} == set(range(1, 9))
    assert all(one.width % one.heads == 0 for one in drawn)
    for sizes, high in (([one.width for one in drawn], 64), ([one.time for one in drawn], 40)):
        assert min(sizes) <= 4
        assert high - 1 <= max(sizes) <= high


def test_the_transformers_cover_what_they_claim() -> None:
    drawn = [Transformer.drawn(number) for number in range(SETTINGS)]
    for form in ("learned", "sinusoidal"):
        some = [one for one in drawn if one.config.positions == form]
        assert {one.config.heads for one in some} == set(range(1, 9))
        assert {one.config.layers for one in some} == {1, 2, 3, 4}
        assert {one.batch for one in some} == set(range(1, 9))
        assert {one.config.readout for one in some} == {"linear", "state"}
        assert {bool(one.sizes.conditions) for one in some} == {True, False}
        assert {one.config.input for one in some} == {"one-hot", "embedding"}
        assert max(one.config.hidden for one in some) == 64
    assert {one.time for one in drawn} == set(range(1, 41))


@KINDS
@pytest.mark.parametrize("number", range(0, SETTINGS, 25))
def test_nothing_is_left_out_and_float32_stays_float32(kind: type, number: int) -> None:
    ours, theirs = kind.drawn(number).passes("float32")
    assert list(ours) == list(theirs)
    assert {array.dtype for trace in (ours, theirs) for array in trace.values()} == {np.dtype(np.float32)}
    if kind is Transformer:
        layers = range(kind.drawn(number).config.layers)
        core = cores()["transformer"].symbols
        assert list(ours) == ["x", core[0], *(f"{key}.{layer}" for layer in layers for key in core[1:-1]), core[-1],
                              "logits", "p"]


def test_a_wrong_formula_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_epsilon(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
        return layer_norm(np.float64(1e3) * x, weight, bias)  # which makes ε a millionth of what it is

    monkeypatch.setattr("seqlab.reference.blocks.layer_norm", without_epsilon)
    found = agreement(Transformer.drawn(3), "float64")
    assert found.first_fault is not None
    assert (found.first_fault.name, found.first_fault.time) == ("ln1.0", 0)


@pytest.mark.parametrize(("draw", "allowed"), [(torch.rand, PUBLISHED), (torch.randn, 5e-8)])
def test_the_published_setting(draw: object, allowed: float, record_property: object) -> None:
    errors = [published_attention(seed, draw) for seed in range(100)]
    record_property("median mean difference, attention", float(statistics.median(errors)))
    assert statistics.median(errors) <= allowed
    assert 0 < max(errors) <= 5e-8
