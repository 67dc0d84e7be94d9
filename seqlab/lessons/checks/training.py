"""The check that a person trained a network that does well, or that fails as it was meant to."""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from seqlab.errors import Fault
from seqlab.lessons.check import CheckKind, Settings
from seqlab.lessons.scene import Scene, Verdict
from seqlab.reference.core import cores
from seqlab.tasks import tasks
from seqlab.training import owner, status
from seqlab.training.config import RunConfig, explain, plain_name
from seqlab.training.library import Library
from seqlab.training.run import Run, create
from seqlab.training.status import Status

Share = Annotated[float, Field(ge=0, le=1)]


class Range(Settings):
    """What a setting may be."""

    is_: Annotated[str | float | bool | None, Field(alias="is")] = None
    least: float | None = None
    most: float | None = None

    def holds(self, value: Any) -> bool:
        """Whether a value is allowed; nothing is not a number."""
        if self.is_ is not None and self.is_ != value and str(self.is_) != str(value):
            return False
        number = isinstance(value, int | float)
        return (self.least is None or (number and value >= self.least)) and (
            self.most is None or (number and value <= self.most))


class Trained(Settings):
    """A run of the person's own since the step began: of a task, a cell, with settings, and how it ended."""

    task: str | None = None
    cell: str | None = None
    accuracy: Share | None = None
    below: Share | None = None
    loss: Annotated[float, Field(gt=0)] | None = None
    ended: Literal["any", "finished", "diverged"] = "any"
    settings: Annotated[dict[str, Range | str | float | bool | None], Field(default_factory=dict, max_length=6)]

    @model_validator(mode="after")
    def _known(self) -> "Trained":
        if self.task is not None and self.task not in tasks():
            raise ValueError(f"the task must be one of {', '.join(tasks())}")
        if self.cell is not None and self.cell not in cores():
            raise ValueError(f"the cell must be one of {', '.join(cores())}")
        return self

    def of_run(self, run: Run) -> bool:
        """Whether a run is of this kind, however it ended."""
        config = run.config
        return (self.task in (None, config.task["name"]) and self.cell in (None, config.network.model)
                and all(_within(wanted, value_of(config, path)) for path, wanted in self.settings.items()))

    def reached(self, run: Run) -> bool:
        """Whether a run came as far as it shall; one that shall do badly must have ended."""
        now = run.status
        score = accuracy(now)
        if self.ended not in ("any", now.state):
            return False
        if self.below is not None and (now.active or score >= self.below):
            return False
        if self.loss is not None and not (_loss(now) <= self.loss):
            return False
        return self.accuracy is None or score >= self.accuracy


def _within(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Range):
        return wanted.holds(value)
    return bool(wanted == value or (wanted is None and value is None) or str(wanted) == str(value))


def value_of(config: RunConfig, path: str) -> Any:
    """A setting of a config by its path, such as ``optimiser.lr``; None where there is none."""
    value: Any = config.model_dump()
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def accuracy(now: Status) -> float:
    """The accuracy of a run so far: on fresh data where that was measured, else while it trained; 0 for none."""
    return now.evaluation if now.evaluation is not None else now.accuracy or 0.0


def _loss(now: Status) -> float:
    loss = now.validation if now.validation is not None else now.loss
    return math.inf if loss is None else loss


def own_runs(library: Library, since: float) -> list[Run]:
    """The runs that a person began since a moment, the newest first."""
    mine = []
    for run in library.runs():
        with suppress(Fault):
            if not library.is_shipped(run) and run.status.started >= since and \
                    owner.of(run.path).id == library.rights.owner:
                mine.append(run)
    return mine


def _trained(settings: Trained, scene: Scene) -> Verdict:
    runs = [run for run in own_runs(scene.library, scene.began) if settings.of_run(run)]
    for run in runs:
        if settings.reached(run):
            return Verdict(True, f"{run.name} is yours: {_how(run.status)}.")
    if not runs:
        return Verdict(False, f"Train {_wanted(settings)}.")
    return Verdict(False, f"{runs[0].name} {'trains' if runs[0].status.active else 'is not it yet'}: "
                          f"{_how(runs[0].status)}; {_goal(settings)}.")


def _how(now: Status) -> str:
    known = now.evaluation is not None or now.accuracy is not None
    return f"step {now.step:,}" + (f", {100 * accuracy(now):.1f} % right" if known else "") + (
        f", {now.state}" if now.state in ("diverged", "failed") else "")


def _goal(settings: Trained) -> str:
    goals = [*(_setting(plain_name(path), wanted) for path, wanted in settings.settings.items()),
             f"{100 * settings.accuracy:g} % right" if settings.accuracy is not None else "",
             f"less than {100 * settings.below:g} % right at its end" if settings.below is not None else "",
             f"a loss of at most {settings.loss:g}" if settings.loss is not None else "",
             f"it shall be {settings.ended}" if settings.ended != "any" else ""]
    return f"wanted: {', '.join(filter(None, goals)) or 'its end'}"


def _setting(name: str, wanted: Any) -> str:
    """Say what a setting is to be."""
    if wanted is None:
        return f"no {name}"
    if not isinstance(wanted, Range):
        return f"{name} {wanted}"
    bounds = ((f"{how} {bound:g}" for how, bound in (("at least", wanted.least), ("at most", wanted.most))
               if bound is not None) if wanted.is_ is None else [str(wanted.is_)])
    return f"{name} {' and '.join(bounds)}"


def _wanted(settings: Trained) -> str:
    cell = f"a network with the cell {cores()[settings.cell].label}" if settings.cell else "a network"
    where = f" in {tasks()[settings.task].label}" if settings.task else ""
    return f"{cell}{where}; {_goal(settings)}"


def _trained_done(settings: Trained, scene: Scene) -> Scene:
    """Make a run as the check wants it, beside all runs; raises Fault where no run can be so."""
    config = RunConfig(task={"name": settings.task or "echo"}).model_dump()
    if settings.cell:
        config["network"]["model"] = settings.cell
    for path, wanted in settings.settings.items():
        _put(config, path, wanted)
    try:
        run = create(scene.library.root, RunConfig.model_validate(config))
    except ValidationError as error:
        raise Fault(f"No run can be so: {explain(error)}") from None
    if not settings.of_run(run):
        raise Fault("No run can have these settings; look at their names in a run's config.json.")
    now = run.status
    low = settings.below - 0.001 if settings.below is not None else 1.0
    status.write(run.path, now.model_copy(update={
        "state": "finished" if settings.ended == "any" else settings.ended, "started": max(now.started, scene.began),
        "accuracy": max(0.0, low), "loss": settings.loss}))
    return replace(scene, library=Library(scene.library.root, scene.library.shipped))


def _put(config: dict[str, Any], path: str, wanted: Any) -> None:
    *parents, name = path.split(".")
    place: Any = config
    for part in parents:
        place = place.get(part) if isinstance(place, dict) else None
    if not isinstance(place, dict) or name not in place:
        raise Fault(f"A run has no setting {path!r:.60}; its config.json has all of them.")
    if isinstance(wanted, Range):
        bounds = (wanted.is_, wanted.least, wanted.most)
        wanted = next((bound for bound in bounds if bound is not None), None)
    place[name] = int(wanted) if isinstance(wanted, float) and wanted.is_integer() else wanted


CHECKS = CheckKind(
    name="trained", settings=Trained, done=_trained, deed=_trained_done,
    tells="The person has trained a network since the step began, with at least this accuracy, or with less than "
          "``below`` where it shall fail.",
    example="trained: {task: echo, cell: gru, accuracy: 0.99, settings: {network.hidden: {most: 16}}}")
