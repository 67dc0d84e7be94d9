"""Strings drawn in lockstep are those that are drawn one at a time, the whole prefix read again for each symbol."""

import numpy as np
import pytest
import torch

from seqlab.errors import Fault
from seqlab.models.network import SequenceNetwork
from seqlab.reference.core import Core, cores
from seqlab.reference.network import network
from seqlab.reference.sampling import Choice, draw, shape
from seqlab.reference.strings import Strings, strings
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig

BEGIN, END, PAD, SYMBOLS = 1, 2, 0, 6
FORETELL = [name for name, core in cores().items() if core.sees != "all"]


def weights_of(model: str) -> dict[str, np.ndarray]:
    torch.manual_seed(3)
    config = NetworkConfig(model=model, hidden=8, embedding=5, heads=2, layers=2)
    made = SequenceNetwork(config, Dimensions(SYMBOLS, SYMBOLS))
    with torch.no_grad():
        made.decoder.weight.mul_(4)
    return {name: part.double().numpy() for name, part in made.state_dict().items()}


def one(core: Core, weights: dict, given: list[int], draws: np.ndarray, choice: Choice) -> list[int]:
    """A string drawn as a beginner would: everything is read again before each symbol."""
    ids: list[int] = []
    for u in draws:
        logits = network(core, np.array([given + ids]), weights)["logits"][0, -1]
        ids.append(int(draw(shape(logits, choice, {BEGIN, PAD}).p, np.asarray(u))))
        if ids[-1] == END:
            break
    return ids


def drawn(model: str, draws: np.ndarray, choice: Choice = Choice(), given: tuple[int, ...] = (BEGIN,)) -> Strings:  # noqa: B008
    return strings(cores()[model], weights_of(model), np.array(given), draws, choice, end=END, masked={BEGIN, PAD})


@pytest.mark.slow
@pytest.mark.parametrize("given", [(BEGIN,), (BEGIN, 4, 5)])
@pytest.mark.parametrize("model", FORETELL)
def test_lockstep_is_one_string_after_another(model: str, given: tuple[int, ...]) -> None:
    draws = np.random.default_rng(0).random((20, 20))
    found = drawn(model, draws, given=given)
    core, weights = cores()[model], weights_of(model)
    for row in range(len(found)):
        alone = one(core, weights, list(given), draws[row], Choice())
        assert found.ended[row] == (alone[-1] == END)
        assert found[row].tolist() == [symbol for symbol in alone if symbol != END]
    assert found.ended.any()
    assert len({*found.lengths.tolist()}) > 3  # so that some were dropped while others went on


def test_temperature_0_takes_the_likeliest_symbol_each_time() -> None:
    cold = drawn("lstm", np.random.default_rng(1).random((5, 12)), Choice(temperature=0.0))
    assert len({tuple(cold[row].tolist()) for row in range(5)}) == 1
    assert cold[0].tolist() == [k for k in one(cores()["lstm"], weights_of("lstm"), [BEGIN], np.zeros(12),
                                               Choice(temperature=0.0)) if k != END]


def test_a_string_that_does_not_end_in_time_says_so() -> None:
    short = drawn("gru", np.random.default_rng(0).random((40, 2)))
    assert not short.ended.all()
    assert (short.lengths[~short.ended] == 2).all()
    assert (short.lengths[short.ended] < 2).all()


def test_a_network_that_gives_no_numbers_is_refused() -> None:
    weights = weights_of("gru") | {"decoder.bias": np.full(SYMBOLS, np.nan)}
    with pytest.raises(Fault, match="diverged"):
        strings(cores()["gru"], weights, np.array([BEGIN]), np.zeros((2, 3)), Choice(), end=END)
