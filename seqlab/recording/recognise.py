"""What a module that is recorded is in seqlab's names, at the beginning and at every snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seqlab.adopt.modules import facts
from seqlab.adopt.parts import Answers, Arrays, Contents
from seqlab.adopt.proposal import Adopted, propose
from seqlab.adopt.vocabulary import written
from seqlab.recording.network import Network
from seqlab.training import weights
from seqlab.training.config import RunConfig


@dataclass(frozen=True)
class Recognised:
    """A module as the run that it becomes, ``guesses`` of what could not be known, and the way from its tensors."""

    adopted: Adopted
    facts: Mapping[str, Any]
    answers: Answers

    @property
    def config(self) -> RunConfig:
        """The config of the run."""
        return self.adopted.config

    @property
    def guesses(self) -> str:
        """What could not be known and was taken for granted, in a sentence; empty where nothing was."""
        guessed = [f"{question['key']}={question['answer'][:20] or 'none'}" for question in
                   self.adopted.origin.get("questions", ()) if question["how"] == "guessed"]
        return f"Taken for granted: {', '.join(guessed)}; say otherwise by keyword." if guessed else ""

    def weights(self, arrays: Arrays) -> Arrays:
        """Give the run's weights, from the module's tensors at a later step; raises Fault."""
        later = propose(Contents(arrays, self.facts)).settle(self.answers).weights
        weights.check(later, self.config)
        return later


def recognise(network: Network, vocabulary: object = None, **answers: object) -> Recognised:
    """Recognise a module; raises Fault, in one sentence, where it is none of those that seqlab knows."""
    given = {key: str(answer) for key, answer in answers.items() if answer is not None}
    if vocabulary is not None:
        given["vocabulary"] = written(vocabulary)
    known = facts(network.module)
    return Recognised(propose(Contents(network.copy().arrays(), known)).settle(given), known, given)
