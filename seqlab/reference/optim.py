"""What a training step does with a gradient: clip it, and move the weights. Pure functions: state in, state out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from seqlab.reference.weights import Weights

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Memory:
    """What an optimiser keeps from step to step: their number, and running means of g (``first``) and g² (``second``).

    A fresh one is empty. With momentum, SGD keeps its velocity in ``first``.
    """

    steps: int = 0
    first: Mapping[str, np.ndarray] = field(default_factory=dict)
    second: Mapping[str, np.ndarray] = field(default_factory=dict)


Optimiser = Callable[..., tuple[Arrays, Memory]]


def clip(gradients: Weights, limit: float) -> tuple[Arrays, float]:
    """Scale the whole gradient down to a length of ``limit`` where it is longer; returns it and its length before.

    norm = √(Σ g²) over all numbers of all weights
    g ← g · min(1, limit / (norm + 1e-6))

    Agrees with ``torch.nn.utils.clip_grad_norm_`` (tests/reference/test_optim.py).
    Source: Pascanu et al. 2013, "On the difficulty of training recurrent neural networks".
    """
    norm = float(np.sqrt(sum(float((g * g).sum()) for g in gradients.values())))
    factor = min(1.0, limit / (norm + 1e-6))
    return {name: g * g.dtype.type(factor) for name, g in gradients.items()}, norm


def sgd(weights: Weights, gradients: Weights, memory: Memory, lr: float, momentum: float = 0.0,
        weight_decay: float = 0.0) -> tuple[Arrays, Memory]:
    """Go against the gradient; with momentum, against a velocity that remembers the gradients before.

    g ← g + weight_decay · w
    v ← momentum · v + g, in the first step v ← g
    w ← w - lr · v

    Weights without a gradient stay as they are. Agrees with ``torch.optim.SGD`` (tests/reference/test_optim.py).
    """
    velocity, moved = {}, dict(weights)
    for name, g in gradients.items():
        v = g + weight_decay * weights[name]
        if name in memory.first:
            v = momentum * memory.first[name] + v
        velocity[name], moved[name] = v, weights[name] - lr * v
    return moved, Memory(memory.steps + 1, velocity)


def adam(weights: Weights, gradients: Weights, memory: Memory, lr: float, betas: tuple[float, float] = (0.9, 0.999),
         epsilon: float = 1e-8, weight_decay: float = 0.0) -> tuple[Arrays, Memory]:
    """Go against the mean gradient, each number at its own pace: divided by the size that its gradient usually has.

    g ← g + weight_decay · w
    m ← β₁ m + (1 - β₁) g             v ← β₂ v + (1 - β₂) g²
    w ← w - lr · m̂ / (√v̂ + ε),        m̂ = m / (1 - β₁ᵏ), v̂ = v / (1 - β₂ᵏ) in the k-th step

    Weights without a gradient stay as they are. Agrees with ``torch.optim.Adam`` (tests/reference/test_optim.py).
    Source: Kingma and Ba 2015, algorithm 1.
    """
    step, first, second, moved = memory.steps + 1, {}, {}, dict(weights)
    for name, gradient in gradients.items():
        g = gradient + weight_decay * weights[name]
        m = betas[0] * memory.first.get(name, np.zeros_like(g)) + (1 - betas[0]) * g
        v = betas[1] * memory.second.get(name, np.zeros_like(g)) + (1 - betas[1]) * g * g
        unbiased, size = m / (1 - betas[0] ** step), np.sqrt(v / (1 - betas[1] ** step))
        first[name], second[name] = m, v
        moved[name] = weights[name] - lr * unbiased / (size + epsilon)
    return moved, Memory(step, first, second)


def adamw(weights: Weights, gradients: Weights, memory: Memory, lr: float, betas: tuple[float, float] = (0.9, 0.999),
          epsilon: float = 1e-8, weight_decay: float = 0.01) -> tuple[Arrays, Memory]:
    """Shrink the weights a little, then do as Adam does without weight decay: w ← w - lr · weight_decay · w.

    Agrees with ``torch.optim.AdamW`` (tests/reference/test_optim.py). Source: Loshchilov and Hutter 2019.
    """
    shrunk = {name: w * (1 - lr * weight_decay) if name in gradients else w for name, w in weights.items()}
    return adam(shrunk, gradients, memory, lr, betas, epsilon)


OPTIMISERS: Mapping[str, Optimiser] = {"sgd": sgd, "adam": adam, "adamw": adamw}
