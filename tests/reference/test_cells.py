"""One time step of each cell, worked out by hand: σ(ln 3) = 3/4 and tanh(ln 2) = 3/5."""

import numpy as np
import pytest

from seqlab.reference.cells import cells
from seqlab.reference.layer_weights import LayerWeights

LN2, LN3 = np.log(2.0), np.log(3.0)


def weights(W_ih: list[float], W_hh: list[float], b_ih: list[float], b_hh: list[float]) -> LayerWeights:
    return LayerWeights(np.array(W_ih)[:, None], np.array(W_hh)[:, None], np.array(b_ih), np.array(b_hh))


def step(cell: str, made: LayerWeights, x: float, *state: float) -> dict[str, float]:
    result = cells()[cell].forward(np.full((1, 1, 1), x), tuple(np.full((1, 1), part) for part in state), made)
    return {name: array.item() for name, array in result.items()}


def test_rnn_tanh() -> None:
    made = weights([0.5], [2.0], [LN2], [-1.25])
    assert step("rnn_tanh", made, 0.5, 0.5) == pytest.approx({"a": LN2, "h": 0.6})


@pytest.mark.parametrize(("x", "h"), [(3.0, 1.5), (-3.0, 0.0)])
def test_rnn_relu(x: float, h: float) -> None:
    made = weights([0.5], [2.0], [1.0], [-2.0])
    assert step("rnn_relu", made, x, 0.5) == pytest.approx({"a": x / 2, "h": h})


def test_gru() -> None:
    # q = 2 · 0.4 + 0.5 = 1.3 and r q = 0.975, which b_in takes off again; h = 3/4 · 0.6 + 1/4 · 0.4
    made = weights([LN3, 0.0, LN2], [0.0, -2.5 * LN3, 2.0], [0.0, 0.0, -0.975], [0.0, 0.0, 0.5])
    assert step("gru", made, 1.0, 0.4) == pytest.approx({"r": 0.75, "z": 0.25, "q": 1.3, "n": 0.6, "h": 0.55})


def test_gru_keeps_where_z_is_1() -> None:
    made = weights([0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1e4, 0.0], [0.0, 0.0, 0.0])
    assert step("gru", made, 1.0, 0.4)["h"] == 0.4


def test_lstm() -> None:
    # c = 1/4 · 0.8 + 3/4 · 0.6
    made = weights([LN3, 0.0, LN2, 0.0], [0.0, -2 * LN3, 0.0, 0.0], [0.0, 0.0, 0.0, LN3 / 2], [0.0, 0.0, 0.0, LN3 / 2])
    expected = {"i": 0.75, "f": 0.25, "g": 0.6, "o": 0.75, "c": 0.65, "h": 0.75 * np.tanh(0.65)}
    assert step("lstm", made, 1.0, 0.5, 0.8) == pytest.approx(expected)


def test_lstm_keeps_a_cell_of_any_size() -> None:
    made = weights([0.0] * 4, [0.0] * 4, [-1e4, 1e4, 0.0, 1e4], [0.0] * 4)
    result = step("lstm", made, 1.0, 0.5, 50.0)
    assert result["c"] == 50.0
    assert result["h"] == 1.0


def test_both_biases_count() -> None:
    two = {cell: spec for cell, spec in cells().items() if spec.parts is LayerWeights}
    assert {"rnn_tanh", "gru", "lstm"} <= set(two)
    for cell, spec in two.items():
        plain = weights(*[[0.3] * spec.gates] * 4)
        moved = weights([0.3] * spec.gates, [0.3] * spec.gates, [0.3] * spec.gates, [0.8] * spec.gates)
        state = (0.2,) * len(spec.state)
        assert step(cell, plain, 1.0, *state)["h"] != step(cell, moved, 1.0, *state)["h"], cell


def test_weights_are_found_under_torchs_names() -> None:
    names = {f"core.{kind}_l1": np.full(shape, float(number)) for number, (kind, shape) in enumerate(
        {"weight_ih": (6, 4), "weight_hh": (6, 2), "bias_ih": (6,), "bias_hh": (6,)}.items())}
    made = LayerWeights.of(names, 1)
    assert [part.flat[0] for part in (made.W_ih, made.W_hh, made.b_ih, made.b_hh)] == [0, 1, 2, 3]
    with pytest.raises(KeyError):
        LayerWeights.of(names, 0)
