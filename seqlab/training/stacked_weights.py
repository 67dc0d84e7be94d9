"""Weights and optimisers of several learners as one matrix, model × weight, of which each learner's own are views.

So an update is a few operations over the matrix, and whoever looks at a learner's network or optimiser, to evaluate it
or to write a snapshot, finds them as they are, and nothing is copied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from seqlab.training.loop import Learner

Matrix = Float[Tensor, "model weight"]
BETA1, BETA2, ALPHA, EPS, DECAY = 0.9, 0.999, 0.99, 1e-8, 0.01  # torch's defaults


@runtime_checkable
class Update(Protocol):
    """The arithmetic of an optimiser, over all weights of all models."""

    def __call__(self, weights: Matrix, gradient: Matrix, state: Mapping[str, Matrix], counts: Sequence[float],
                 rates: Sequence[float]) -> None:
        """Change weights and state in place; ``counts`` are the updates of each model, this one among them."""
        ...


@dataclass(frozen=True)
class Rule:
    """An optimiser: the names of what it remembers of each weight, as torch has them, and its arithmetic."""

    remembers: tuple[str, ...]
    update: Update


def _column(values: Sequence[float], like: Tensor) -> Tensor:
    return torch.tensor(values, dtype=like.dtype, device=like.device)[:, None]


def _adam(weights: Matrix, gradient: Matrix, state: Mapping[str, Matrix], counts: Sequence[float],
          rates: Sequence[float]) -> None:
    first, second = state["exp_avg"].lerp_(gradient, 1 - BETA1), state["exp_avg_sq"]
    second.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
    roots = _column([(1 - BETA2 ** count) ** 0.5 for count in counts], weights)
    steps = _column([rate / (1 - BETA1 ** count) for rate, count in zip(rates, counts, strict=True)], weights)
    weights.addcdiv_(first * steps, second.sqrt().div_(roots).add_(EPS), value=-1)


def _adamw(weights: Matrix, gradient: Matrix, state: Mapping[str, Matrix], counts: Sequence[float],
           rates: Sequence[float]) -> None:
    weights.mul_(_column([1 - rate * DECAY for rate in rates], weights))
    _adam(weights, gradient, state, counts, rates)


def _rmsprop(weights: Matrix, gradient: Matrix, state: Mapping[str, Matrix], counts: Sequence[float],
             rates: Sequence[float]) -> None:
    square = state["square_avg"].mul_(ALPHA).addcmul_(gradient, gradient, value=1 - ALPHA)
    weights.addcdiv_(gradient * _column(rates, weights), square.sqrt().add_(EPS), value=-1)


def _sgd(weights: Matrix, gradient: Matrix, state: Mapping[str, Matrix], counts: Sequence[float],
         rates: Sequence[float]) -> None:
    weights.addcmul_(gradient, _column(rates, weights), value=-1)


ADAM = ("exp_avg", "exp_avg_sq")
RULES: Mapping[str, Rule] = {"adam": Rule(ADAM, _adam), "adamw": Rule(ADAM, _adamw),
                             "rmsprop": Rule(("square_avg",), _rmsprop), "sgd": Rule((), _sgd)}


@dataclass
class StackedWeights:
    """The weights of learners of one shape by name, ``model …``; those that are trained are leaves of the graph."""

    learners: Sequence[Learner]
    named: dict[str, Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = dict(self.learners[0].network.named_parameters())
        each = [dict(learner.network.named_parameters()) for learner in self.learners]
        trained = [name for name, weight in first.items() if weight.requires_grad]
        self.rule = RULES[self.learners[0].config.optimiser.name]
        self.values = self._matrix([[own[name].detach() for name in trained] for own in each])
        self._take_optimisers([[own[name] for name in trained] for own in each])
        for name, values in zip(trained, self._cut(self.values), strict=True):
            leaf = self.named[name] = values.view(len(each), *first[name].shape).detach().requires_grad_(True)
            for place, own in enumerate(each):
                own[name].data, own[name].grad = leaf.detach()[place], None
        self._leaves = list(self.named.values())
        self.named |= {name: torch.stack([own[name].detach() for own in each]) for name in first
                       if name not in self.named}

    def _matrix(self, rows: Sequence[Sequence[Tensor]]) -> Matrix:
        self._sizes = [part.numel() for part in rows[0]]
        return torch.stack([torch.cat([part.reshape(-1) for part in row]) for row in rows])

    def _cut(self, matrix: Matrix) -> tuple[Tensor, ...]:
        parts: tuple[Tensor, ...] = matrix.split(self._sizes, 1)
        return parts

    def _take_optimisers(self, weights: Sequence[Sequence[Tensor]]) -> None:
        """Lay out what the optimisers remember, and give it back to them as views."""
        states = [[learner.optimiser.state[weight] for weight in own]
                  for learner, own in zip(self.learners, weights, strict=True)]
        self.counts = [float(own[0].get("step", 0.0)) for own in states]
        self.remembered = {key: self._matrix([[now.get(key, torch.zeros_like(weight)) for now, weight in
                                               zip(state, own, strict=True)]
                                              for state, own in zip(states, weights, strict=True)])
                           for key in self.rule.remembers}
        # One count for each weight, as torch has it: a learner that leaves goes on with it.
        counts = torch.tensor(self.counts, device=self.values.device)[:, None].repeat(1, len(self._sizes))
        self._counted = counts if self.rule.remembers else None
        for key, matrix in self.remembered.items():
            for part, at in zip(self._cut(matrix), range(len(self._sizes)), strict=True):
                for place, state in enumerate(states):
                    state[at] |= {"step": counts[place, at], key: part[place].view_as(weights[place][at])}

    def update(self, clips: Sequence[float | None], rates: Sequence[float]) -> Float[Tensor, " model"]:
        """Clip each model's gradient, take a step and forget the gradients; returns their norms before that."""
        gradient = self._matrix_of_gradients()
        norms: Tensor = torch.linalg.vector_norm(gradient, dim=1)
        if any(clip is not None for clip in clips):
            most = torch.tensor([torch.inf if clip is None else clip for clip in clips], dtype=norms.dtype,
                                device=norms.device)
            gradient.mul_((most / (norms + 1e-6)).clamp(max=1.0)[:, None])
        self.counts = [count + 1 for count in self.counts]
        if self._counted is not None:
            self._counted.add_(1)
        self.rule.update(self.values, gradient, self.remembered, self.counts, rates)
        return norms

    def _matrix_of_gradients(self) -> Matrix:
        parts = [torch.zeros_like(leaf) if leaf.grad is None else leaf.grad for leaf in self._leaves]
        for leaf in self._leaves:
            leaf.grad = None
        return torch.cat([part.reshape(len(part), -1) for part in parts], 1)
