"""Recording what a Lightning ``Trainer`` trains; Lightning itself is only needed where it is used.

from seqlab.recording.lightning import callback

Trainer(callbacks=[callback(vocabulary=chars, name="my gru")]).fit(model, batches)
"""

import sys
from importlib import import_module
from typing import Any

from seqlab.errors import Fault
from seqlab.recording.callbacks import Recorder

PACKAGES = ("lightning.pytorch", "pytorch_lightning")


class Hooks(Recorder):
    """The hooks of Lightning that a recording needs."""

    _done = 0

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Begin, in the process that speaks for all."""
        if trainer.is_global_zero:
            self._done = trainer.global_step
            self._begin(pl_module, trainer.estimated_stepping_batches)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        """Note an update; a batch whose gradient is only added up is none."""
        if trainer.global_step == self._done:
            return
        self._done = trainer.global_step
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        if loss is not None:
            loss = loss * trainer.accumulate_grad_batches  # Lightning gives it divided by that
        if not self._step(trainer.optimizers, loss=loss):
            trainer.should_stop = True

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        """Note what was measured on held-out data."""
        if not trainer.sanity_checking:
            self._note({name: figure for name, figure in trainer.callback_metrics.items() if "val" in name})

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """End."""
        self._end()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """End where the training was broken off."""
        self._end(exception)


def callback(**options: Any) -> Any:
    """Make the callback; the options are those of ``seqlab.record``, and ``part``. Raises Fault without Lightning."""
    for package in sorted(PACKAGES, key=lambda name: name not in sys.modules):
        try:
            base = import_module(package).Callback
        except ImportError:
            continue
        return type("SeqlabRecorder", (Hooks, base), {})(**options)
    raise Fault("Lightning is not installed; install it, or write the three lines of `seqlab.record` in your loop.")
