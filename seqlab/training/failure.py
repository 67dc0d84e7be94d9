"""What a person reads where training broke off."""

import torch

from seqlab.files import refusal
from seqlab.training.status import State


class Ended(Exception):
    """A run came to an end: the state it is in and what to say."""

    def __init__(self, state: State, message: str) -> None:
        super().__init__(message)
        self.state, self.message = state, message


def explain(error: Exception, kept_step: int) -> str:
    """Say in a sentence what ended a run, and which of its snapshots there are (below 0: none)."""
    kept = "" if kept_step < 0 else f" The snapshots up to step {kept_step} are intact."
    if isinstance(error, FileNotFoundError):
        return "The folder of the run was deleted while it trained."
    if isinstance(error, OSError):
        return f"The run cannot be written: {refusal(error)}.{kept}"
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "not enough memory" in str(error):
        return f"There is not enough memory; take a smaller network or batch.{kept}"
    return f"Training failed with an unexpected {type(error).__name__}; the log says more.{kept}"
