"""What a file is proposed to be opened as: which tensor is what, what is asked, what network results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic import ValidationError

from seqlab.adopt import ends as around
from seqlab.adopt import purpose
from seqlab.adopt.ends import Ends
from seqlab.adopt.families import families
from seqlab.adopt.leftover import buffers, problem_of
from seqlab.adopt.names import nearest, tidy
from seqlab.adopt.parts import Answers, Arrays, Contents, OpenItem, RecognisedCore, TensorUse, answered, size, stated
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.training import weights as kept
from seqlab.training.config import RunConfig, explain

Corrections = Mapping[str, str]  # of a tensor's name: the role that it has instead, or "" to leave it out
_NOTHING: Answers = {}


@dataclass(frozen=True)
class Adopted:
    """A network that can become a run: its config, its weights under seqlab's names, and where they came from."""

    config: RunConfig
    weights: dict[str, np.ndarray]
    origin: dict[str, Any]


@dataclass(frozen=True)
class Network:
    """One network among a file's tensors.

    ``left_over`` names tensors that have no use, ``missing`` what such a network may have and this one has not.
    ``problem`` says in a sentence why it cannot be opened as it is proposed (empty: it can).
    """

    key: str
    ends: Ends
    arrays: Arrays
    owned: Mapping[str, str]
    questions: tuple[OpenItem, ...]
    left_over: tuple[str, ...]
    problem: str

    @property
    def label(self) -> str:
        """What it is, in a few words."""
        return self.ends.core.label

    @property
    def missing(self) -> tuple[str, ...]:
        """What such a network may have and this one has not."""
        return self.ends.core.missing

    @property
    def uses(self) -> tuple[TensorUse, ...]:
        """What each tensor is taken for, by the likeliest answers."""
        return self.uses_by(_NOTHING)

    def uses_by(self, answers: Answers) -> tuple[TensorUse, ...]:
        """What each tensor is taken for, by some answers; raises Fault for an answer that there is not."""
        taken = (*self.ends.core.uses, *around.uses(self.ends, self.arrays, answered(self.questions, answers)))
        order = {name: place for place, name in enumerate(self.arrays)}
        return tuple(TensorUse(self.owned.get(use.name, use.name), use.shape, use.role, use.reason)
                     for use in sorted(taken, key=lambda use: order[use.name]))

    def settle(self, answers: Answers = _NOTHING) -> Adopted:
        """Make the network that some answers mean, the likeliest ones where none is given; raises Fault."""
        if self.problem:
            raise Fault(self.problem)
        given = answered(self.questions, answers)
        used = self.uses_by(answers)
        for use in used:
            _require_finite(use.name, self.arrays[_renamed(self.owned, use.name)])
        core = self.ends.core.build(given)
        count, conditions = purpose.sizes(self.ends, self.arrays, given)
        built = around.build(self.ends, self.arrays, given, count, conditions, next(iter(core.weights.values())).dtype)
        weights = built.weights | core.weights
        task = purpose.task(self.ends, self.arrays, given)
        config = _config(task, core.settings | built.settings | purpose.settings(given))
        weights = {name: np.ascontiguousarray(weights[name]) for name in kept.network_shapes(config)
                   if name in weights}
        kept.check(weights, config)
        return Adopted(config, weights, self._origin(used, given, answers))

    def _origin(self, used: Sequence[TensorUse], given: Answers, answers: Answers) -> dict[str, Any]:
        questions = [{"key": question.key, "text": question.text, "answer": given[question.key],
                      "how": "asked" if question.key in answers else "decided" if question.decided else "guessed",
                      "why": question.decided} for question in self.questions if question.key in given]
        return {"network": self.label, "questions": questions, "left_over": list(self.left_over),
                "missing": list(self.missing), "tensors": [
                    {"name": use.name, "shape": list(use.shape), "role": use.role, "reason": use.reason}
                    for use in used]}


@dataclass(frozen=True)
class Proposal:
    """What a file can be opened as: one network, or one of several, and then ``questions`` begins by asking which."""

    networks: tuple[Network, ...]
    asked: tuple[OpenItem, ...] = field(default=())

    def chosen(self, answers: Answers = _NOTHING) -> Network:
        """The network that some answers mean; raises Fault for one that there is not."""
        given = {key: answer for key, answer in answers.items() if key in {question.key for question in self.asked}}
        key = answered(self.asked, given).get("network", self.networks[0].key)
        return next(network for network in self.networks if network.key == key)

    def questions(self, answers: Answers = _NOTHING) -> tuple[OpenItem, ...]:
        """All that is asked, those without a meaning by the answers so far left out."""
        network, given = self.chosen(answers), dict[str, str]()
        for question in network.questions:
            if question.applies(given):
                given[question.key] = answers.get(question.key, question.default)
        return (*self.asked, *(question for question in network.questions if question.key in given))

    def settle(self, answers: Answers = _NOTHING) -> Adopted:
        """Make the network that some answers mean, the likeliest ones where none is given; raises Fault."""
        asked = {question.key for question in self.asked}
        adopted = self.chosen(answers).settle({key: value for key, value in answers.items() if key not in asked})
        which = [{"key": question.key, "text": question.text, "answer": self.chosen(answers).key,
                  "how": "asked" if question.key in answers else "guessed", "why": ""} for question in self.asked]
        return Adopted(adopted.config, adopted.weights,
                       adopted.origin | {"questions": which + adopted.origin["questions"]})


def propose(contents: Contents, corrections: Corrections = _NOTHING) -> Proposal:
    """Recognise the networks among a file's tensors; raises Fault where there is none, or none that can be opened.

    ``corrections`` say of tensors what they are instead of what they were taken for.
    """
    arrays, owned = _corrected(tidy(contents.arrays), corrections)
    cores = [core for family in families().values() for core in family.recognise(arrays, contents.facts)]
    if not cores:
        raise Fault(_unknown(arrays))
    parts = [_network(core, cores, arrays, owned, contents.facts) for core in cores]
    choices = {network.key: network.label for network in parts}
    asked = (OpenItem("network", "The file holds several networks. Which one?",
                      {key: f"{key or 'the first'}: {label}" for key, label in choices.items()}, parts[0].key),)
    return Proposal(tuple(parts), asked if len(parts) > 1 else ())


def corrected_by(known: Corrections, uses: Sequence[TensorUse], tensor: str, role: str) -> dict[str, str]:
    """Give a tensor another role: it stands for the one that had it, which takes its place; with "" it is left out.

    ``known`` are the corrections so far; what comes back are all of them.
    """
    if not role:
        return {**known, tensor: ""}
    other = next(use.name for use in uses if use.role == role)
    return {**known, tensor: known.get(other, other), other: known.get(tensor, tensor)}


def _network(core: RecognisedCore, cores: Sequence[RecognisedCore], arrays: Arrays, owned: Mapping[str, str],
             facts: Mapping[str, Any]) -> Network:
    taken = {name for one in cores for name in one.names}
    prefixes = [one.prefix for one in cores]
    near = {name: array for name, array in arrays.items()
            if name in core.names or (name not in taken and core.prefix in nearest(name, prefixes))}
    ends = around.recognise(core, near)
    asked = (*core.questions, *ends.questions, *purpose.questions(ends, near, facts))
    questions = tuple(stated(question, facts) for question in asked)
    used = {use.name for use in (*core.uses, *around.uses(ends, near, answered(questions, {})))}
    left = {name: array for name, array in near.items() if name not in used and not buffers(name)}
    problem = problem_of(left, list(near), ends, purpose.outputs(ends, near, answered(questions, {})))
    return Network(core.prefix.strip("."), ends, near, owned, questions,
                   tuple(owned.get(name, name) for name in left), problem)


def _corrected(arrays: Arrays, corrections: Corrections) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Tensors under the names that corrections give them, without those that are left out; and their owner's names."""
    odd = sorted(set(corrections) - set(arrays))
    if odd:
        raise Fault(f"The file has no tensor {odd[0]!r:.80} to correct.")
    renamed = {corrections.get(name, name): array for name, array in arrays.items() if corrections.get(name, name)}
    return renamed, {role: name for name, role in corrections.items() if role}


def _renamed(owned: Mapping[str, str], name: str) -> str:
    return next((role for role, owner in owned.items() if owner == name), name)


def _config(task: dict[str, Any], network: dict[str, Any]) -> RunConfig:
    try:
        return RunConfig.model_validate({"task": task, "network": network, "steps": 1})
    except ValidationError as error:
        raise Fault(f"This network cannot be opened. {explain(error)}") from None


def _require_finite(name: str, array: np.ndarray) -> None:
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        place = ", ".join(map(str, wrong[0]))
        raise Fault(f"The tensor {name!r:.80} holds {array[tuple(wrong[0])]} at [{place}]; its training diverged, or "
                    "the file is damaged.")


def _unknown(arrays: Arrays) -> str:
    if not arrays:
        return "The file holds no tensors of numbers, so there is no network to open."
    several = ", ".join(f"{name!r:.60} ({size(array.shape)})" for name, array in list(arrays.items())[:3])
    kinds = "; ".join(family.label for family in families().values())
    return (f"None of the {counted(len(arrays), 'tensor')} of the file belongs to layers that seqlab knows ({kinds}). "
            f"The first ones are {several}.")
