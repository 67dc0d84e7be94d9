"""All settings of a run, by their paths, and the sentence of each: a form's help, and what a search answers."""

from functools import lru_cache

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from seqlab.tasks import tasks
from seqlab.training.config import RunConfig


@lru_cache(maxsize=64)
def fields(task: str = "", kind: type[RunConfig] = RunConfig) -> dict[str, FieldInfo]:
    """Every setting by its path: those of a task first, where one is named, then network, optimiser, the rest."""
    known = {f"task.{name}": field for name, field in tasks()[task].config.model_fields.items()} if task else {}
    sections = {name: field.annotation for name, field in kind.model_fields.items()}
    parts = {name: part.model_fields for name, part in sections.items()
             if isinstance(part, type) and issubclass(part, BaseModel)}
    known |= {f"{part}.{name}": field for part, inner in parts.items() for name, field in inner.items()}
    return known | {name: field for name, field in kind.model_fields.items() if name not in ("task", *parts)}


def described(path: str, task: str = "") -> str:
    """Say what a setting is, by its path such as ``optimiser.lr``; raises KeyError for one that there is not."""
    return fields(task)[path].description or ""
