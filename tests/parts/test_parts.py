"""A part that somebody adds in files of its own is there wherever a part of seqlab's own is, and nothing else knows it.

That it computes what it says is what the contracts ask of it, as of every part (tests/test_contracts.py, and all tests
that take their names from a registry).
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.agreement import compare
from seqlab.lenses import examples, gradients
from seqlab.reference.backward import gradients as reference_gradients
from seqlab.reference.formulas.lines import stops
from seqlab.reference.formulas.spot import Pass, Spot
from seqlab.reference.network import network
from seqlab.tasks import tasks
from seqlab.trace import Trace
from seqlab.training.config import RunConfig
from seqlab.training.engine import Engine
from seqlab.training.library import Library
from seqlab.training.run import Run
from seqlab.training.session import train
from tests.support.waiting import wait_for

ROOT, HERE = Path(__file__).parents[2], Path(__file__).parent
CONFIG = {"task": {"name": "copy-memory", "symbols": 2, "delay": 3}, "steps": 60, "evaluate_every": 30, "batch": 16,
          "device": "cpu", "network": {"model": "mgu", "hidden": 12, "layers": 2, "input": "one-hot"}}


def command_line(arguments: list[str], folder: Path) -> str:
    """What another process says that starts as a person's would."""
    done = subprocess.run([sys.executable, "-m", "seqlab", *arguments], cwd=ROOT, capture_output=True, text=True,
                          timeout=120, check=False, env=os.environ | {"SEQLAB_RUNS": str(folder)})
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_cell_is_two_files_and_a_task_is_one() -> None:
    parts = {path.relative_to(HERE).as_posix() for path in HERE.rglob("*.py") if path.name != "__init__.py"}
    assert parts == {"reference/mgu.py", "models/mgu.py", "tasks/copy_memory.py", Path(__file__).name}
    names = re.compile(r"\bmgu\b|minimal gated|copy.?memory", re.IGNORECASE)
    others = [path for folder in ("seqlab", "pages") for path in (ROOT / folder).rglob("*")
              if path.suffix in (".py", ".js", ".css")]
    assert not [path for path in others if names.search(path.read_text(encoding="utf-8"))]


@pytest.mark.slow
def test_the_command_line_trains_them_and_sweeps_over_them(tmp_path: Path) -> None:
    options = ["--network.model", "mgu", "--network.hidden", "12", "--steps", "40", "--batch", "8"]
    assert "finished" in command_line(["train", *options, "copy-memory", "--task.delay", "3"], tmp_path)
    (run,) = Library(tmp_path, tmp_path / "none").runs()
    assert (run.config.task["name"], run.config.task["delay"], run.config.network.model) == ("copy-memory", 3, "mgu")
    assert run.status.step == 40
    said = command_line(["sweep", "--network.hidden", "8", "--steps", "10", "--over", "network.model=mgu,gru",
                         "copy-memory", "--task.delay", "3"], tmp_path)
    assert "2 of 2 points" in said


@pytest.fixture
def added(make_run: Callable[..., Run]) -> Run:
    """A trained run of the added cell on the added task."""
    run = make_run(**CONFIG)
    assert train(run.path).state == "finished"
    return run


def test_workers_train_them_and_answer_for_them(engine: Engine) -> None:
    run = engine.start(RunConfig.model_validate(CONFIG))
    wait_for(lambda: not run.status.active, 60)
    assert run.status.state == "finished"
    example = engine.ask("seqlab.lenses.examples:drawn", str(run.path), 3).result()
    assert "".join(run.symbols[place] for place in example.ids[0])[2:] == "··→··"
    assert [run.classes[place] for place in example.targets[0][-2:]] == [run.symbols[place]
                                                                      for place in example.ids[0][:2]]
    theirs = engine.ask("seqlab.lenses.proof:in_precisions", str(run.path), [60], example.ids, None,
                        ("float32", "float64")).result()
    for dtype, (trace,) in theirs.items():
        assert compare(network(run.core, example.ids, run.weights(60, dtype)), Trace(trace)).holds


def test_the_stepper_takes_every_number_apart(added: Run) -> None:
    example, weights = examples.drawn(str(added.path), 1), added.weights(dtype="float64")
    run = Pass(network(added.core, example.ids, weights), weights, tuple(example.ids[0].tolist()))
    every = stops(added.core, weights, 2)
    assert [line.symbol for line, _ in every] == ["x", *("u", "n", "h") * 2, "logits", "p"]
    for line, layer in every:
        for time in range(example.ids.shape[1]):
            spot = Spot(layer, time, 4)
            expected = line.numbers(run, spot)[line.index(run, spot)]
            assert line.work_out(run, spot).number == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_its_gradients_are_torch_s(added: Run) -> None:
    example = examples.drawn(str(added.path), 1)
    ours = reference_gradients(added.core, example.ids, example.targets, example.weight, added.weights(dtype="float64"))
    answer = gradients.step(str(added.path), 60, example.ids, example.targets, example.weight, None,
                            {"name": "sgd", "lr": 0.5, "clip": None})
    assert ours[0] == pytest.approx(answer["loss"], rel=1e-12)
    assert compare({name: ours[1][name] for name in answer["weights"]}, answer["weights"], 1e-11).holds
    assert set(answer["trace"]) == {"x", "h.0", "h.1", "logits"}
    assert compare({name: ours[2][name] for name in answer["trace"]}, answer["trace"], 1e-11).holds


def test_the_task_asks_for_what_was_read_so_many_steps_ago() -> None:
    task = tasks()["copy-memory"]
    config = task.config()
    drawn = task.batch(config, 4, torch.Generator().manual_seed(0), 0)
    inputs, targets = drawn.inputs.numpy(), drawn.targets.numpy()
    np.testing.assert_array_equal(targets[:, config.lag:], inputs[:, :config.symbols])
    assert not targets[:, :config.lag].any()
    assert (inputs == config.recall).sum() == 4
