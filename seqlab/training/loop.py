"""The training loop: forward, loss, backward, clip, update; nothing in it waits for the device."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqlab.data.batching import Batch
from seqlab.models.network import SequenceNetwork
from seqlab.tasks import Figures
from seqlab.training.compiler import leave_unloaded
from seqlab.training.config import OptimiserConfig, RunConfig
from seqlab.training.loss import loss_and_correct

# The fused kernels do the same arithmetic in one pass; per update they cost a third of the default on a CPU.
_FUSED = ("cpu", "cuda")


@dataclass
class Means:
    """Averages over the updates since the last publication; ``finite`` of them had finite numbers.

    ``clipped`` is the share of them whose gradient was longer than the limit, so that it was shortened.
    """

    updates: int
    finite: int
    loss: float
    grad_norm: float
    accuracy: float
    tokens: int
    clipped: float


@dataclass
class Learner:
    """Everything that changes while a network learns, and sums that stay on the device until they are published.

    ``carried`` is the state that the last batch left, where the next one goes on from it.
    """

    config: RunConfig
    device: torch.device
    network: SequenceNetwork
    optimiser: torch.optim.Optimizer
    generator: torch.Generator
    lr: float
    step: int = 0
    updates: int = 0
    tokens: int = 0
    carried: tuple[Tensor, ...] = ()
    sums: Tensor = field(init=False)

    def __post_init__(self) -> None:
        self.sums = torch.zeros(6, device=self.device)

    @property
    def rate(self) -> float:
        """Learning rate of the next update."""
        return self.lr * self.config.optimiser.factor(self.step, self.config.steps)

    def collect(self) -> Means:
        """Average what was summed since the last call; the only place that waits for the device."""
        loss, norm, right, scored, finite, clipped = self.sums.tolist()
        means = Means(self.updates, int(finite), loss / max(1, self.updates), norm / max(1, self.updates),
                      right / max(1.0, scored), self.tokens, clipped / max(1, self.updates))
        self.sums.zero_()
        self.updates = self.tokens = 0
        return means


def learner(config: RunConfig, device: torch.device) -> Learner:
    """Make a network, its optimiser and its stream of batches, all from the seed.

    Weights are drawn on the CPU, so that a run starts the same on every device.
    """
    torch.manual_seed(config.seed)
    network = SequenceNetwork(config.network, config.task_spec.dimensions(config.task_config)).to(device)
    generator = torch.Generator(device).manual_seed(config.seed)
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    return Learner(config, device, network, optimiser(config.optimiser, trained, device), generator,
                   config.optimiser.lr)


def optimiser(config: OptimiserConfig, weights: list[nn.Parameter], device: torch.device) -> torch.optim.Optimizer:
    """Make the optimiser a config asks for, with torch's defaults but for the learning rate."""
    leave_unloaded()
    if config.name == "rmsprop":
        return torch.optim.RMSprop(weights, lr=config.lr)
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}[config.name]
    made: torch.optim.Optimizer = kind(weights, lr=config.lr, fused=device.type in _FUSED)
    return made


def gradient_norm(weights: list[nn.Parameter], clip: float | None) -> Float[Tensor, ""]:
    """L2 norm of the whole gradient, before it is scaled down in place to ``clip`` (None: left as it is)."""
    if clip is None:
        return nn.utils.get_total_norm([weight.grad for weight in weights if weight.grad is not None])
    return nn.utils.clip_grad_norm_(weights, clip)


def updates(state: Learner) -> Iterator[int]:
    """Train to the last step of the config and say, after each update, how many there are."""
    config, clip = state.config, state.config.optimiser.clip
    draw, settings = config.task_spec.batch, config.task_config
    weights = [weight for weight in state.network.parameters() if weight.requires_grad]
    while state.step < config.steps:
        batch = draw(settings, config.batch, state.generator, state.step)
        read, after = state.network.read(batch.inputs, batch.condition, state.carried if batch.place else (),
                                         batch.lengths, batch.packed)
        state.carried = () if batch.place is None else tuple(part.detach() for part in after)
        loss, right = loss_and_correct(read, state.network.decoder, batch, config.reduction)
        state.optimiser.zero_grad()
        loss.backward()
        norm = gradient_norm(weights, clip)
        for group in state.optimiser.param_groups:
            group["lr"] = state.rate
        state.optimiser.step()
        state.step += 1
        _add(state, batch, right, loss.detach(), norm)
        yield state.step


def evaluate(state: Learner) -> Figures:
    """Measure a learner as it is on fresh data: other data at each step, the same for a run that was resumed."""
    generator = torch.Generator(state.device).manual_seed(state.config.seed * 1_000_003 + state.step)
    state.network.eval()
    try:
        with torch.inference_mode():
            return state.config.task_spec.evaluate(state.config.task_config, state.network, generator)
    finally:
        state.network.train()


def _add(state: Learner, batch: Batch, right: Tensor, loss: Tensor, norm: Tensor) -> None:
    # A network that once met a number that is not finite never leaves it, so this counts the updates before.
    finite = torch.isfinite(loss + norm)
    clipped = norm > (state.config.optimiser.clip or torch.inf)
    state.sums += torch.stack((loss, norm, right, batch.scored.sum(), finite, clipped))
    state.updates += 1
    state.tokens += batch.tokens
