"""The pictures of a slider are those of the comparison itself at each stop, and stay in their room."""

import numpy as np
import pytest

from seqlab.figures.comparison import Side, comparison, numbered
from seqlab.figures.comparison_dial import ComparisonDial, DialAnswers, stops_that_fit, values_between
from seqlab.figures.film import header_of, restore
from seqlab.reference.activations import log_softmax
from seqlab.reference.cells import cells
from seqlab.trace import Trace

TIME, UNITS, LETTERS = 4, 3, "abcde"


def side(name: str, values: np.ndarray, logs: np.ndarray) -> Side:
    return Side(name, cells()["gru"], Trace({"h.0": values[None]}), np.exp(logs), "abca", "bca·", LETTERS)


@pytest.mark.parametrize("place", [0, 1])
def test_each_stop_has_what_the_comparison_would_show(place: int) -> None:
    draw = np.random.default_rng(3)
    values = draw.uniform(-1, 1, (3, TIME, UNITS))
    logs = log_softmax(draw.normal(size=(3, TIME, len(LETTERS))) * 3)
    other, log = draw.uniform(-1, 1, (TIME, UNITS)), log_softmax(draw.normal(size=(TIME, len(LETTERS))))
    answers = DialAnswers.of(logs, log, first=place == 0)
    dial = ComparisonDial("x", "X", place, (1, 2, 3), "123", 0, 0, answers.best, answers.sure, values, answers.kl)
    still = side("still", other, log)
    order = numbered(UNITS, UNITS)[::-1]
    pair = (side("moves", values[0], logs[0]), still) if place == 0 else (still, side("moves", values[0], logs[0]))
    header = header_of(data := comparison(*pair, "h.0", order, difference=True, dials=[dial]))
    body = data[-sum(8 * -(-part["length"] * SIZES[part["kind"]] // 8) for part in header["arrays"]):]
    parts = {part["kind"]: (part, np.frombuffer(body, TYPES[part["kind"]], part["length"], part["offset"]))
             for part in header["arrays"] if part.get("dial") == 0}
    for stop in range(3):
        alone = side("moves", values[stop], logs[stop])
        pair = (alone, still) if place == 0 else (still, alone)
        a, b = (logs[stop], log) if place == 0 else (log, logs[stop])
        kl = (np.exp(a) * (a - b)).sum(-1)
        says = header_of(comparison(*pair, "h.0", order, difference=True, kl=kl))
        said = [header["alphabets"][place][best] for best in parts["best"][1].reshape(3, TIME)[stop]]
        assert said == says["sides"][place]["outputs"]
        np.testing.assert_allclose(parts["sure"][1].reshape(3, TIME)[stop] / 65535, says["sides"][place]["sure"],
                                   atol=1e-4)
        np.testing.assert_allclose(parts["kl"][1].reshape(3, TIME)[stop], says["kl"], atol=1e-5)
        about, codes = parts["map"]
        shown = restore(codes.reshape(3, UNITS, TIME)[stop], *about["range"])
        np.testing.assert_allclose(shown, values[stop].T[::-1], atol=1e-4)


TYPES = {"map": "<i2", "best": "<u2", "sure": "<u2", "kl": "<f4"}
SIZES = {"map": 2, "best": 2, "sure": 2, "kl": 4}


def test_values_are_as_fine_as_there_is_room_for() -> None:
    assert values_between(-1.0, 1.0, 41)[:3] == (-1, -0.95, -0.9)
    assert len(values_between(-1.0, 1.0, 41)) == 41
    assert values_between(0.0, 3.0, 40) == tuple(round(0.1 * k, 6) for k in range(31))
    assert values_between(-3.0, 3.0, 2) == (-3, 3)
    assert values_between(0.0, 1.0, 3, 0.37) == (0, 0.37, 0.5, 1)
    assert stops_that_fit(10, 100, 20_800) == 10
    assert stops_that_fit(10**6, 10**4) == 2
