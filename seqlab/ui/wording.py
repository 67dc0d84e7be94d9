"""How a page speaks of a run's task: in its name, in the line under its curves, and at its axes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from seqlab.data.corpora import title
from seqlab.data.preparation import LABELS
from seqlab.tasks.echo import EchoConfig
from seqlab.tasks.sentences import SentencesConfig
from seqlab.tasks.text import TextConfig
from seqlab.training.config import RunConfig


@dataclass(frozen=True)
class Wording:
    """What sets a run of a task apart from others, what its sequences are, and what its loss is counted by."""

    apart: Callable[[Any], str] = lambda task: ""
    sequences: Callable[[Any], str] = lambda task: ""
    unit: str = "letter"
    fresh: str = "fresh data"


def wording(config: RunConfig) -> Wording:
    """The words for a run's task; those of a task that has none of its own are left out."""
    return WORDINGS.get(config.task["name"], Wording())


def _delays(task: EchoConfig) -> str:
    return f"delays 0 to {task.delay}" if task.form == "variable" else f"delay {task.delay}"


def _windows(task: TextConfig) -> str:
    carried = ", state carried on" if task.carry else ""
    return f"windows of {task.num_steps} characters{carried} · {title(task.corpus)}, {LABELS[task.preparation]}"


def _sentences(task: SentencesConfig) -> str:
    return f"sentences of up to {task.longest} characters · {title(task.corpus)}"


WORDINGS = {
    "echo": Wording(_delays, lambda task: f"strings of {task.length}"),
    "text": Wording(lambda task: title(task.corpus), _windows, "character", "validation"),
    "sentences": Wording(lambda task: f"sentences of {title(task.corpus)}", _sentences, "character", "validation"),
}
