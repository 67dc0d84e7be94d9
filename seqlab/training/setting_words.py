"""The sentence of each setting, as its config says it: a form's help, the command line's, and what a search answers."""

from collections.abc import Iterator

from pydantic import BaseModel

from seqlab.tasks import tasks
from seqlab.training.config import RunConfig

TASK = "task"


def described(path: str, task: str = "") -> str:
    """Say what a setting is, by its path such as ``optimiser.lr``; one of a ``task`` is found in that task's config.

    Raises KeyError for a setting that there is not.
    """
    *sections, name = path.split(".")
    fields = _config(sections, task).model_fields
    return fields[name].description or ""


def paths(task: str = "") -> Iterator[str]:
    """All settings that a run has beside those of its task, or those of a ``task``, as paths."""
    if task:
        yield from (f"{TASK}.{name}" for name in tasks()[task].config.model_fields)
        return
    for name, field in RunConfig.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from (f"{name}.{inner}" for inner in section.model_fields)
        elif name != TASK:
            yield name


def _config(sections: list[str], task: str) -> type[BaseModel]:
    config: type[BaseModel] = RunConfig
    for section in sections:
        found = tasks()[task].config if section == TASK else config.model_fields[section].annotation
        if not (isinstance(found, type) and issubclass(found, BaseModel)):
            raise KeyError(section)
        config = found
    return config
