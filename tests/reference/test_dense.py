"""The core without a memory: its formula, and that no position knows another."""

import numpy as np

from seqlab.reference.core import cores
from seqlab.training.config import NetworkConfig

CORE = cores()["dense"]


def weights(layers: int = 2) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    return {f"core.{name}": rng.normal(size=shape)
            for name, shape in CORE.shapes(3, NetworkConfig(model="dense", hidden=4, layers=layers)).items()}


def test_it_is_a_linear_map_and_relu() -> None:
    given, x = weights(), np.random.default_rng(2).normal(size=(2, 5, 3))
    found = CORE.run(x, given)
    assert list(found) == ["a.0", "h.0", "a.1", "h.1"]
    for batch, time in np.ndindex(2, 5):
        first = given["core.layers.0.weight"] @ x[batch, time] + given["core.layers.0.bias"]
        np.testing.assert_allclose(found["a.0"][batch, time], first, atol=1e-12)
        second = given["core.layers.1.weight"] @ np.maximum(first, 0) + given["core.layers.1.bias"]
        np.testing.assert_allclose(found["h.1"][batch, time], np.maximum(second, 0), atol=1e-12)


def test_the_order_of_the_words_makes_no_difference() -> None:
    given, x = weights(1), np.random.default_rng(3).normal(size=(1, 6, 3))
    order = np.random.default_rng(4).permutation(6)
    np.testing.assert_array_equal(CORE.run(x, given)["h.0"][:, order], CORE.run(x[:, order], given)["h.0"])


def test_its_stream_keeps_nothing() -> None:
    given, x = weights(), np.random.default_rng(5).normal(size=(2, 4, 3))
    stream = CORE.stream(given, 2)
    first = stream.advance(x[:, 0])
    stream.advance(x[:, 1])
    np.testing.assert_array_equal(stream.advance(x[:, 0]), first)
    assert stream.seen == 1
