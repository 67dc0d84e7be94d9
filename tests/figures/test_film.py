import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.figures.film import LIMIT, evenly, film, film_id, frames_that_fit, header_of, quantise, restore
from seqlab.reference.cells import cells
from seqlab.reference.core import span
from seqlab.trace import Trace

ALPHABET = "·abcdefghijklmnopqrstuvwxyz"
WORD, DELAY = "echo", 2
INPUTS, TARGET = WORD + "··", "··" + WORD


def make(cell: str = "gru", layers: int = 2, units: int = 5, seed: int = 0, time: int = 6, scale: float = 1) -> Trace:
    rng, values = np.random.default_rng(seed), {}
    for layer in range(layers):
        for key in cells()[cell].views:
            values[f"{key}.{layer}"] = (scale * rng.uniform(-1, 1, (2, time, units))).astype(np.float32)
    p = rng.dirichlet(np.ones(len(ALPHABET)), (2, time)).astype(np.float32)
    return Trace({**values, "logits": np.log(p), "p": p})


def pack(traces: list[Trace], cell: str = "gru", **changes) -> bytes:
    given_ = {"core": cells()[cell], "steps": [10 * k for k in range(len(traces))], "alphabet": ALPHABET,
              "inputs": INPUTS, "target": TARGET, "channel": "echo", "delay": DELAY}
    return film(traces, **(given_ | changes))


def body(data: bytes, about: dict) -> np.ndarray:
    start = 4 + struct.unpack_from("<I", data)[0]
    assert start % 8 == 0
    assert about["offset"] % 8 == 0
    kind = np.int16 if about["kind"] == "panel" else np.uint16
    return np.frombuffer(data, kind, about["length"], start + about["offset"])


@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn_tanh", "rnn_relu"])
@pytest.mark.parametrize("scale", [0.5, 7.0])
def test_every_panel_comes_back_within_half_a_step(cell: str, scale: float) -> None:
    traces = [make(cell, seed=seed, scale=scale) for seed in range(3)]
    data = pack(traces, cell)
    panels = [part for part in header_of(data)["arrays"] if part["kind"] == "panel"]
    assert [panel["name"] for panel in panels] == [f"{key}.{n}" for n in range(2) for key in cells()[cell].views]
    for panel in panels:
        low, high = panel["range"]
        assert tuple(panel["span"]) == span(cells()[cell], panel["name"])
        assert low <= panel["span"][0]
        assert high >= panel["span"][1]
        restored = restore(body(data, panel), low, high).reshape(3, 6, 5)
        true = np.stack([trace[panel["name"]][0] for trace in traces])
        assert np.abs(restored - true).max() <= (high - low) / 131068 * 1.02


def test_probabilities_answers_and_accuracy_are_those_of_the_trace() -> None:
    traces = [make(seed=seed) for seed in range(2)]
    data = pack(traces)
    header = header_of(data)
    part = next(part for part in header["arrays"] if part["kind"] == "probabilities")
    p = body(data, part).reshape(2, 6, 27) / 65535
    for frame, trace in enumerate(traces):
        assert np.abs(p[frame] - trace["p"][0]).max() <= 0.5 / 65535 + 1e-7
        predicted = "".join(ALPHABET[k] for k in trace["p"][0].argmax(-1))
        assert header["said"][frame] == list(predicted)
        right = [a == b for a, b in zip(predicted, TARGET, strict=True)][DELAY:]
        assert header["accuracy"][frame] == pytest.approx(np.mean(right))
    assert header["steps"] == [0, 10]
    assert header["total"] == 10


def test_orders_are_permutations_for_each_layer() -> None:
    data = pack([make()])
    orders = [part for part in header_of(data)["arrays"] if part["kind"] == "order"]
    assert [(part["layer"], part["name"]) for part in orders] == [
        (layer, name) for layer in (0, 1) for name in ("strongest", "clusters", "number")]
    assert all(sorted(body(data, part).tolist()) == [0, 1, 2, 3, 4] for part in orders)


def test_the_id_follows_the_content() -> None:
    one = pack([make(seed=1)])
    assert film_id(one) == film_id(pack([make(seed=1)]))
    assert film_id(one) != film_id(pack([make(seed=2)]))
    assert film_id(one) != film_id(pack([make(seed=1)], steps=[7]))


def test_numbers_that_are_none_survive_as_such() -> None:
    values = np.array([0.25, np.nan, np.inf, -np.inf], np.float32)
    assert np.isnan(restore(quantise(values, -1.0, 1.0), -1.0, 1.0)[1:]).all()
    broken = Trace({name: np.full_like(array, np.nan) for name, array in make().items()})
    header = header_of(pack([make(), broken]))
    assert header["said"][1] == ["?"] * 6
    assert header["accuracy"][1] == 0


@pytest.mark.parametrize("inputs", ["", "··"])
def test_no_letters_make_an_empty_film(inputs: str) -> None:
    data = film([], core=cells()["gru"], steps=[], alphabet=ALPHABET, inputs=inputs, target=inputs, channel="echo")
    assert header_of(data)["frames"] == 0
    assert header_of(data)["arrays"] == []


def test_a_delay_beyond_the_end_leaves_nothing_to_judge() -> None:
    assert header_of(pack([make()], target="······"))["accuracy"] == [None]


@pytest.mark.parametrize("changes", [{"steps": [1, 2]}, {"inputs": "echo"}, {"target": "echo"}])
def test_lengths_must_fit(changes: dict) -> None:
    with pytest.raises(ValueError, match=r"film needs one step|differ in length"):
        pack([make()], **changes)


def test_a_long_film_is_thinned_evenly_and_stays_under_the_limit() -> None:
    time, word = 92, "ab" * 30
    traces = [make(layers=1, units=96, time=time, seed=seed) for seed in range(60)]
    data = pack(traces, inputs=word + "·" * 32, target="·" * 32 + word)
    steps = header_of(data)["steps"]
    assert LIMIT / 2 < len(data) <= LIMIT
    assert (steps[0], steps[-1]) == (0, 590)
    assert np.ptp(np.diff(steps)) <= 10


@given(st.integers(1, 100), st.integers(1, 60), st.integers(1, 12), st.integers(2, 80))
def test_frames_that_fit_do_fit(time: int, units: int, panels: int, vocab: int) -> None:
    frames = frames_that_fit(time, units, panels, vocab)
    assert frames >= 1
    assert frames == 1 or frames * 2 * time * (units * panels + vocab) < LIMIT


@given(st.integers(1, 200), st.integers(1, 200))
def test_evenly_keeps_first_and_last(count: int, keep: int) -> None:
    chosen = evenly(count, keep)
    assert len(chosen) == min(count, keep) == len(set(chosen))
    assert chosen[-1] == count - 1
    assert keep == 1 or chosen[0] == 0
    gaps = np.diff(chosen)
    assert gaps.size == 0 or np.ptp(gaps) <= 1


def test_what_is_never_negative_is_never_indigo() -> None:
    cell = cells()["rnn_relu"]
    traces = [Trace({"h.0": np.zeros((1, 2, 3)), "a.0": np.zeros((1, 2, 3)), "p": np.full((1, 2, 27), 1 / 27)})]
    header = header_of(film(traces, core=cell, steps=[0], alphabet="·abcdefghijklmnopqrstuvwxyz", inputs="ab",
                            target="ab", channel="x"))
    colours = {panel["key"]: panel["colour"] for panel in header["arrays"] if panel["kind"] == "panel"}
    assert colours == {"h": "sequential", "a": "diverging"}
