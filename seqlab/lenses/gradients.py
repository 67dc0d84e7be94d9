"""Torch's own gradients of a trained run, and the training step that its own loop makes of them."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqlab.data.batching import Batch
from seqlab.errors import Fault
from seqlab.lenses import opened
from seqlab.models.network import SequenceNetwork
from seqlab.models.pooling import over_time
from seqlab.reference.core import core_of
from seqlab.reference.loss import Reduction
from seqlab.training.answers import TrainingStep
from seqlab.training.config import NetworkConfig, OptimiserConfig
from seqlab.training.loop import gradient_norm, optimiser
from seqlab.training.loss import weighted_loss
from seqlab.training.run import Run


def step(path: str, step: int, ids: Int[np.ndarray, "batch time"], targets: Int[np.ndarray, "batch time"],
         weight: Float[np.ndarray, "batch time"], condition: Int[np.ndarray, " batch"] | None,
         settings: Mapping[str, float | str | None]) -> TrainingStep:
    """Differentiate a snapshot's loss on one batch, and train one step on it, with an optimiser that starts afresh.

    ``settings`` are those of ``OptimiserConfig``. Returns in float64 ``loss``, the ``norm`` of the whole gradient, and
    by name the gradients of the ``weights`` that are trained, the ``updated`` weights, and dL/d of every quantity of
    the pass, ``trace``. Raises Fault when the snapshot cannot be read.
    """
    config, chosen = Run(Path(path)).config, OptimiserConfig.model_validate(settings)
    network = trainable(opened.network(path, step, "float64"), config.network)
    batch = as_batch(ids, targets, weight, condition)
    trace = quantities(network, batch, config.reduction)
    loss = weighted_loss(network.everywhere(batch.inputs, batch.condition), batch, config.reduction)
    loss.backward()
    weights = {name: part for name, part in network.named_parameters() if part.requires_grad}
    gradients = {name: _array(part.grad) for name, part in weights.items()}
    norm = gradient_norm(list(weights.values()), chosen.clip)
    optimiser(chosen, list(weights.values()), torch.device("cpu")).step()
    return {"loss": loss.item(), "norm": norm.item(), "weights": gradients, "trace": trace,
            "updated": {name: _array(part) for name, part in weights.items()}}


def trainable(network: SequenceNetwork, config: NetworkConfig) -> SequenceNetwork:
    """Copy a network whose weights can be trained, but for those that are fixed."""
    copy = deepcopy(network)
    copy.set_trainable(config)
    return copy


def as_batch(ids: np.ndarray, targets: np.ndarray, weight: np.ndarray, condition: np.ndarray | None) -> Batch:
    """Make a batch of arrays, every position scored."""
    inputs, right, counts = (torch.from_numpy(np.array(part)) for part in (ids, targets, weight))
    given = None if condition is None else torch.from_numpy(np.array(condition))
    return Batch(inputs, right, counts, torch.ones_like(counts), given)


def quantities(network: SequenceNetwork, batch: Batch, reduction: Reduction) -> dict[str, np.ndarray]:
    """Total derivative dL/d of the quantities of a pass, under the reference's names, by autograd.

    A fused recurrent module hides the states of its single steps, so it is run one step after another (``Model.step``),
    and autograd is asked for every h_t (and c_t) by itself. What torch's pass does not lead through is left out.
    Raises Fault for a model with a state that says it has no such pass.
    """
    x = network.encoder(batch.inputs, batch.condition).detach().requires_grad_()
    states = step_by_step(network, x)
    whole = {"x": x} if states else {"x": x, **network.model.trace(network.core, x)}
    top = torch.stack(list(states[list(states)[-1]]), 1) if states else whole[list(whole)[-1]]
    if network.pooling != "none":
        whole["pooled"] = top = over_time(top, network.pooling)
    whole["logits"] = network.decoder(top)
    loss = weighted_loss(whole["logits"], batch, reduction)
    asked: dict[str, Sequence[Tensor]] = {name: [part] for name, part in whole.items()} | dict(states)
    answers = iter(torch.autograd.grad(loss, [part for parts in asked.values() for part in parts], allow_unused=True))
    gradients = {name: [next(answers) for _ in parts] for name, parts in asked.items()}
    return {name: _array(torch.stack(parts, 1) if name in states else parts[0])
            for name, parts in gradients.items() if parts[0] is not None}


def step_by_step(network: SequenceNetwork, x: Float[Tensor, "batch time input"]) -> Mapping[str, Sequence[Tensor]]:
    """Run the core one step after another: each state of each layer, one tensor for each time; none of a stateless one.

    Raises Fault for a core with a state whose model says that it has no such pass.
    """
    step, core = network.model.step, core_of(network.config)
    if step is None and core.state:
        raise Fault(f"{core.label} cannot be run one step after another, so its states have no gradients to show.")
    return {} if step is None else step(network.core, x)


def _array(tensor: Tensor | None) -> np.ndarray:
    assert tensor is not None
    return tensor.detach().numpy().copy()
