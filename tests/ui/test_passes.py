"""What is drawn is proved once for everybody, and a wrong number is found."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqlab.errors import Fault
from seqlab.lenses import proof
from seqlab.reference.changed import without_heads
from seqlab.tasks.echo import inputs_for
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui.proof.passes import PASSES, Passes
from tests.ui.conftest import Here


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = create(tmp_path, RunConfig(task={"name": "echo", "delay": 2, "length": 8}, batch=8, steps=12,
                                      network={"hidden": 6, "embedding": 3, "model": "lstm"}))
    train(made.path)
    return made


def asked_of(run: Run, word: str = "abc") -> Passes:
    return Passes.of(run, run.snapshots(), inputs_for(word, 2)[0], 2)


def test_every_snapshot_is_proved_in_both_precisions(run: Run, here: Here) -> None:
    frames = PASSES.frames(asked_of(run))
    assert [frame.step for frame in frames] == run.snapshots()
    assert all(frame.fault is None for frame in frames)
    single, double = (max(frame.agreements[precision].largest for frame in frames) for precision in
                      ("float32", "float64"))
    assert double < 1e-13
    assert double < single < 1e-5


def test_sessions_that_look_at_the_same_share_it(run: Run, here: Here) -> None:
    first, second = asked_of(run), asked_of(run)
    assert first.reference() is second.reference()
    assert PASSES.frames(first) is PASSES.frames(second)
    assert here.asked == 1
    PASSES.frames(asked_of(run, "abd"))
    assert here.asked == 2


def test_a_snapshot_that_was_written_again_is_asked_again(run: Run, here: Here) -> None:
    PASSES.frames(asked_of(run))
    newest = sorted((run.path / "weights").iterdir())[-1]
    os.utime(newest, ns=(0, newest.stat().st_mtime_ns + 1_000_000))
    PASSES.frames(asked_of(run))
    assert here.asked == 2


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_one_wrong_number_is_found_and_named(run: Run, here: Here, precision: str) -> None:
    def spoil(answer: Any) -> None:
        answer[precision][-1]["f.0"][0, 3, 4] += 0.01

    here.spoil = spoil
    frames = PASSES.frames(asked_of(run))
    assert str(frames[-1].fault) == "forget gate (layer 0, t = 3, unit 4)"
    assert all(frame.fault is None for frame in frames[:-1])


def test_what_failed_is_not_remembered(run: Run, here: Here) -> None:
    def spoil(answer: Any) -> None:
        raise Fault("The worker is gone.")

    here.spoil = spoil
    with pytest.raises(Fault, match="gone"):
        PASSES.frames(asked_of(run))
    here.spoil = lambda answer: None
    assert PASSES.frames(asked_of(run))[-1].fault is None


@pytest.fixture
def transformer(tmp_path: Path) -> Run:
    network = {"hidden": 12, "embedding": 4, "model": "transformer", "heads": 3, "layers": 2}
    made = create(tmp_path, RunConfig(task={"name": "echo", "delay": 2, "length": 8}, batch=8, steps=20,
                                      network=network))
    train(made.path)
    return made


def heads_off(run: Run, *ablated: tuple[int, int]) -> Passes:
    return Passes.of(run, run.snapshots(), inputs_for("abc", 2)[0], 2, without_heads(ablated))


def test_a_head_that_is_off_is_off_for_numpy_and_torch_alike(transformer: Run, here: Here) -> None:
    off = heads_off(transformer, (0, 1), (1, 2))
    frames = PASSES.frames(*off.shown)
    assert all(frame.fault is None for frame in frames)
    assert max(frame.agreements["float64"].largest for frame in frames) <= 1e-12
    assert here.asked == 2  # the whole network stands beside it, so it is proved too


def test_switching_a_head_off_changes_the_answer_and_only_what_follows_it(transformer: Run, here: Here) -> None:
    off = heads_off(transformer, (0, 1))
    now, before = off.reference()[-1], off.whole.reference()[-1]
    np.testing.assert_array_equal(now["attention.0"], before["attention.0"])
    assert np.abs(now["attention.1"] - before["attention.1"]).max() > 1e-6
    assert np.abs(now["p"] - before["p"]).max() > 1e-6
    np.testing.assert_array_equal(heads_off(transformer).reference()[-1]["p"], before["p"])


def test_all_heads_of_a_layer_off_leave_only_its_bias(transformer: Run, here: Here) -> None:
    last = heads_off(transformer, *((1, head) for head in range(3))).reference()[-1]
    bias = transformer.weights()["core.blocks.1.attention.b_o"]
    np.testing.assert_allclose(last["attended.1"][0], np.broadcast_to(bias, last["attended.1"][0].shape), atol=1e-7)


def test_a_fault_of_the_whole_network_shows_where_a_head_is_off(transformer: Run, here: Here) -> None:
    def spoil(answer: Any) -> None:
        if here.asked == 1:  # the whole network is asked first
            answer["float64"][-1]["attention.1"][0, 2, 3, 1] += 0.01

    here.spoil = spoil
    fault = PASSES.frames(*heads_off(transformer, (0, 0)).shown)[-1].fault
    assert str(fault) == "attention weights (layer 1, head 2, query 3, key 1)"


@pytest.mark.parametrize(("head", "says"), [
    ((0, 3), "no attention head 3 in layer 0"), ((2, 0), r"no output of each head 'heads\.2' to change"),
    ((0, -1), "no attention head -1 in layer 0")])
def test_a_head_that_is_not_there_is_a_plain_fault_on_both_sides(transformer: Run, head: tuple[int, int],
                                                                 says: str) -> None:
    with pytest.raises(Fault, match=says):
        heads_off(transformer, head).reference()
    with pytest.raises(Fault, match=says):
        proof.passes(str(transformer.path), transformer.snapshots()[-1:], inputs_for("abc", 2), np.array([2]),
                     "float64", without_heads([head]))


def test_a_network_without_attention_has_no_head_to_switch_off(run: Run) -> None:
    with pytest.raises(Fault, match=r"no output of each head 'heads\.0' to change"):
        heads_off(run, (0, 0)).reference()


def test_switching_a_head_off_leaves_the_kept_weights_alone(transformer: Run, here: Here) -> None:
    before = transformer.weights()["core.blocks.0.attention.W_o"].copy()
    PASSES.frames(heads_off(transformer, (0, 1)))
    np.testing.assert_array_equal(transformer.weights()["core.blocks.0.attention.W_o"], before)
    assert PASSES.agreements(heads_off(transformer))["float64"].largest <= 1e-12
