import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.reference.activations import softmax
from seqlab.reference.cells import Cell, cells
from seqlab.reference.linear import linear
from seqlab.reference.network import codes, encode, network, stack
from seqlab.reference.weights import Weights
from seqlab.trace import Trace

CELLS = [pytest.param(cell, id=cell.name) for cell in cells().values()]
BATCH, TIME, INPUT, HIDDEN, LAYERS, SYMBOLS = 3, 7, 4, 5, 3, 6


def made(cell: Cell, dtype: type = np.float64, conditions: int = 0, seed: int = 0) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    gates, width = cell.gates * HIDDEN, INPUT * (2 if conditions else 1)
    shapes = {"encoder.symbol.weight": (SYMBOLS, INPUT), "decoder.weight": (SYMBOLS, HIDDEN),
              "decoder.bias": (SYMBOLS,)}
    if conditions:
        shapes["encoder.condition.weight"] = (conditions, INPUT)
    for layer in range(LAYERS):
        own = cell.parts.shapes(layer, gates, HIDDEN if layer else width, HIDDEN)
        shapes |= {f"core.{name}": shape for name, shape in own.items()}
    return {name: (0.5 * draw.standard_normal(shape)).astype(dtype) for name, shape in shapes.items()}


def ids(seed: int = 0, batch: int = BATCH, time: int = TIME) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, SYMBOLS, (batch, time))


def state(cell: Cell, dtype: type = np.float64) -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(1)
    return tuple(draw.standard_normal((LAYERS, BATCH, HIDDEN)).astype(dtype) for _ in cell.state)


def same(ours: Trace, theirs: dict[str, np.ndarray] | Trace, atol: float = 1e-14) -> None:
    assert list(ours) == list(theirs)
    for name in ours:
        np.testing.assert_allclose(ours[name], theirs[name], atol=atol, err_msg=name)


@pytest.mark.parametrize("cell", CELLS)
@given(cut=st.integers(1, TIME - 1), seed=st.integers(0, 1000))
def test_carrying_the_state_over_a_cut_changes_nothing(cell: Cell, cut: int, seed: int) -> None:
    weights, symbols = made(cell, seed=seed), ids(seed)
    whole = network(cell, symbols, weights, state=state(cell))
    first = network(cell, symbols[:, :cut], weights, state=state(cell))
    second = network(cell, symbols[:, cut:], weights, state=tuple(first.final(key) for key in cell.state))
    same(whole, {name: np.concatenate((first[name], second[name]), 1) for name in whole})


@pytest.mark.parametrize("cell", CELLS)
def test_a_state_matters(cell: Cell) -> None:
    weights = made(cell)
    fresh, carried = network(cell, ids(), weights), network(cell, ids(), weights, state=state(cell))
    assert np.abs(fresh["logits"] - carried["logits"])[:, 0].max() > 1e-3
    for number in range(len(cell.state)):
        parts = [np.zeros_like(part) for part in state(cell)]
        same(network(cell, ids(), weights, state=tuple(parts)), fresh)
        parts[number] = state(cell)[number]
        assert np.abs(network(cell, ids(), weights, state=tuple(parts))["h.0"] - fresh["h.0"])[:, 0].max() > 1e-3


@pytest.mark.parametrize("cell", CELLS)
def test_a_row_of_a_batch_does_not_see_the_others(cell: Cell) -> None:
    weights, symbols, first = made(cell), ids(), state(cell)
    whole = network(cell, symbols, weights, state=first)
    for row in range(BATCH):
        alone = network(cell, symbols[row:row + 1], weights, state=tuple(part[:, row:row + 1] for part in first))
        same(alone, {name: array[row:row + 1] for name, array in whole.items()})


@pytest.mark.parametrize("cell", CELLS)
def test_the_future_does_not_reach_the_past(cell: Cell) -> None:
    symbols = ids()
    other = symbols.copy()
    other[:, 4] = (other[:, 4] + 1) % SYMBOLS
    before, after = network(cell, symbols, made(cell)), network(cell, other, made(cell))
    for name in before:
        np.testing.assert_array_equal(before[name][:, :4], after[name][:, :4], err_msg=name)
    assert (before["h.2"][:, 4] != after["h.2"][:, 4]).any()


@pytest.mark.parametrize("cell", CELLS)
def test_layers_are_composed(cell: Cell) -> None:
    weights, first = made(cell), state(cell)
    whole = network(cell, ids(), weights, state=first)
    below, outputs = whole["x"], []
    for layer in range(LAYERS):
        single = {f"core.{name.split('.')[1][:-1]}0": array for name, array in weights.items()
                  if name.endswith(f"_l{layer}")}
        alone = stack(cell, below, single, state=tuple(part[layer:layer + 1] for part in first))
        assert alone.layers == 1
        for name in alone:
            if name not in ("x", f"{cell.total}.0"):
                np.testing.assert_allclose(alone[name], whole[name.replace(".0", f".{layer}")], atol=1e-14)
        below = alone[f"{cell.output}.0"]
        outputs.append(below)
    read = sum(outputs) if cell.total else below
    np.testing.assert_allclose(linear(read, weights["decoder.weight"], weights["decoder.bias"]), whole["logits"],
                               atol=1e-14)
    np.testing.assert_array_equal(softmax(whole["logits"]), whole["p"])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_is_that_of_the_weights(cell: Cell, dtype: type) -> None:
    trace = network(cell, ids(), made(cell, dtype, 3), condition=np.array([0, 2, 1]), state=state(cell))
    assert {array.dtype for array in trace.values()} == {np.dtype(dtype)}


@pytest.mark.parametrize("cell", CELLS)
def test_axes_are_batch_time_width(cell: Cell) -> None:
    trace = network(cell, ids(), made(cell))
    widths = {"x": INPUT, "logits": SYMBOLS, "p": SYMBOLS}
    assert {name: array.shape for name, array in trace.items()} == {
        name: (BATCH, TIME, widths.get(name, HIDDEN)) for name in trace}


def test_the_condition_is_joined_to_every_symbol() -> None:
    weights = made(cells()["gru"], conditions=3)
    x = encode(ids(), weights, np.array([0, 2, 2]))
    np.testing.assert_array_equal(x[..., :INPUT], weights["encoder.symbol.weight"][ids()])
    for row, condition in enumerate((0, 2, 2)):
        np.testing.assert_array_equal(x[row, :, INPUT:],
                                      np.tile(weights["encoder.condition.weight"][condition], (TIME, 1)))


def test_the_condition_is_joined_before_every_symbol_where_its_name_says_so() -> None:
    weights, condition = made(cells()["gru"], conditions=3), np.array([0, 2, 2])
    first = {name.replace("condition", "condition_first"): part for name, part in weights.items()}
    assert codes(first) == ("encoder.condition_first.weight", "encoder.symbol.weight")
    np.testing.assert_array_equal(encode(ids(), first, condition),
                                  np.roll(encode(ids(), weights, condition), INPUT, axis=-1))


@pytest.mark.parametrize(("batch", "time"), [(0, 3), (3, 0), (0, 0)])
@pytest.mark.parametrize("cell", CELLS)
def test_nothing_to_read_is_refused(cell: Cell, batch: int, time: int) -> None:
    with pytest.raises(ValueError, match="at least one sequence and one time step"):
        network(cell, ids(batch=batch, time=time), made(cell))


@pytest.mark.parametrize("shape", [(LAYERS, BATCH, HIDDEN + 1), (LAYERS - 1, BATCH, HIDDEN)])
@pytest.mark.parametrize("cell", CELLS)
def test_a_state_of_the_wrong_shape_is_refused(cell: Cell, shape: tuple[int, ...]) -> None:
    for number, key in enumerate(cell.state):
        parts = list(state(cell))
        parts[number] = np.zeros(shape)
        with pytest.raises(ValueError, match=f"the initial {key} has shape"):
            network(cell, ids(), made(cell), state=tuple(parts))


def test_a_state_of_another_batch_is_refused() -> None:
    # Without the type checker of the tests, the network itself raises the ValueError.
    cell = cells()["gru"]
    with pytest.raises((ValueError, TypeError), match="batch"):
        network(cell, ids(), made(cell), state=(np.zeros((LAYERS, 1, HIDDEN)),))


def test_an_lstm_needs_both_parts_of_its_state() -> None:
    cell = cells()["lstm"]
    with pytest.raises(ValueError, match="zip"):
        network(cell, ids(), made(cell), state=state(cell)[:1])


@pytest.mark.parametrize("bad", [-1, SYMBOLS])
def test_an_unknown_symbol_or_condition_is_refused(bad: int) -> None:
    cell, symbols = cells()["gru"], ids()
    with pytest.raises(IndexError):
        network(cell, symbols, made(cell, conditions=SYMBOLS), condition=np.array([0, bad, 0]))
    symbols[1, 2] = bad
    with pytest.raises(IndexError):
        network(cell, symbols, made(cell))


@pytest.mark.parametrize("cell", CELLS)
def test_inputs_are_left_alone(cell: Cell) -> None:
    weights: Weights = made(cell)
    first, symbols = state(cell), ids()
    kept = [array.copy() for array in (*weights.values(), *first, symbols)]
    network(cell, symbols, weights, state=first)
    for before, after in zip(kept, (*weights.values(), *first, symbols), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("cell", CELLS)
def test_huge_weights_give_no_warning(cell: Cell) -> None:
    scale = 1.0 if cell.name == "rnn_relu" else 1e4
    trace = network(cell, ids(), {name: scale * array for name, array in made(cell).items()})
    assert all(np.isfinite(array).all() for array in trace.values())
