"""Steering a run from the command line: hold it, let it go on, end it, change its learning rate."""

from tyro.conf import Positional

from seqlab.training import control
from seqlab.training.library import Library


def pause(run: Positional[str]) -> None:
    """Hold a run."""
    control.pause(Library().get(run))


def resume(run: Positional[str]) -> None:
    """Let a paused run go on."""
    control.resume(Library().get(run))


def step(run: Positional[str]) -> None:
    """Do exactly one update of a run, and hold it."""
    control.step(Library().get(run))


def stop(run: Positional[str]) -> None:
    """End a run; its weights are kept."""
    control.stop(Library().get(run))


def lr(run: Positional[str], value: Positional[float]) -> None:
    """Change the learning rate of a run that trains."""
    control.set_lr(Library().get(run), value)
