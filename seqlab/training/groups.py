"""Which runs can train together in one program, and which had better; it imports no torch."""

from collections.abc import Sequence

from seqlab.errors import Fault
from seqlab.reference.core import core_of
from seqlab.training.config import RunConfig

# Settings in which the runs of a group may differ: none of them changes the shape of a weight or of a batch, or the
# arithmetic that a whole group shares.
OWN = {"name", "seed", "steps", "stop_at", "evaluate_every"}
OWN_NETWORK = {"initialisation", "spread"}
MOST = 16  # runs of a group
MOST_UNITS, MOST_UNITS_ATTENTION, MOST_UNITS_GPU = 64, 32, 512


def refusal(config: RunConfig) -> str:
    """Say in one plain sentence why a run cannot train together with others; an empty text where it can."""
    core, sizes = core_of(config.network), config.task_spec.dimensions(config.task_config)
    if not core.stacks:
        return f"The model {core.label} has no pass of many networks at once; train such runs one by one."
    if config.network.dropout:
        return "Dropout draws its mask for one network at a time; train runs with dropout one by one."
    if sizes.whole:
        return "Texts with one answer have lengths of their own; train runs that read them one by one."
    return ""


def shape(config: RunConfig) -> tuple[object, ...]:
    """What runs must have in common to train together."""
    sizes = config.task_spec.dimensions(config.task_config)
    fixed = tuple(sorted(config.network.model_dump(exclude=OWN_NETWORK).items(), key=lambda item: item[0]))
    return (config.task["name"], sizes.symbols, sizes.classes, sizes.conditions, sizes.carry, config.batch,
            config.reduction, config.device, config.optimiser.name, fixed)


def require(configs: Sequence[RunConfig]) -> None:
    """Raise Fault unless these runs can train together."""
    for config in configs:
        why = refusal(config)
        if why:
            raise Fault(why)
    if len({shape(config) for config in configs}) != 1:
        raise Fault("Only runs of one shape train together: the same task, network, batch size and optimiser; they "
                    "may differ in seed, learning rate, clip, and in how long they train.")


def worth(config: RunConfig, device: str) -> bool:
    """Whether runs like this one train sooner together, as far as that was measured (tests/benchmarks/batched.py).

    On a CPU small ones do, for which calling an operation costs more than what it computes: 16 GRUs of 16 units with
    batches of 16 take less than a third of the time, of 64 with 64 two thirds; transformers stop to gain sooner. Where
    sequences have lengths of their own, all runs of a group are filled up to the longest of any: on a CPU, four to
    sixteen runs of the grammar take 1.5 to 3 times as long as one by one. On a GPU nearly all do.
    """
    if refusal(config) or (device == "cpu" and config.task_spec.dimensions(config.task_config).ragged):
        return False
    most = MOST_UNITS_GPU if device != "cpu" else MOST_UNITS_ATTENTION if core_of(config.network).heads else MOST_UNITS
    return config.network.hidden <= most and (device != "cpu" or config.network.hidden * config.batch <= most**2)


def lot(configs: Sequence[RunConfig], trainers: int, device: str) -> list[int]:
    """Places of those configs that had better train together with the first, itself among them.

    They are shared out evenly among ``trainers``, at most ``MOST`` each.
    """
    if not worth(configs[0], device):
        return [0]
    own = shape(configs[0])
    alike = [place for place, config in enumerate(configs) if shape(config) == own]
    return alike[:min(MOST, -(-len(alike) // trainers))]
