import numpy as np
import pytest

from seqlab import notation
from seqlab.reference.core import Core, cores, span


def test_every_symbol_stands_under_its_own_key() -> None:
    assert all(key == symbol.key for key, symbol in notation.SYMBOLS.items())


@pytest.mark.parametrize("symbol", notation.SYMBOLS.values(), ids=lambda symbol: symbol.key)
def test_every_symbol_is_described_in_full(symbol: notation.Symbol) -> None:
    assert symbol.latex
    assert symbol.name
    assert symbol.meaning
    assert symbol.name != symbol.meaning
    assert set(symbol.axes) <= {"batch", "time", "input", "hidden", "vocab", "head", "query", "key", "feature"}
    assert symbol.axes[0] == "batch"
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


def test_a_weight_is_no_symbol() -> None:
    assert notation.known("attention.3")
    assert notation.known("p")
    assert not notation.known("core.weight_ih_l0")


@pytest.mark.parametrize(("name", "axis"), [("h.0", 1), ("x", 1), ("query.1", 2), ("value.0", 2), ("attention.0", 2)])
def test_time_is_found_among_the_axes(name: str, axis: int) -> None:
    assert notation.symbol(name).time_axis == axis
    assert notation.symbol(name).axes[axis] in ("time", "query")


def test_a_map_has_the_colours_of_what_it_holds() -> None:
    assert (notation.SYMBOLS["attention"].colour, notation.SYMBOLS["attention"].span) == ("sequential", (0.0, 1.0))
    assert (notation.SYMBOLS["scores"].colour, notation.SYMBOLS["scores"].span) == ("diverging", (-3.0, 3.0))


@pytest.mark.parametrize("core", cores().values(), ids=lambda core: core.name)
def test_every_symbol_of_a_core_is_in_the_notation(core: Core) -> None:
    assert {*core.symbols, *core.views, *core.state, *core.limits} <= set(notation.SYMBOLS)
    for key in core.symbols:
        low, high = span(core, f"{key}.0")
        assert low < high


def test_states_that_are_not_bounded_by_1_have_their_own_limits() -> None:
    assert span(cores()["rnn_relu"], "h.2") == (0.0, 3.0)
    assert span(cores()["transformer"], "h.2") == (-5.0, 5.0)
    assert span(cores()["rnn_tanh"], "h.2") == (-1.0, 1.0)
