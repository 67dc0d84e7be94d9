"""How a page speaks of a run's task: in its name, in the line under its curves, and at its axes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from seqlab.data.corpora import title
from seqlab.data.preparation import LABELS
from seqlab.tasks.echo import EchoConfig
from seqlab.tasks.grammar import GrammarConfig
from seqlab.tasks.sentences import SentencesConfig
from seqlab.tasks.text import TextConfig
from seqlab.training.config import RunConfig

TITLES = {"ndfa": "NDFA", "brackets": "brackets", "dyck": "Dyck", "toy-english": "toy English"}


@dataclass(frozen=True)
class Wording:
    """What sets a run of a task apart from others, what its sequences are, and what its loss is counted by."""

    apart: Callable[[Any], str] = lambda task: ""
    sequences: Callable[[Any], str] = lambda task: ""
    unit: str = "letter"
    fresh: str = "fresh data"
    floor: Callable[[Any], float] | None = None  # the least loss that there can be, where the truth is known


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


def _language(task: GrammarConfig) -> str:
    name = TITLES.get(task.language.name, "a grammar of one's own")
    return f"{name}, by word" if task.level == "word" else name


def _strings(task: GrammarConfig) -> str:
    budget = f"batches of {task.budget:,} tokens, " if task.by == "tokens" else ""
    return f"{budget}{task.strings:,} strings of {_language(task)}"


WORDINGS = {
    "echo": Wording(_delays, lambda task: f"strings of {task.length}"),
    "text": Wording(lambda task: title(task.corpus), _windows, "character", "validation"),
    "grammar": Wording(_language, _strings, "token", "new strings", lambda task: task.source.floor()),
    "sentences": Wording(lambda task: f"sentences of {title(task.corpus)}", _sentences, "character", "validation"),
}
