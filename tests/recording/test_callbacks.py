"""The callbacks, driven by stand-ins that call their hooks in the order of the real packages."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from seqlab.errors import Fault
from seqlab.recording import lightning, transformers
from seqlab.recording.begin import record
from seqlab.recording.log import Log
from seqlab.training import control
from seqlab.training.run import Run
from tests.recording.loops import LETTERS, Loop
from tests.recording.test_log import only
from tests.support.waiting import wait_for

BATCHES, ADDED = 40, 2


class Base:
    """A callback that does nothing at any hook."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("on_"):
            return lambda *args, **more: None
        raise AttributeError(name)


@pytest.fixture(autouse=True)
def packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins under the names of the packages, and every step published."""
    monkeypatch.setattr("seqlab.recording.log.PUBLISH_SECONDS", 0.0)
    for name, part in (("lightning", ""), ("lightning.pytorch", "Callback"), ("transformers", "TrainerCallback")):
        module = ModuleType(name)
        if part:
            setattr(module, part, Base)
        monkeypatch.setitem(sys.modules, name, module)


class Lightning:
    """As much of a Lightning trainer as calls hooks: checks, epochs of batches, gradients added up, validation."""

    is_global_zero, sanity_checking, should_stop = True, True, False
    accumulate_grad_batches, estimated_stepping_batches, global_step = ADDED, BATCHES // ADDED, 0

    def __init__(self, module: Loop) -> None:
        self.module, self.optimizers, self.callback_metrics = module, [module.optimiser], dict[str, object]()

    def fit(self, callback: Any, at: int = -1, act: Any = None) -> None:
        """Train; before batch ``at`` do something."""
        callback.on_fit_start(self, self.module)
        callback.on_validation_end(self, self.module)
        self.sanity_checking = False
        callback.on_train_start(self, self.module)
        try:
            for batch in range(BATCHES):
                if batch == at:
                    act()
                callback.on_train_batch_start(self, self.module, None, batch)
                loss = self.module.update().detach() / ADDED
                self.global_step += batch % ADDED
                callback.on_train_batch_end(self, self.module, {"loss": loss}, None, batch)
                if self.should_stop:
                    break
            self.callback_metrics = {"val_loss": torch.tensor(1.5), "val_f1": 0.5, "train_loss": torch.tensor(3.0)}
            callback.on_validation_end(self, self.module)
            callback.on_train_end(self, self.module)
        except ZeroDivisionError as error:
            callback.on_exception(self, self.module, error)


class HuggingFace:
    """As much of a Hugging Face trainer as calls events: it logs a loss every five steps."""

    def __init__(self, module: Loop) -> None:
        self.module, self.control = module, SimpleNamespace(should_training_stop=False)
        self.state = SimpleNamespace(is_world_process_zero=True, max_steps=BATCHES, global_step=0)

    def fit(self, callback: Any) -> None:
        """Train."""
        def call(event: str, **more: object) -> None:
            getattr(callback, event)(None, self.state, self.control, model=self.module,
                                     optimizer=self.module.optimiser, **more)

        call("on_init_end")
        call("on_train_begin")
        for step in range(1, BATCHES + 1):
            call("on_step_begin")
            loss = self.module.update()
            call("on_step_end")
            if step % 5 == 0:
                call("on_log", logs={"loss": loss.item(), "grad_norm": 0.5, "learning_rate": 0.1, "epoch": 0.1})
            if self.control.should_training_stop:
                break
        call("on_evaluate", metrics={})
        call("on_log", logs={"eval_loss": 1.5, "eval_runtime": 2.0, "eval_f1": 0.5, "epoch": 1.0})
        call("on_log", logs={"train_runtime": 3.0, "train_loss": 1.0, "epoch": 1.0})
        call("on_train_end")


def test_a_lightning_training_is_recorded(tmp_path: Path) -> None:
    Lightning(Loop()).fit(lightning.callback(vocabulary=LETTERS, runs=tmp_path))
    run = only(tmp_path)
    now, table = run.status, run.metrics()
    assert (now.state, now.step, now.steps) == ("finished", BATCHES // ADDED, BATCHES // ADDED)
    assert np.nanmean(table["loss"]) > 1  # not divided by the batches that are added up
    assert (np.nanmax(table["lr"]), table["validation"][-1], table["val_f1"][-1]) == (0.1, 1.5, 0.5)
    assert list(table)[-1] == "val_f1"  # and not what was measured while training


def test_a_lightning_training_is_steered_and_its_errors_are_kept(tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    logs: list[Log] = []
    monkeypatch.setattr("seqlab.recording.callbacks.record", lambda *args, **more: logs.append(record(*args, **more))
                        or logs[-1])
    module = Loop()
    trainer = Lightning(module)

    def steer() -> None:
        run = Run(next(tmp_path.iterdir()))
        control.set_lr(run, 0.25)
        control.stop(run)
        wait_for(lambda: logs[0].lr == 0.25)

    trainer.fit(lightning.callback(vocabulary=LETTERS, runs=tmp_path), 10, steer)
    assert trainer.should_stop
    assert module.optimiser.param_groups[0]["lr"] == 0.25
    assert only(tmp_path).status.state == "stopped"
    other = tmp_path / "other"
    Lightning(Loop()).fit(lightning.callback(vocabulary=LETTERS, runs=other), 10, lambda: 1 / 0)
    assert (only(other).status.state, only(other).status.step) == ("failed", 5)


def test_a_hugging_face_training_is_recorded(tmp_path: Path) -> None:
    HuggingFace(Loop()).fit(transformers.callback(vocabulary=LETTERS, runs=tmp_path))
    run = only(tmp_path)
    now, table = run.status, run.metrics()
    assert (now.state, now.step, now.steps, now.validation) == ("finished", BATCHES, BATCHES, 1.5)
    logged = table["step"][np.isfinite(table["loss"])]
    assert len(logged)
    later = table["step"] > logged[0]
    assert np.isfinite(table["loss"][later]).all()  # no row without one, for the curve would be torn
    assert table["eval_f1"][-1] == 0.5
    assert list(table)[-1] == "eval_f1"


@pytest.mark.parametrize("module", [lightning, transformers])
def test_without_the_package_one_sentence_says_so(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lightning", "lightning.pytorch", "pytorch_lightning", "transformers"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(Fault, match="is not installed"):
        module.callback()
