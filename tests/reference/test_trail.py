import numpy as np
import pytest

from seqlab.reference.cells import cells
from seqlab.reference.core import cores
from seqlab.reference.network import network
from seqlab.reference.trail import carriers, length, replaced, share, trails

RNG = np.random.default_rng(4)
IDS = np.array([2, 0, 1, 3, 1])


def weights(symbols: int = 4, hidden: int = 5) -> dict[str, np.ndarray]:
    shapes = {"encoder.symbol.weight": (symbols, 3), "core.weight_ih_l0": (3 * hidden, 3),
              "core.weight_hh_l0": (3 * hidden, hidden), "core.bias_ih_l0": (3 * hidden,),
              "core.bias_hh_l0": (3 * hidden,), "decoder.weight": (symbols, hidden), "decoder.bias": (symbols,)}
    return {name: RNG.normal(size=shape) for name, shape in shapes.items()}


def test_it_is_the_spread_of_passes_that_were_run_one_by_one() -> None:
    core, known = cells()["gru"], weights()
    measured = trails(core, IDS, known, (1, 3), np.arange(4))
    for row, at in enumerate((1, 3)):
        alone = [network(core, replaced(IDS, at, np.array([other])), known) for other in range(4)]
        for name in ("h.0", "p"):
            expected = np.std([trace[name][0] for trace in alone], axis=0)
            np.testing.assert_allclose(measured[name][row], expected, rtol=1e-12, atol=1e-15)
        assert not measured["h.0"][row, :at].any()  # what was not read yet leaves no trail
        assert measured["h.0"][row, at].min() > 0


def test_many_positions_give_what_each_gives_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    core, known = cells()["gru"], weights()
    together = trails(core, IDS, known, range(5), np.arange(4))
    monkeypatch.setattr("seqlab.reference.trail.ROWS", 4)
    for name, values in trails(core, IDS, known, range(5), np.arange(4)).items():
        np.testing.assert_allclose(values, together[name], rtol=1e-12, atol=1e-15)


def test_share_and_length_of_a_known_trail() -> None:
    trail = np.array([[0, 0], [4, 2], [3, 3], [1, 2], [1, 0]], float)
    assert share(trail, 1, 2) == 12 / 16
    assert share(trail, 0, 4) == 1
    assert np.isnan(share(np.zeros((5, 2)), 1, 2))
    assert (length(trail, 1), length(trail * 0, 1)) == (3, 0)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no time 5"):
        replaced(IDS, 5, np.arange(4))
    with pytest.raises(ValueError, match="two alternatives"):
        trails(cells()["gru"], IDS, weights(), (0,), np.array([1]))


def test_every_core_says_what_carries_its_symbols() -> None:
    assert {name: carriers(core) for name, core in cores().items() if name in ("gru", "lstm", "transformer")} == {
        "gru": ("h",), "lstm": ("h", "c"), "transformer": ("h",)}
