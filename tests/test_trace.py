import numpy as np
import pytest

from seqlab.trace import Trace


def values(**changes: np.ndarray) -> dict[str, np.ndarray]:
    made = {"x": np.zeros((2, 3, 5)), "h.0": np.arange(24.0).reshape(2, 3, 4), "h.1": np.ones((2, 3, 4)),
            "logits": np.zeros((2, 3, 7))}
    return made | {name.replace("_", "."): array for name, array in changes.items()}


def test_it_is_a_mapping_in_the_order_of_computation() -> None:
    given = values()
    trace = Trace(given)
    assert list(trace) == ["x", "h.0", "h.1", "logits"]
    assert len(trace) == 4
    assert trace["h.1"] is given["h.1"]


def test_it_keeps_its_own_dictionary() -> None:
    given = values()
    trace = Trace(given)
    del given["h.1"]
    assert "h.1" in trace
    with pytest.raises(TypeError):
        trace["h.1"] = np.zeros((2, 3, 4))  # type: ignore[index]


def test_layers_and_symbols() -> None:
    trace = Trace(values(z_0=np.zeros((2, 3, 4))))
    assert trace.layers == 2
    assert trace.symbols == {"x", "h", "z", "logits"}


def test_final_states_are_stacked_as_torch_does() -> None:
    trace = Trace(values())
    final = trace.final("h")
    assert final.shape == (2, 2, 4)
    np.testing.assert_array_equal(final[0], [[8, 9, 10, 11], [20, 21, 22, 23]])


@pytest.mark.parametrize(("name", "shape", "said"), [
    ("h_0", (2, 3), "h.0 has shape"),
    ("h_1", (1, 3, 4), "h.1 has batch 1, but x has batch 2"),
    ("logits", (2, 4, 7), "logits has time 4, but x has time 3"),
])
def test_wrong_shapes_are_named(name: str, shape: tuple[int, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Trace(values(**{name: np.zeros(shape)}))


@pytest.mark.parametrize(("name", "shape", "said"), [
    ("attention_0", (2, 5, 3, 4), "attention.0 has key 4, but x has time 3"),
    ("attention_0", (2, 5, 4, 3), "attention.0 has query 4, but x has time 3"),
    ("query_0", (2, 5, 4, 7), "query.0 has time 4, but x has time 3"),
    ("scores_0", (1, 5, 3, 3), "scores.0 has batch 1, but x has batch 2"),
    ("scores_0", (2, 3, 3), "scores.0 has shape .* its axes are batch head query key"),
])
def test_a_query_and_a_key_stand_at_a_time(name: str, shape: tuple[int, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Trace(values(**{name: np.zeros(shape)}))
    assert Trace(values(attention_0=np.zeros((2, 5, 3, 3)), value_0=np.zeros((2, 5, 3, 7)))).layers == 2


def test_an_unknown_symbol_is_refused() -> None:
    with pytest.raises(KeyError):
        Trace(values(w_0=np.zeros((2, 3, 4))))
