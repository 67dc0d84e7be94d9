"""A lesson holds every weight and every number of every epoch, as they are."""

import csv
import io
import struct
from pathlib import Path

import numpy as np
import pytest

from seqlab.figures.film import header_of
from seqlab.figures.lesson import MOST_WEIGHTS, drawable, epochs_csv, lesson, lesson_npz, losses, predicted
from seqlab.reference.core import cores
from seqlab.reference.network import network
from seqlab.tasks.hello import HelloConfig
from seqlab.trace import Trace
from seqlab.training.run import Run

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"
NAMES = ("state", "rnn", "embedding", "lstm", "gru")


def read(name: str) -> tuple[Run, list[Trace], list[dict[str, np.ndarray]]]:
    run = Run(CHECKPOINTS / f"hello-{name}")
    weights = [run.weights(step) for step in run.snapshots()]
    return run, [network(run.core, run.config.task_config.inputs, part) for part in weights], weights


def packed(name: str, **changes: object) -> tuple[bytes, list[Trace], list[dict[str, np.ndarray]]]:
    run, traces, weights = read(name)
    options = {"core": run.core, "config": run.config.task_config, "steps": run.snapshots(),
               "reduction": run.config.reduction, "channel": "hello"}
    return lesson(traces, weights, **(options | changes)), traces, weights


@pytest.mark.parametrize("name", NAMES)
def test_every_number_comes_back_exactly(name: str) -> None:
    data, traces, weights = packed(name)
    body = 4 + struct.unpack_from("<I", data)[0]
    arrays = {part["name"]: np.frombuffer(data, "<f4", part["length"], body + part["offset"]).reshape(part["shape"])
              for part in header_of(data)["arrays"]}
    assert set(arrays) == {*traces[0], *weights[0]}
    for key in weights[0]:
        np.testing.assert_array_equal(arrays[key], [part[key] for part in weights])
    for key in traces[0]:
        np.testing.assert_array_equal(arrays[key], [trace[key][0] for trace in traces])
    assert len(data) < 200_000


def test_the_header_says_what_is_drawn() -> None:
    header = header_of(packed("lstm", published=0.5)[0])
    assert header["gates"] == ["i", "f", "g", "o"]
    assert [cell["key"] for cell in header["cells"]] == ["i", "f", "g", "o", "c", "h"]
    assert (header["layers"], header["onehot"], header["drawn"], header["published"]) == (2, False, True, 0.5)
    assert header["said"][-1] == header["target"] == "ohlol"
    state = header_of(packed("state")[0])
    assert (state["gates"], state["onehot"], state["layers"], state["summed"]) == (["a"], True, 1, True)


def test_a_core_that_cannot_be_drawn_comes_without_weights() -> None:
    header = header_of(packed("gru", core=cores()["transformer"])[0])
    assert not header["drawn"]
    assert {part["name"] for part in header["arrays"]} == {"logits", "p"}
    assert not drawable(cores()["gru"], {"much": np.zeros(MOST_WEIGHTS + 1)})


def test_losses_are_means_or_sums_over_the_letters() -> None:
    p = np.array([[[0.5, 0.5], [0.25, 0.75], [0.5, 0.5]]])
    trace, config = Trace({"logits": np.log(p), "p": p}), HelloConfig(word="aba", target="bab")
    expected = -np.log([0.5, 0.25, 0.5])
    assert losses([trace], config, "mean") == pytest.approx([expected.mean()])
    assert losses([trace], config, "sum") == pytest.approx([expected.sum()])
    assert predicted([trace], config) == ["aba"]


def test_a_loss_that_is_no_number_is_left_out_and_nothing_breaks() -> None:
    run, traces, weights = read("rnn")
    lost = Trace({name: np.full_like(array, np.nan) for name, array in traces[0].items()})
    data = lesson([lost, traces[-1]], weights[:1] + weights[-1:], core=run.core, config=run.config.task_config,
                  steps=[0, 15], reduction="mean", channel="hello")
    assert header_of(data)["losses"][0] is None


def test_traces_weights_and_steps_must_match() -> None:
    with pytest.raises(ValueError, match="3 steps"):
        packed("rnn", steps=[0, 1, 2])


def test_downloads_hold_the_same_numbers() -> None:
    run, traces, weights = read("embedding")
    config, steps = run.config.task_config, run.snapshots()
    with np.load(io.BytesIO(lesson_npz(traces, weights, steps, config))) as arrays:
        assert arrays["core.weight_hh_l1"].shape == (16, 8, 8)
        np.testing.assert_array_equal(arrays["trace.p"], [trace["p"][0] for trace in traces])
        assert (str(arrays["word"]), str(arrays["alphabet"])) == ("hello", "ehlo")
    rows = list(csv.DictReader(io.StringIO(epochs_csv(traces, steps, config, "mean"))))
    assert [row["epoch"] for row in rows] == [str(step) for step in range(16)]
    assert (rows[-1]["said"], rows[-1]["accuracy"]) == ("ohlol", "1")
    assert float(rows[-1]["loss"]) == pytest.approx(losses(traces, config, "mean")[-1], rel=1e-5)
