"""The texts that the sampling studio draws, each once for all sessions, and the proof of them."""

from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np

from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.rounding import Arrays
from seqlab.figures.studio import SampledText
from seqlab.reference.changed import Changes
from seqlab.reference.sampling import Choice, Sampled, SampledAgain, sample, shape, uniforms
from seqlab.training.run import Run
from seqlab.training.sampling import SampleOptions, options
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import stamp
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.waiting import Pending

PRECISION = "float64"  # hardly slower than single precision here, and a draw near an edge falls on the same side
SHORT = 160  # characters of a text in the column
TEMPERATURES = (0.0, 0.2, 0.5, 0.8, 1.0, 1.2, 1.5)


@dataclass(frozen=True)
class SampleQuestion:
    """What is drawn: from which weights, changed how, after which prompt, with which draws, and filtered how."""

    path: str
    step: int
    stamp: int
    prompt: str
    length: int
    seed: int
    choices: tuple[Choice, ...]
    changes: Changes = ()

    @classmethod
    def of(cls, run: Run, step: int, prompt: str, length: int, seed: int, choice: Choice,
           changes: Changes = ()) -> "SampleQuestion":
        """Ask for one text; costs one look at the snapshot's file."""
        return cls(str(run.path), step, stamp(run, step), prompt, length, seed, (choice,), changes)

    @property
    def run(self) -> Run:
        """The run itself."""
        return Run(Path(self.path))

    @property
    def column(self) -> "SampleQuestion":
        """The beginnings of the same text at other temperatures, with all else as it is."""
        chosen = self.choices[0]
        others = tuple(replace(chosen, temperature=temperature, alpha=1.0) for temperature in TEMPERATURES
                       if temperature or not chosen.divide_probabilities)
        return replace(self, length=min(self.length, SHORT), choices=others)

    @property
    def draws(self) -> np.ndarray:
        """The uniform numbers, one for each character."""
        return uniforms(self.seed, self.length)

    @property
    def alphabet(self) -> Vocabulary:
        """The network's own."""
        alphabet: Vocabulary = self.run.config.task_config.alphabet
        return alphabet

    def options(self) -> SampleOptions:
        """What depends on task and network: what is masked, how a text begins and ends, how far back it sees."""
        return options(self.run)

    def sampled(self) -> Sampled:
        """Draw in NumPy, one row for each choice; raises Fault."""
        return _sampled(self)

    @property
    def prompt_ids(self) -> np.ndarray:
        """The prompt as the network reads it, without the mark for the beginning."""
        return np.asarray(self.alphabet.encode(self.prompt))

    def drawn(self) -> SampledText:
        """The text of the first choice; raises Fault."""
        sampled, count = self.sampled(), int(self.sampled().lengths[0])
        return SampledText(self.prompt, self.alphabet, self.choices[0], self.seed, sampled.ids[0, :count],
                     sampled.logits[0, :count], self.draws[:count])

    def rows(self) -> dict[float, np.ndarray]:
        """The ids of every choice, by its temperature; raises Fault."""
        sampled = self.sampled()
        return {choice.temperature: sampled.ids[row, :sampled.lengths[row]] for row, choice in enumerate(self.choices)}


@PICTURES.cached
def _sampled(question: SampleQuestion) -> Sampled:
    run = question.run
    return sample(run.core, run.weights(question.step, PRECISION), question.prompt_ids, question.choices,
                  question.draws, **question.options(), changes=question.changes)


def _ask(question: SampleQuestion) -> Pending[SampledAgain]:
    """Let torch read the same texts and draw with the same numbers."""
    options = question.options()
    return client.sampled_again(question.path, question.step, question.prompt_ids.tolist(), question.sampled().ids,
                                [astuple(choice) for choice in question.choices], question.draws, options["masked"],
                                options["end"], options["start"], PRECISION, question.changes)


def _reference(question: SampleQuestion, precision: str) -> list[Arrays]:
    """Logits, probabilities and symbols in NumPy, 0 behind the end of a row."""
    sampled, masked = question.sampled(), question.options()["masked"]
    p = np.zeros(sampled.logits.shape)
    for row, choice in enumerate(question.choices):
        length = sampled.lengths[row]
        p[row, :length] = shape(sampled.logits[row, :length], choice, masked).p
    return [_named(question, sampled.logits, p, sampled.ids)]


def _named(question: SampleQuestion, logits: np.ndarray, p: np.ndarray, ids: np.ndarray) -> Arrays:
    of = " of the column" if len(question.choices) > 1 else ""
    return {f"logit{of}": logits, f"probability{of}": p, f"symbol{of}": ids.astype(np.float64)}


SAMPLES = Proof[SampleQuestion, SampledAgain](
    name="samples", remote=_ask, reference=_reference, precisions=(PRECISION,), symbols=("logits", "p"),
    torch=lambda question, answer, precision: [_named(question, answer.logits, answer.p, answer.ids)],
    compares="Torch has read the same text, has filtered its own logits in the same way, and has drawn with the same "
             "uniform numbers; compared are all logits, probabilities and characters of the text and of the column.")
