"""A file of weights from outside, for a transformer: what is wrong with it is said, which, expected and got."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from seqlab.errors import Fault
from seqlab.training.cache import ByteCache
from seqlab.training.weights import network_shapes, read
from tests.support.runs import small_config

CONFIG = small_config(network={"model": "transformer", "hidden": 6, "heads": 3, "layers": 2, "embedding": 4,
                               "positions": "learned", "context": 30})
W_q, W_o, PLACE = "core.blocks.1.attention.W_q", "core.blocks.0.attention.W_o", "core.position.weight"


def whole() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(0)
    return {name: draw.standard_normal(shape).astype(np.float32) for name, shape in network_shapes(CONFIG).items()}


def spoilt(name: str, change: Callable[[np.ndarray], np.ndarray]) -> dict[str, np.ndarray]:
    weights = whole()
    return weights | {name: np.ascontiguousarray(change(weights[name].copy()))}


def one_nan(array: np.ndarray) -> np.ndarray:
    array.flat[-1] = np.nan
    return array


def file_of(weights: dict[str, np.ndarray], folder: Path) -> Path:
    save_file(weights, folder / "step-00000001.safetensors")
    return folder / "step-00000001.safetensors"


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    found = read(file_of(whole(), tmp_path), CONFIG)
    assert {name: array.shape for name, array in found.items()} == network_shapes(CONFIG)
    assert found[W_q].shape == (3, 2, 6)
    assert found[PLACE].shape == (30, 6)


@pytest.mark.parametrize(("weights", "said"), [
    (spoilt(W_q, one_nan), f"The weights {W_q} hold a number that is not finite (NaN or infinity)."),
    (spoilt("core.norm.bias", lambda a: a * np.inf),
     "The weights core.norm.bias hold a number that is not finite (NaN or infinity)."),
    (spoilt(W_q, lambda a: a.reshape(2, 3, 6)),
     f"The weights do not fit the network: {W_q} is 2 × 3 × 6, expected 3 × 2 × 6."),
    (spoilt(W_q, lambda a: a.reshape(6, 6)),
     f"The weights do not fit the network: {W_q} is 6 × 6, expected 3 × 2 × 6."),
    (spoilt(W_o, lambda a: a[:5]), f"The weights do not fit the network: {W_o} is 5 × 6, expected 6 × 6."),
    (spoilt(PLACE, lambda a: a[:20]), f"The weights do not fit the network: {PLACE} is 20 × 6, expected 30 × 6."),
    ({name: array for name, array in whole().items() if name != W_o},
     f"The weights do not belong to this network: '{W_o}' is missing or not expected."),
    (whole() | {"core.blocks.2.ln1.bias": np.zeros(6, np.float32)},
     "The weights do not belong to this network: 'core.blocks.2.ln1.bias' is missing or not expected."),
    (spoilt("core.blocks.0.ff_in.bias", lambda a: a.astype(np.int32)),
     "The weights core.blocks.0.ff_in.bias are of type int32; expected floating-point numbers."),
])
def test_what_does_not_fit_is_named_with_what_was_expected(weights: dict[str, np.ndarray], said: str,
                                                           tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        read(file_of(weights, tmp_path), CONFIG)
    assert str(caught.value) == said


def test_what_nobody_asked_for_lately_is_let_go_and_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("seqlab.training.cache.time.monotonic", lambda: now)
    cache: ByteCache[str, bytes] = ByteCache(1000, len)
    made: list[str] = []

    def ask(key: str) -> None:
        def make() -> bytes:
            made.append(key)
            return bytes(10)
        cache.get(key, 0, make)

    ask("old")
    now = 130.0
    ask("new")
    assert cache.forget_unused(20.0) == 10
    assert (len(cache), cache.bytes) == (1, 10)
    now = 145.0
    ask("new")
    assert cache.forget_unused(20.0) == 0
    ask("old")
    assert made == ["old", "new", "old"]
