"""Which recipes have bands: with how many runs and how long each is measured, and why some have none."""

from collections.abc import Mapping
from dataclasses import dataclass

from seqlab.tasks import DERIVED
from seqlab.training.bands import kin
from seqlab.training.config import RunConfig


@dataclass(frozen=True)
class Effort:
    """How many seeds and updates: of sound runs, and of those with each cause."""

    seeds: int
    steps: int
    tried_seeds: int
    tried_steps: int


# Seconds of a core for the first, some five minutes for the last. Of a long recipe the first steps are measured.
EFFORTS: Mapping[str, Effort] = {
    "hello/state": Effort(32, 15, 16, 15),
    "hello/rnn": Effort(32, 15, 16, 15),
    "hello/embedding": Effort(32, 15, 16, 15),
    "hello/lstm": Effort(32, 15, 16, 15),
    "hello/gru": Effort(32, 15, 16, 15),
    "echo/fixed": Effort(16, 156, 8, 156),
    "echo/fast": Effort(16, 300, 8, 300),
    "sentiment/fast-mlp": Effort(8, 300, 3, 300),
    "sentiment/fast": Effort(8, 300, 3, 300),
    "grammar/quick": Effort(8, 200, 3, 200),
    "grammar/ndfa": Effort(8, 150, 3, 150),
    "grammar/brackets": Effort(8, 150, 3, 150),
    "grammar/words": Effort(8, 150, 3, 150),
    "echo/fixed-plain": Effort(8, 156, 3, 156),
    "echo/transformer": Effort(8, 120, 3, 120),
    "echo/plain": Effort(8, 200, 3, 200),
    "grammar/dyck": Effort(8, 150, 3, 150),
    "grammar/toy": Effort(8, 100, 3, 100),
    "text/python": Effort(8, 60, 3, 60),
    "sentences/fast": Effort(8, 40, 3, 40),
}
_SLOW = "No band is drawn: the first 100 steps of the runs that one needs would take a core over half an hour."
_DATA = "No band is drawn: the reviews of this recipe do not come with seqlab."
_BOOK = "No band is drawn: the text of this recipe does not come with seqlab."
UNMEASURED: Mapping[str, str] = {
    "sentences/published": _SLOW,  # 8 sound runs and 18 of six causes, at 0.8 s a step
    **dict.fromkeys(("text/fast", "text/long", "text/transformer", "text/words", "text/pieces", "text/chapter"), _BOOK),
    **dict.fromkeys(("text/imdb", "sentiment/mlp", "sentiment/elman", "sentiment/rnn", "sentiment/gru",
                     "sentiment/lstm", "sentiment/encoder", "sentiment/published-mlp", "sentiment/published-elman",
                     "sentiment/published-rnn", "sentiment/published-lstm"), _DATA),
}


def why_unmeasured(config: RunConfig) -> str:
    """Say in one sentence why the recipe of a run has no bands; an empty text for a run of none of those."""
    own = f"{config.task['name']}/"
    return next((why for recipe, why in UNMEASURED.items() if recipe.startswith(own) and _of(config, recipe)), "")


def _of(config: RunConfig, recipe: str) -> bool:
    """Whether a run is of a recipe; what a recipe leaves to its text is taken from the run, so no text is opened."""
    usual = config.task_spec.recipes[recipe.partition("/")[2]].config
    if any(config.task.get(name) != value for name, value in usual["task"].items()):
        return False
    fields = config.task_spec.config.model_fields
    if any(getattr(config.task_config, name) != field.get_default(call_default_factory=True)
           for name, field in fields.items() if name not in DERIVED.keys() | usual["task"].keys()):
        return False
    derived = {name: value for name, value in config.task.items() if name in DERIVED}
    return kin(RunConfig(**usual | {"task": derived | usual["task"]})) == kin(config)
