"""The runs of the exercises: ordinary configs of the task ``text``, each with the name that a list of runs shows."""

from collections.abc import Callable, Mapping
from functools import partial

from seqlab.tasks import Settings
from seqlab.tasks.text_recipes import RECIPES
from seqlab.training.config import RunConfig

CHAPTER = RECIPES["chapter"].config


def changed(name: str, task: Mapping[str, object] | None = None, network: Mapping[str, object] | None = None,
            optimiser: Mapping[str, object] | None = None, **rest: object) -> Settings:
    """The chapter's config with some settings that differ, under a name."""
    return CHAPTER | {"name": name, "task": CHAPTER["task"] | (task or {}),
                      "network": CHAPTER["network"] | (network or {}),
                      "optimiser": CHAPTER["optimiser"] | (optimiser or {})} | rest


EMBEDDING = {"input": "embedding", "embedding": 28}  # as wide as the vocabulary, drawn from N(0, 1)
OURS = {"input": "embedding", "embedding": 32, "initialisation": "default", "bias": "two", "hidden": 64}
DRAWN = {"sampling": "replacement"}
RELU = {"model": "rnn_relu"}
LOUD = {"initialisation": "orthogonal"}  # a recurrent matrix that hands every state on at its full length
# How far back: the same number of characters a step, in short windows or long ones, with or without a carried state.
LENGTHS = (4, 16, 64)
CHARACTERS = 2048


def _looking_back(num_steps: int, carry: bool) -> Settings:
    state = "state carried on" if carry else "each window afresh"
    return changed(f"Exercise 2: windows of {num_steps}, {state}",
                   task=DRAWN | {"split": "position", "num_steps": num_steps, "carry": carry},
                   network=OURS, optimiser={"name": "adam", "lr": 0.005, "decay": "linear"},
                   batch=CHARACTERS // num_steps, steps=1000, evaluate_every=100)


RUNS: dict[str, Settings] = {
    "chapter": changed("The chapter's RNN"),
    **{f"{'carried' if carry else 'fresh'}-{length}": _looking_back(length, carry)
       for carry in (False, True) for length in LENGTHS},
    "tuned": changed("Exercise 4: tuned", task=DRAWN, network=OURS,
                     optimiser={"name": "adam", "lr": 0.004, "decay": "linear"}, batch=128, steps=400),
    "embedding": changed("Exercise 5: learned embedding", network=EMBEDDING),
    "free": changed("Exercise 9: no clipping", optimiser={"clip": None}),
    "steep": changed("Exercise 9: ten times the rate, clipped", optimiser={"lr": 10.0, "clip": 0.1}, steps=300),
    "steep-free": changed("Exercise 9: ten times the rate, no clipping", optimiser={"lr": 10.0, "clip": None},
                          steps=300),
    "relu": changed("Exercise 10: ReLU, clipped", network=RELU),
    "relu-free": changed("Exercise 10: ReLU, no clipping", network=RELU, optimiser={"clip": None}),
    # Evaluated at every step, so that the norm of every gradient is published.
    "relu-loud": changed("Exercise 10: ReLU from an orthogonal start, clipped", network=RELU | LOUD, steps=200,
                         evaluate_every=1),
    "relu-loud-free": changed("Exercise 10: ReLU from an orthogonal start, no clipping", network=RELU | LOUD, steps=200,
                              evaluate_every=1, optimiser={"clip": None}),
}


def configs(*keys: str) -> Callable[[], Mapping[str, RunConfig]]:
    """Give what makes the configs of some of the runs."""
    return partial(_configs, keys)


def _configs(keys: tuple[str, ...]) -> dict[str, RunConfig]:
    return {key: RunConfig(**RUNS[key]) for key in keys}
