"""What a loop noted between two publications, and the figures that are published of it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import SupportsFloat

import torch
from torch import Tensor

from seqlab.training import metrics
from seqlab.training.status import LARGEST

NAMES = {"val_loss": "validation", "val_accuracy": "evaluation"}  # what others call our columns
SHARES = ("accuracy", "evaluation", "valid", "clipped")
LATEST = ("lr", "evaluation", "validation", "valid")  # the last one counts; of the others the mean
RATE = {"tokens": "tokens_per_s"}  # summed, and divided by the seconds


@dataclass
class Window:
    """What a loop noted since the last publication, at ``since`` seconds: steps and figures by name.

    Tensors stay where they are, unread: reading one waits for the device.
    """

    since: float
    noted: dict[str, list[tuple[int, object]]] = field(default_factory=dict)

    def add(self, step: int, figures: Mapping[str, object]) -> None:
        """Add the figures of a step; what is None is left out."""
        for name, figure in figures.items():
            if figure is not None:
                kept = figure.detach() if isinstance(figure, Tensor) else figure
                self.noted.setdefault(name, []).append((step, kept))


@dataclass(frozen=True)
class Summary:
    """The figures of a window by column, those that only this loop knows, and what could not be used, in sentences."""

    row: dict[str, float]
    other: dict[str, float]
    problems: tuple[str, ...]


def summary(window: Window, seconds: float) -> Summary:
    """Read what a window holds; waits for the device."""
    row, other, problems = dict[str, float](), dict[str, float](), list[str]()
    for name, noted in window.noted.items():
        column = NAMES.get(name, name)
        numbers = _numbers([figure for _, figure in noted])
        usable = list(filter(_usable, numbers))
        if len(usable) < len(numbers):
            at = next(step for (step, _), number in zip(noted, numbers, strict=True) if not _usable(number))
            problems.append(_gap(name, at))
        if not usable:
            continue
        if name in RATE:
            row[RATE[name]] = sum(usable) / max(1e-9, seconds - window.since)
        elif column in metrics.COLUMNS and column not in metrics.REQUIRED:
            row[column] = usable[-1] if column in LATEST else _mean(usable)
        elif metrics.is_other(name):
            other[name] = _mean(usable)
        else:
            problems.append(f"{name[:40]!r} is no name for a number of a run; take a short one of letters and digits.")
    return _checked(row, other, problems)


def _checked(row: dict[str, float], other: dict[str, float], problems: list[str]) -> Summary:
    for column in SHARES:
        if column in row and not 0 <= row[column] <= 1:
            problems.append(f"{column} must be a share from 0 to 1, not {row.pop(column):.4g}; it is left out.")
    if len(other) > metrics.MOST_OTHER:
        problems.append(f"A run keeps at most {metrics.MOST_OTHER} numbers of your own; the others are left out.")
        other = dict(list(other.items())[:metrics.MOST_OTHER])
    return Summary(row, other, tuple(problems))


def _usable(number: float) -> bool:
    return isfinite(number) and abs(number) <= LARGEST


def _gap(name: str, step: int) -> str:
    what = "The loss" if name == "loss" else name[:40]
    return f"{what} was no finite number at step {step}; its curve has a gap there."


def _numbers(figures: Sequence[object]) -> list[float]:
    """Read figures, all tensors of a GPU at once; NaN for what is none."""
    tensors = [figure for figure in figures if isinstance(figure, Tensor) and figure.device.type != "cpu"]
    if len(tensors) == len(figures):
        with suppress(RuntimeError, TypeError):
            stacked: list[float] = torch.stack([tensor.reshape(()) for tensor in tensors]).float().tolist()
            return stacked
    return list(map(_number, figures))


def _number(figure: object) -> float:
    try:
        return float(figure) if isinstance(figure, SupportsFloat) else float("nan")
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return float("nan")


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
