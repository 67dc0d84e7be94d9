"""What a run is made from. Everything that enters, from a widget, a file or the command line, is checked here."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, field_validator, model_validator

from seqlab.reference.core import core_of
from seqlab.reference.loss import Reduction
from seqlab.tasks import Task, tasks
from seqlab.training.network_config import NetworkConfig, Section

__all__ = ["NetworkConfig", "OptimiserConfig", "RunConfig", "explain", "plain_name"]

Milestone = Annotated[int, Field(ge=1, le=10_000_000)]
MOST_ONE_HOT = 5000  # symbols, whose codes are a square of numbers


def _listed(value: object) -> object:
    """A number alone is a list of one."""
    return (value,) if isinstance(value, int) else value


class OptimiserConfig(Section):
    """The optimiser and its learning rate, which may warm up, and then decay."""

    name: Literal["adam", "adamw", "rmsprop", "sgd"] = "adam"
    """Rule that turns a gradient into a step: Adam and AdamW scale each weight's step by its recent gradients,
    RMSprop by their size alone, SGD not at all."""
    lr: Annotated[float, Field(gt=0, le=100)] = 0.003
    """Learning rate: how far each update goes along the gradient. Too large and the loss jumps or grows; too small
    and nothing seems to happen."""
    warmup: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Updates over which the learning rate rises from near 0 to its value; transformers need some."""
    decay: Literal["none", "linear", "steps"] = "none"
    """What the learning rate does then: it stays, falls in a straight line to 0 at the last step, or is multiplied
    by a factor after some updates."""
    milestones: Annotated[tuple[Milestone, ...], Field(max_length=20), BeforeValidator(_listed)] = ()
    """Updates after which the learning rate falls, separated by commas."""
    fall: Annotated[float, Field(gt=0, le=1)] = 0.1
    """Factor by which the learning rate is multiplied at each fall."""
    clip: Annotated[float, Field(gt=0, le=1e6)] | None = 0.5
    """Gradient clip: a gradient longer than this is shortened to this length. Off: a step may be as long as it
    likes, and a plain RNN may diverge."""

    def factor(self, step: int, steps: int) -> float:
        """Share of the learning rate in force at a step (0 … steps-1), in (0, 1]."""
        rise = min(1.0, (step + 1) / (self.warmup + 1))
        left = {"none": 1.0, "linear": max(0.0, 1.0 - step / steps),
                "steps": self.fall ** sum(step >= milestone for milestone in self.milestones)}
        return rise * left[self.decay]


class RunConfig(Section):
    """A whole run: task, network, optimiser, and how long."""

    name: Annotated[str, Field(max_length=80)] = ""
    """Name of the run, as lists show it."""
    task: dict[str, Any]
    """What the network learns, with the settings of that task."""
    network: NetworkConfig = NetworkConfig()
    """What the network is made of."""
    optimiser: OptimiserConfig = OptimiserConfig()
    """How its weights move."""
    batch: Annotated[int, Field(ge=1, le=65536)] = 64
    """Sequences that one update learns from together: more of them give a steadier gradient and take longer."""
    steps: Annotated[int, Field(ge=1, le=10_000_000)] = 1000
    """Updates of the weights in all; each looks at one batch."""
    stop_at: Annotated[float, Field(gt=0, le=1)] | None = None
    """Accuracy on fresh data, as a share, at which the training ends early; without it all steps are done."""
    reduction: Reduction = "mean"
    """What the loss is a mean over: the positions that count; or all positions, those that do not count taking part
    as zeros; or no mean but the sum of each sequence."""
    evaluate_every: Annotated[int, Field(ge=1, le=10_000_000)] = 200
    """Updates between two evaluations on fresh data."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """Where random numbers start: the same seed makes the same network again. A field left empty draws a new one for
    each run, which its page names."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where it computes; automatic takes the fastest that the workers have."""

    @field_validator("task")
    @classmethod
    def _known_task(cls, values: dict[str, Any]) -> dict[str, Any]:
        name = values.get("name")
        if not isinstance(name, str) or name not in tasks():
            raise ValueError(f"must be one of {', '.join(tasks())}")
        config: BaseModel = tasks()[name].config(**{k: v for k, v in values.items() if k != "name"})
        return config.model_dump() | {"name": name}

    @model_validator(mode="after")
    def _network_fits_task(self) -> "RunConfig":
        sizes = self.task_spec.dimensions(self.task_config)
        memory = sizes.memory
        if self.network.readout == "state" and self.network.hidden != sizes.classes:
            raise ValueError(f"where the hidden state is the logits it needs {sizes.classes} units, one for each "
                             f"symbol, not {self.network.hidden}")
        if self.network.input == "one-hot" and sizes.symbols > MOST_ONE_HOT:
            raise ValueError(f"one-hot codes of {sizes.symbols:,} symbols would need as many numbers each; take an "
                             "embedding")
        if self.network.initialisation == "delay-line" and self.network.hidden <= memory:
            raise ValueError(f"a delay line over {memory} steps needs more than {memory} hidden units, "
                             f"not {self.network.hidden}")
        if self.network.tied and sizes.symbols != sizes.classes:
            raise ValueError(f"a decoder that is tied to the embedding gives one logit for each of the {sizes.symbols} "
                             f"symbols, and this task has {sizes.classes} classes")
        width = sizes.width(self.network.embedding if self.network.input == "embedding" else None)
        if self.network.entry == "none" and width != self.network.hidden:
            raise ValueError(f"without an input layer the code is the hidden state, so it needs {self.network.hidden} "
                             f"numbers, one for each unit, not {width}")
        core = core_of(self.network)
        if self.task_spec.next_symbol(self.task_config) and core.sees == "all":
            raise ValueError(f"the model {core.label} sees what follows, so predicting it would teach it nothing; "
                             "take one that only looks back")
        if sizes.carry and not core.state:
            raise ValueError(f"the model {core.label} has no state to carry from one batch to the next; take a "
                             "recurrent model, or do not carry it")
        if sizes.packed and not core.packs:
            raise ValueError(f"for the model {core.label} the sequences of a batch cannot be packed; take padding with "
                             "a mask, or another model")
        reach = self.network.reach
        if reach is not None and reach < sizes.longest:
            raise ValueError(f"learned positions that reach {reach} steps are too few for this task, "
                             f"whose sequences have up to {sizes.longest}")
        return self

    @property
    def task_spec(self) -> Task[Any]:
        """The task's part of the registry."""
        return tasks()[self.task["name"]]

    @property
    def has_data(self) -> bool:
        """Whether its task has data to train on."""
        return self.task_spec.has_data(self.task_config)

    @property
    def task_config(self) -> Any:
        """The task's own settings, as its class of config."""
        return self.task_spec.config(**{k: v for k, v in self.task.items() if k != "name"})

# What pydantic reports, in words for a person; braces are filled from its own account of the limit.
_PLAIN = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a finite number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "literal_error": "must be {expected}",
    "missing": "is missing",
    "extra_forbidden": "is not a known setting",
    "tuple_type": "must be a list",
    "too_long": "must have at most {max_length} entries",
    "dict_type": "must be a group of named settings",
    "model_type": "must be a group of named settings",
}

_NAMES = {
    "activation": "activation function", "batch": "batch size", "bias": "number of biases of a layer",
    "carry": "carried state", "clip": "gradient clip", "context": "reach of learned positions",
    "condition_first": "place of the condition's code", "decay": "way the learning rate falls",
    "decoder_bias": "bias of the logits", "embedding": "embedding size", "entry": "input layer",
    "evaluate_every": "number of steps between evaluations",
    "fall": "factor by which the learning rate falls", "feed_forward": "width of the feed-forward network",
    "final_norm": "last normalisation", "heads": "number of heads", "hidden": "hidden size",
    "initialisation": "way the weights start", "input": "input form", "layers": "number of layers",
    "lr": "learning rate", "milestones": "step at which the learning rate falls", "network model": "model",
    "norm": "place of the normalisation",
    "optimiser name": "optimiser",
    "positions": "form of the positions", "reduction": "form of the loss", "steps": "number of steps",
    "stop_at": "accuracy to stop at", "warmup": "warm-up of the learning rate",
    "task corpus": "text", "task letters": "alphabet", "task longest": "longest sentence",
    "task num_steps": "number of characters a window", "task preparation": "preparation of the text",
    "task sampling": "way that batches are drawn", "task split": "split",
    "task delay": "delay", "task endings": "practice of endings",
    "task form": "form of the task", "task length": "length of a sequence", "task loaders": "number of loader workers",
    "task strings": "number of strings an epoch",
    "task keep": "part that is kept of a long review", "task words": "number of words",
    "pooling": "form of the pooling", "tied": "tying of the decoder", "spread": "spread of the embedding",
    "dropout": "dropout", "task by": "bound of a batch", "task alike": "similar lengths together",
    "task curriculum": "short sequences first", "task padding": "treatment of padding",
    "task level": "cut of a grammar's strings", "task prompt": "seed sequence of the samples",
    "task seed": "seed of the strings",
    "task loss_on": "part that the loss counts", "task target": "word to say", "task word": "word",
}


def explain(error: ValidationError) -> str:
    """Say in one plain sentence the first thing wrong with a config: which setting, what it must be, what was given."""
    first = error.errors()[0]
    limits = {key: int(value) if isinstance(value, float) and value.is_integer() else value
              for key, value in first.get("ctx", {}).items()}
    message = first["msg"].removeprefix("Value error, ")
    reason = _PLAIN[first["type"]].format(**limits) if first["type"] in _PLAIN else message
    if message is reason and not reason.startswith("must "):  # a rule between settings says itself which they are
        return f"{reason[0].upper()}{reason[1:]}."
    given = first.get("input")
    short = isinstance(given, int | float | str) and len(repr(given)) < 40
    shown = f", not {given!r}" if short and reason.startswith("must be") else ""
    return f"{_setting(first['loc'])} {reason}{shown}."


def _setting(place: tuple[int | str, ...]) -> str:
    return f"The {plain_name('.'.join(str(part) for part in place)) or 'config'}"


def plain_name(path: str) -> str:
    """Name a setting for people by its path: ``optimiser.lr`` is the learning rate."""
    words = path.replace(".", " ")
    return _NAMES.get(words) or _NAMES.get(words.rpartition(" ")[2]) or words.replace("_", " ")[:60]
