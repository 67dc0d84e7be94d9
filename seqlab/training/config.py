"""What a run is made from. Everything that enters, from a widget, a file or the command line, is checked here."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from seqlab.reference.cells import cells
from seqlab.tasks import Task, tasks


class Section(BaseModel):
    """A part of a config: immutable, no unknown fields, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class NetworkConfig(Section):
    """The network: cell, size, input form and how its weights start."""

    cell: str = "gru"
    hidden: Annotated[int, Field(ge=1, le=2048)] = 128
    layers: Annotated[int, Field(ge=1, le=8)] = 1
    input: Literal["one-hot", "embedding"] = "embedding"
    embedding: Annotated[int, Field(ge=1, le=1024)] = 64
    initialisation: Literal["default", "orthogonal", "delay-line"] = "default"

    @field_validator("cell")
    @classmethod
    def _known_cell(cls, name: str) -> str:
        if name not in cells():
            raise ValueError(f"unknown model {name!r}; known are {', '.join(cells())}")
        return name


class OptimiserConfig(Section):
    """The optimiser and its learning rate, which may warm up over ``warmup`` steps and decay to 0 at the last step."""

    name: Literal["adam", "adamw", "rmsprop", "sgd"] = "adam"
    lr: Annotated[float, Field(gt=0, le=100)] = 0.003
    warmup: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    decay: Literal["none", "linear"] = "none"
    clip: Annotated[float, Field(gt=0, le=1e6)] | None = 0.5

    def factor(self, step: int, steps: int) -> float:
        """Share of the learning rate in force at a step (0 … steps-1), in (0, 1]."""
        rise = min(1.0, (step + 1) / (self.warmup + 1))
        return rise * (1.0 if self.decay == "none" else max(0.0, 1.0 - step / steps))


class RunConfig(Section):
    """A whole run: task, network, optimiser, and how long."""

    name: Annotated[str, Field(max_length=80)] = ""
    task: dict[str, Any]
    network: NetworkConfig = NetworkConfig()
    optimiser: OptimiserConfig = OptimiserConfig()
    batch: Annotated[int, Field(ge=1, le=65536)] = 64
    steps: Annotated[int, Field(ge=1, le=10_000_000)] = 1000
    stop_at: Annotated[float, Field(gt=0, le=1)] | None = None
    evaluate_every: Annotated[int, Field(ge=1, le=10_000_000)] = 100
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"

    @field_validator("task")
    @classmethod
    def _known_task(cls, values: dict[str, Any]) -> dict[str, Any]:
        name = values.get("name")
        if name not in tasks():
            raise ValueError(f"unknown task {name!r}; known are {', '.join(tasks())}")
        return tasks()[name].config(**{k: v for k, v in values.items() if k != "name"}).model_dump() | {"name": name}

    @property
    def task_spec(self) -> Task:
        """The task's part of the registry."""
        return tasks()[self.task["name"]]

    @property
    def task_config(self) -> Any:
        """The task's own settings, as its class of config."""
        return self.task_spec.config(**{k: v for k, v in self.task.items() if k != "name"})


def explain(error: ValidationError) -> str:
    """Say in one plain sentence what is wrong with a config: which field, what was given, what it must be."""
    first = error.errors()[0]
    field = " ".join(str(part) for part in first["loc"]).replace("_", " ") or "config"
    reason = first["msg"].removeprefix("Value error, ")
    given = first.get("input")
    shown = f" (got {given!r})" if isinstance(given, (int, float, str)) and len(repr(given)) < 40 else ""
    return f"{field.capitalize()}: {reason[0].lower()}{reason[1:]}{shown}."
