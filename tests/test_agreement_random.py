"""Two hundred random networks, and the published setting: NumPy against torch over every quantity."""

import statistics
from collections import Counter

import numpy as np
import pytest

from seqlab.reference.cells import cells
from tests.benchmarks.agreement import ALLOWED, PUBLISHED, SETTINGS, Setting, agreement, finals, passes, published

PORTION = 20


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("portion", range(SETTINGS // PORTION))
def test_torch_agrees_over_every_quantity(portion: int, dtype: str, record_property: object) -> None:
    found = {number: agreement(Setting.drawn(number), dtype)
             for number in range(portion * PORTION, (portion + 1) * PORTION)}
    worst = max(found, key=lambda number: found[number][1])
    record_property(f"largest difference, {dtype}", float(found[worst][1]))
    assert found[worst][1] <= ALLOWED[dtype], f"{Setting.drawn(worst)}: {found[worst][0].at}"


def test_the_settings_cover_what_they_claim() -> None:
    drawn = [Setting.drawn(number) for number in range(SETTINGS)]
    counts = Counter(setting.config.model for setting in drawn)
    assert set(counts) == set(cells())
    assert min(counts.values()) >= SETTINGS // len(cells())
    assert {setting.config.layers for setting in drawn} == {1, 2, 3, 4}
    assert {setting.batch for setting in drawn} == set(range(1, 9))
    for form in ("one-hot", "embedding"):
        for stated in (False, True):
            for conditioned in (False, True):
                assert any(setting.config.input == form and setting.with_state is stated
                           and bool(setting.sizes.conditions) is conditioned for setting in drawn)
    for sizes, low, high in (([setting.config.hidden for setting in drawn], 1, 64),
                             ([setting.time for setting in drawn], 1, 40)):
        assert min(sizes) <= low + 1
        assert max(sizes) >= high - 1
        assert low <= min(sizes) <= max(sizes) <= high


@pytest.mark.parametrize("number", range(8))
def test_a_trace_holds_every_quantity_of_every_layer(number: int) -> None:
    setting = Setting.drawn(number)
    keys = setting.cell.symbols
    expected = ["x", *(f"{key}.{layer}" for layer in range(setting.config.layers) for key in keys), "logits", "p"]
    ours, theirs = passes(setting, "float64")
    assert list(ours) == expected
    assert list(theirs) == expected
    assert set(finals(setting, "float64")) == set(setting.cell.state)


@pytest.mark.parametrize("number", range(0, SETTINGS, 20))
def test_float32_stays_float32(number: int) -> None:
    ours, theirs = passes(Setting.drawn(number), "float32")
    assert {array.dtype for trace in (ours, theirs) for array in trace.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("cell", PUBLISHED)
def test_the_published_setting(cell: str, record_property: object) -> None:
    errors = [published(cell, seed)[0] for seed in range(100)]
    record_property(f"median relative error, {cell}", float(statistics.median(errors)))
    assert statistics.median(errors) <= 1e-6
