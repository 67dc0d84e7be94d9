"""Training a network from a notebook or a script, as an ordinary run that the pages show live."""

import threading
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from pydantic import BaseModel, ValidationError

from seqlab.api.run import Run
from seqlab.errors import Fault
from seqlab.tasks import DERIVED, Settings, Task, tasks
from seqlab.training import terminal
from seqlab.training.config import NetworkConfig, OptimiserConfig, RunConfig, explain
from seqlab.training.library import Library
from seqlab.training.run import create
from seqlab.training.status import Status

_SECTIONS: dict[str, type[BaseModel]] = {"network": NetworkConfig, "optimiser": OptimiserConfig}


def train(task: str = "echo", *, recipe: str | None = None, **settings: object) -> Run:
    """Train a network here, to its end, and return its run; the pages show it meanwhile, and can stop or pause it.

    ``settings`` are those of the command line, by their last name: ``model``, ``hidden``, ``lr``, ``steps``, those of
    the task itself such as ``delay``; ``optimiser`` alone is its name. Whatever is not given is the default, or that
    of a ``recipe`` of the task. Ctrl-C, or a notebook's stop button, ends it and keeps its weights. Raises Fault for a
    setting that cannot be, and where training fails.

    >>> import seqlab
    >>> run = seqlab.train(task="hello", model="gru", hidden=8, steps=40, lr=0.05, seed=1)  # doctest: +ELLIPSIS
    step ...: finished...
    >>> run.status.state
    'finished'
    """
    config = config_of(task, recipe, settings)
    run = create(Library().root, config)
    last = _train(run.path.name)
    print(f"{run.id}: {last.state}. {last.message}".rstrip())
    if last.state == "failed":
        raise Fault(f"Run {run.id} failed. {last.message}")
    return Run(run.path)


def config_of(task: str, recipe: str | None, settings: Mapping[str, object]) -> RunConfig:
    """Make a config from settings by their last names; raises Fault for one that is unknown or stands in two places."""
    if task not in tasks():
        raise Fault(f"There is no task {task[:40]!r}; take one of {', '.join(tasks())}.")
    spec = tasks()[task]
    if recipe is not None and recipe not in spec.recipes:
        raise Fault(f"The task {task} has no recipe {recipe[:40]!r}; it has {', '.join(spec.recipes) or 'none'}.")
    values: Settings = {} if recipe is None else dict(spec.recipes[recipe].config)
    values["task"] = dict(values.get("task", {})) | {"name": task}
    for name, value in settings.items():
        _put(values, spec, name, value)
    for derived, sources in DERIVED.items():
        if derived not in settings and any(source in settings for source in sources):
            values["task"].pop(derived, None)
    try:
        return RunConfig.model_validate(values)
    except ValidationError as error:
        raise Fault(explain(error)) from None


def _put(values: Settings, spec: Task[Any], name: str, value: object) -> None:
    """Put a setting where it belongs."""
    if name in _SECTIONS and isinstance(value, Mapping):
        values[name] = dict(values.get(name, {})) | dict(value)
        return
    if name == "optimiser":
        values["optimiser"] = dict(values.get("optimiser", {})) | {"name": value}
        return
    sections = {"task": spec.config} | _SECTIONS
    homes = [section for section, fields in sections.items() if name in fields.model_fields and name != "name"]
    if name in RunConfig.model_fields and name not in ("task", *_SECTIONS):
        homes.append("")
    if len(homes) != 1:
        raise Fault(f"There is no setting {name[:40]!r} here." if not homes else
                    f"The setting {name!r} is one of {' and '.join(homes)}; write it within {homes[-1]}=.")
    if homes[0]:
        values[homes[0]] = dict(values.get(homes[0], {})) | {name: value}
    else:
        values[name] = value


def _train(run_id: str) -> Status:
    """Train in this process; where it is not the main thread nothing can catch Ctrl-C."""
    import torch

    from seqlab.training import session

    threads, run = torch.get_num_threads(), Library().get(run_id)
    try:
        if threading.current_thread() is threading.main_thread():
            return terminal.train_here(run, nullcontext())
        terminal.one_thread()
        return session.train(run.path, terminal.ProgressLine(), worker="notebook")
    finally:
        torch.set_num_threads(threads)
