"""What the callbacks for other people's trainers share."""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from seqlab.recording.begin import record
from seqlab.recording.log import Log

ASIDE = ("epoch", "step", "learning_rate", "total_flos", "train_", "eval_runtime", "eval_samples", "eval_steps")
RENAMED = {"eval_loss": "val_loss", "eval_accuracy": "val_accuracy", "val_acc": "val_accuracy", "acc": "accuracy"}


class Recorder:
    """A recording that begins with a training and ends with it; the options are those of ``seqlab.record``.

    ``part`` names the module within the trainer's that is recorded, such as ``model`` (empty: all of it).
    """

    def __init__(self, part: str = "", **options: Any) -> None:
        self._part, self._options = part, options
        self._log: Log | None = None

    def _begin(self, module: nn.Module, steps: float | int) -> None:
        known = {"steps": int(steps)} if 0 < steps < 1e7 else {}
        self._log = record(module.get_submodule(self._part), **known | self._options)

    def _note(self, figures: Mapping[str, object]) -> None:
        """Note what a trainer logs, without its clocks."""
        if self._log:
            self._log.note(**{RENAMED.get(name, name).replace(" ", "_"): figure for name, figure in figures.items()
                              if not name.startswith(ASIDE) and _is_number(figure)})

    def _step(self, optimisers: Iterable[torch.optim.Optimizer], **figures: object) -> bool:
        """Note a step, and set the rate that was asked for on the page; returns False once Stop was pressed."""
        if self._log is None:
            return True
        groups = [group for optimiser in optimisers for group in optimiser.param_groups]
        goes_on = self._log.step(lr=groups[0]["lr"] if groups else None, **figures)
        if self._log.lr is not None:
            for group in groups:
                group["lr"] = self._log.lr
        return goes_on

    def _end(self, error: BaseException | None = None) -> None:
        if self._log:
            self._log.__exit__(type(error) if error else None, error, None)
            self._log = None


def _is_number(figure: object) -> bool:
    return isinstance(figure, int | float) or (isinstance(figure, torch.Tensor) and figure.numel() == 1)
