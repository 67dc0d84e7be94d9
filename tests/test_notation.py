import numpy as np
import pytest

from seqlab import notation
from seqlab.reference.cells import cells


def test_every_symbol_stands_under_its_own_key() -> None:
    assert all(key == symbol.key for key, symbol in notation.SYMBOLS.items())


@pytest.mark.parametrize("symbol", notation.SYMBOLS.values(), ids=lambda symbol: symbol.key)
def test_every_symbol_is_described_in_full(symbol: notation.Symbol) -> None:
    assert symbol.latex
    assert symbol.name
    assert symbol.meaning
    assert symbol.name != symbol.meaning
    assert set(symbol.axes) <= {"batch", "time", "input", "hidden", "vocab", "head", "query", "key"}
    assert symbol.bounds[0] < symbol.bounds[1]


def test_names_are_told_apart() -> None:
    names = [symbol.name for symbol in notation.SYMBOLS.values()]
    assert len(set(names)) == len(names)


def test_a_span_is_fixed_and_finite() -> None:
    assert notation.SYMBOLS["h"].span == (-1.0, 1.0)
    assert notation.SYMBOLS["z"].span == (0.0, 1.0)
    assert notation.SYMBOLS["c"].span == (-3.0, 3.0)
    assert np.isfinite([symbol.span for symbol in notation.SYMBOLS.values()]).all()


def test_a_diverging_colour_has_its_white_at_zero() -> None:
    for symbol in notation.SYMBOLS.values():
        low, high = symbol.span
        assert symbol.colour == "sequential" or low == -high, symbol.key


def test_the_layer_is_read_from_a_name() -> None:
    assert notation.layer("h.0") == 0
    assert notation.layer("z.11") == 11
    assert notation.layer("logits") is None


def test_a_name_leads_to_its_symbol() -> None:
    assert notation.symbol("z.3") is notation.SYMBOLS["z"]
    assert notation.symbol("p") is notation.SYMBOLS["p"]
    with pytest.raises(KeyError):
        notation.symbol("w.0")


@pytest.mark.parametrize("cell", cells().values(), ids=lambda cell: cell.name)
def test_every_view_and_state_of_a_cell_is_in_the_notation(cell: object) -> None:
    assert {*cell.views, *cell.state, *cell.limits} <= set(notation.SYMBOLS)
    for key in cell.views:
        low, high = cell.span(f"{key}.0")
        assert low < high


def test_relu_states_have_their_own_limits() -> None:
    assert cells()["rnn_relu"].span("h.2") == (0.0, 3.0)
    assert cells()["rnn_tanh"].span("h.2") == (-1.0, 1.0)
