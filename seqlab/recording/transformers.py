"""Recording what a Hugging Face ``Trainer`` trains; that package is only needed where it is used.

from seqlab.recording.transformers import callback

Trainer(model, arguments, train_dataset=texts, callbacks=[callback(vocabulary=tokens)]).train()
"""

from importlib import import_module
from typing import Any

from seqlab.errors import Fault
from seqlab.recording.callbacks import Recorder


class Hooks(Recorder):
    """The events of the Trainer that a recording needs; it gives a loss when it logs, not at every step."""

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **more: Any) -> None:
        """Begin, in the process that speaks for all."""
        if state.is_world_process_zero:
            self._begin(model, state.max_steps)

    def on_step_end(self, args: Any, state: Any, control: Any, optimizer: Any = None, **more: Any) -> None:
        """Note an update."""
        if not self._step([optimizer] if optimizer else []):
            control.should_training_stop = True

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **more: Any) -> None:
        """Note what it logs: the mean loss since the last time, or what was measured on held-out data."""
        self._note(logs or {})

    def on_train_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        """End."""
        self._end()


def callback(**options: Any) -> Any:
    """Make the callback; the options are those of ``seqlab.record``, and ``part``. Raises Fault without the package."""
    try:
        base = import_module("transformers").TrainerCallback
    except ImportError:
        raise Fault("The package transformers is not installed; install it, or write the three lines of "
                    "`seqlab.record` in your loop.") from None
    return type("SeqlabRecorder", (Hooks, base), {})(**options)
