
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from seqlab.errors import Fault
from seqlab.models.network import SequenceNetwork
from seqlab.reference.core import cores
from seqlab.reference.network import network
from seqlab.training import status
from seqlab.training.run import Run, network_shapes
from seqlab.training.weights import Cache
from tests.support.runs import small_config


@pytest.mark.parametrize("model", cores())
@pytest.mark.parametrize("form", ["one-hot", "embedding"])
@pytest.mark.parametrize(("task", "layers", "positions"), [("fixed", 1, "learned"), ("variable", 3, "sinusoidal")])
def test_shapes_are_those_of_the_torch_network(model: str, form: str, task: str, layers: int, positions: str) -> None:
    config = small_config(network={"model": model, "input": form, "layers": layers, "hidden": 6, "embedding": 3,
                                   "heads": 3, "positions": positions, "context": 40},
                          task={"name": "echo", "form": task, "delay": 4})
    torch_network = SequenceNetwork(config.network, config.task_spec.dimensions(config.task_config))
    assert network_shapes(config) == {name: tuple(w.shape) for name, w in torch_network.state_dict().items()}


def test_a_trained_run_can_be_read_in_full(trained: Run) -> None:
    assert trained.status.state == "finished"
    assert trained.status.step == 60
    assert trained.snapshots()[0] == 0
    assert trained.snapshots()[-1] == 60
    table = trained.metrics()
    assert table["step"][0] == 1
    assert table["step"][-1] == 60
    assert np.isfinite(table["loss"]).all()
    assert table["evaluation"][-1] == pytest.approx(trained.status.evaluation)
    assert {"seed", "torch", "numpy", "python", "data_sha256", "device", "threads", "seconds"} <= set(trained.passport)
    ids = np.array([[1, 2, 3]])
    trace = network(trained.core, ids, trained.weights(), condition=np.array([1]))
    assert trace["p"].shape == (1, 3, 27)


def test_weights_are_cached_read_only_and_widened(trained: Run) -> None:
    weights = trained.weights()
    assert trained.weights()["decoder.bias"] is weights["decoder.bias"]
    assert not weights["decoder.bias"].flags.writeable
    assert trained.weights(60, "float64")["decoder.bias"].dtype == np.float64
    assert not np.array_equal(trained.weights(0)["decoder.bias"], weights["decoder.bias"])


def test_float16_on_disk_is_widened(trained: Run, tmp_path: Path) -> None:
    copy = Run(shutil.copytree(trained.path, tmp_path / "half"))
    narrow = {name: array.astype(np.float16) for name, array in trained.weights().items()}
    save_file(narrow, copy.path / "weights" / "step-00000060.safetensors")
    assert copy.weights()["decoder.bias"].dtype == np.float32
    assert np.abs(copy.weights()["decoder.bias"] - trained.weights()["decoder.bias"]).max() < 1e-3


def test_the_cache_holds_a_bounded_number_of_bytes(trained: Run) -> None:
    one = sum(array.nbytes for array in trained.weights().values())
    cache = Cache(limit=2 * one)
    for step in trained.snapshots()[:10]:
        cache.read(trained.path / "weights" / f"step-{step:08d}.safetensors", trained.config, "float32")
    assert len(cache.held) == 2
    assert cache.held.bytes == 2 * one


@pytest.mark.parametrize("spoil", [
    lambda weights: weights | {"decoder.bias": weights["decoder.bias"] * np.nan},
    lambda weights: weights | {"decoder.bias": weights["decoder.bias"][:-1]},
    lambda weights: {name: array for name, array in weights.items() if name != "decoder.bias"},
    lambda weights: weights | {"extra": np.zeros(3, np.float32)},
    lambda weights: weights | {"decoder.bias": weights["decoder.bias"].astype(np.int64)},
])
def test_weights_that_do_not_fit_are_a_fault(trained: Run, tmp_path: Path, spoil: Callable) -> None:
    copy = Run(shutil.copytree(trained.path, tmp_path / "copy"))
    save_file(spoil(dict(trained.weights())), copy.path / "weights" / "step-00000060.safetensors")
    with pytest.raises(Fault, match="weights"):
        copy.weights()
    assert copy.weights(0)


def test_torn_weights_are_a_fault(trained: Run, tmp_path: Path) -> None:
    copy = Run(shutil.copytree(trained.path, tmp_path / "copy"))
    file = copy.path / "weights" / "step-00000060.safetensors"
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(Fault, match="damaged"):
        copy.weights()
    with pytest.raises(Fault, match="no weights"):
        copy.weights(59)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", json.dumps({"task": {"name": "nope"}})])
def test_a_half_written_folder_is_one_sentence_without_a_path(tmp_path: Path, content: str) -> None:
    (tmp_path / "half").mkdir()
    run = Run(tmp_path / "half")
    for name in ("config.json", "status.json", "passport.json"):
        (run.path / name).write_text(content)
    for read in (lambda: run.config, run.weights, lambda: run.name):
        with pytest.raises(Fault) as fault:
            read()
        assert str(tmp_path) not in str(fault.value)
        assert str(fault.value).endswith(".")


def test_a_deleted_folder_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    run = Run(tmp_path / "gone")
    assert run.snapshots() == []
    assert run.metrics()["step"].size == 0
    assert run.passport == {}
    for read in (lambda: run.config, lambda: run.status, run.weights):
        with pytest.raises(Fault, match="gone"):
            read()


def test_a_run_whose_worker_fell_silent_is_interrupted(make_run: Callable[..., Run], monkeypatch) -> None:
    run = make_run()
    status.write(run.path, run.status, state="running", step=7)
    assert run.status.state == "running"
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert run.status.state == "interrupted"
    assert "step 7" in run.status.message
