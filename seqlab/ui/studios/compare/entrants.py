"""Who takes part in a race: several models that learn to echo from the same data, all from one seed."""

import re
import secrets
from collections.abc import Sequence

from seqlab.files import slug
from seqlab.reference.core import Core, cores
from seqlab.tasks.echo import evaluation_lengths, shipped
from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.ui.runs.forms import checked
from seqlab.ui.shell import acting
from seqlab.ui.shell.services import library

USUAL = tuple(dict.fromkeys(config["network"]["model"] for config in shipped().values()))  # those that stand ready
DELAY, FURTHEST = 8, 16
STEPS, EVALUATE = 800, 25
LONGEST_WORD = 14  # letters; with the delay not more than any string of the training
SEED = 1
DELAY_LINE = "delay-line"
_ID = re.compile(r"race-([0-9a-f]{6})-[\w-]+")


def offered() -> dict[str, Core]:
    """The models that can take part, in the usual order: those that see what was before."""
    able = {name: core for name, core in cores().items() if core.sees == "past"}
    first = {name: able[name] for name in USUAL if name in able}
    return first | able


def start(models: Sequence[str], delay: int) -> str:
    """Start a race; returns the name by which it is found again. Raises Fault where one of them cannot be."""
    configs = {model: config_of(model, delay) for model in models}
    name = secrets.token_hex(3)
    acting.start_all([(config, f"Race, {offered()[model].label}, delay {delay}", f"race-{name}-{slug(model)}")
                      for model, config in configs.items()])
    return name


def races() -> dict[str, list[Run]]:
    """The runs of each race that is there still, the newest race first, by name; runs in the order of the models."""
    order = list(offered())
    known: dict[str, list[Run]] = {}
    for run in library().runs():
        if match := _ID.fullmatch(run.id):
            known.setdefault(match[1], []).append(run)
    for runs in known.values():
        runs.sort(key=lambda run: order.index(model) if (model := run.config.network.model) in order else len(order))
    return known


def config_of(model: str, delay: int) -> RunConfig:
    """Make the config of one of them, as in the recipes of its kind; raises Fault for one that cannot be.

    A model with a state starts as a delay line where it can; one without looks back through two blocks, and warms up.
    """
    core = offered()[model]
    if core.state:
        network: dict[str, object] = {"model": model, "hidden": 128, "embedding": 32}
        network |= {"initialisation": DELAY_LINE} if DELAY_LINE in core.initialisations else {}
        optimiser: dict[str, object] = {"lr": 0.003, "clip": 1.0, "decay": "linear"}
    else:
        network = {"model": model, "hidden": 48, "layers": 2, "heads": 4, "embedding": 32}
        optimiser = {"lr": 0.003, "clip": 1.0, "warmup": 50, "decay": "linear"}
    return checked({
        "task": {"name": "echo", "form": "fixed", "delay": delay, "length": max(evaluation_lengths(delay)),
                 "endings": True},
        "network": network, "optimiser": optimiser, "batch": 32, "steps": STEPS, "stop_at": 0.99,
        "evaluate_every": EVALUATE, "seed": SEED})
