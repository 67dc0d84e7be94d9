"""The texts that the sampling studio draws, each once for all sessions, and torch's word on them."""

from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from seqlab.agreement import Agreement, compare
from seqlab.figures.studio import SampledText
from seqlab.reference.sampling import Choice, Sampled, sample, shape, uniforms
from seqlab.training import snapshots
from seqlab.training.run import Run
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.services import engine

KEPT = 48
PRECISION = "float64"  # hardly slower than single precision here, and a draw near an edge falls on the same side
SHORT = 160  # characters of a text in the column
TEMPERATURES = (0.0, 0.2, 0.5, 0.8, 1.0, 1.2, 1.5)


@dataclass(frozen=True)
class Question:
    """What is drawn: from which weights, after which prompt, with which draws, and bent how."""

    path: str
    step: int
    stamp: int
    prompt: str
    length: int
    seed: int
    choices: tuple[Choice, ...]

    @classmethod
    def of(cls, run: Run, step: int, prompt: str, length: int, seed: int, choice: Choice) -> "Question":
        """Ask for one text; costs one look at the snapshot's file."""
        file = snapshots.file(run.path, "weights", step)
        stamp = file.stat().st_mtime_ns if file.exists() else 0
        return cls(str(run.path), step, stamp, prompt, length, seed, (choice,))

    @property
    def column(self) -> "Question":
        """The beginnings of the same text at other temperatures, with all else as it is."""
        bent = self.choices[0]
        others = tuple(replace(bent, temperature=temperature, alpha=1.0) for temperature in TEMPERATURES
                       if temperature or not bent.divide_probabilities)
        return replace(self, length=min(self.length, SHORT), choices=others)

    @property
    def draws(self) -> np.ndarray:
        """The uniform numbers, one for each character."""
        return uniforms(self.seed, self.length)

    def options(self) -> dict[str, Any]:
        """What a network of its task needs to be told: what it never says, how a text begins and ends, its reach."""
        run = Run(Path(self.path))
        alphabet = run.config.task_config.alphabet
        start = () if alphabet.begin is None else (alphabet.begin,)
        reach = run.sizes.longest or None if run.core.heads else None
        return {"unsaid": sorted(alphabet.masked), "end": alphabet.end, "start": start, "reach": reach}

    def sampled(self) -> Sampled:
        """Draw in NumPy, one row for each choice; raises Fault."""
        return _sampled(*self._parts)

    @property
    def _parts(self) -> tuple[Any, ...]:
        return self.path, self.step, self.stamp, self.prompt, self.length, self.seed, self.choices

    @property
    def prompt_ids(self) -> np.ndarray:
        """The prompt as the network reads it, without the mark for the beginning."""
        ids: np.ndarray = Run(Path(self.path)).config.task_config.alphabet.encode(self.prompt)
        return ids

    def drawn(self) -> SampledText:
        """The text of the first choice; raises Fault."""
        found, count = self.sampled(), int(self.sampled().lengths[0])
        alphabet = Run(Path(self.path)).config.task_config.alphabet
        return SampledText(self.prompt, alphabet, self.choices[0], self.seed, found.ids[0, :count],
                           found.logits[0, :count], self.draws[:count])

    def rows(self) -> dict[float, np.ndarray]:
        """The ids of every choice, by its temperature; raises Fault."""
        found = self.sampled()
        return {choice.temperature: found.ids[row, :found.lengths[row]] for row, choice in enumerate(self.choices)}


    def verdict(self) -> Agreement:
        """How torch agrees on every logit, probability and symbol of the text and of the column.

        Waits for torch. Raises Fault where it cannot read the text, TimeoutError where no worker answers.
        """
        return _verdict(*self._parts)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _sampled(*parts: Any) -> Sampled:
    question = Question(*parts)
    run = Run(Path(question.path))
    return sample(run.core, run.weights(question.step, PRECISION), question.prompt_ids, question.choices,
                  question.draws, **question.options())


@st.cache_resource(max_entries=10 * KEPT, show_spinner=False)
def _verdict(*parts: Any) -> Agreement:
    shown = Question(*parts)
    asked = {"": shown, " of the column": shown.column}
    answers = {name: _again(question) for name, question in asked.items()}
    ours: dict[str, np.ndarray] = {}
    theirs: dict[str, np.ndarray] = {}
    for name, question in asked.items():
        again = awaited(answers[name])
        ours |= _named(name, *_ours(question))
        theirs |= _named(name, again.logits, again.p, again.ids)
    return compare(ours, theirs)


def _again(question: Question) -> Any:
    """Let torch read the same texts and draw with the same numbers."""
    options = question.options()
    return engine().ask("seqlab.lenses.sampling:again", question.path, question.step, question.prompt_ids.tolist(),
                        question.sampled().ids, [astuple(choice) for choice in question.choices], question.draws,
                        options["unsaid"], options["end"], options["start"], PRECISION)


def _ours(question: Question) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logits, probabilities and symbols in NumPy, 0 behind the end of a row."""
    found, unsaid = question.sampled(), question.options()["unsaid"]
    p = np.zeros(found.logits.shape)
    for row, choice in enumerate(question.choices):
        length = found.lengths[row]
        p[row, :length] = shape(found.logits[row, :length], choice, unsaid).p
    return found.logits, p, found.ids


def _named(of: str, logits: np.ndarray, p: np.ndarray, ids: np.ndarray) -> dict[str, np.ndarray]:
    return {f"logit{of}": logits, f"probability{of}": p, f"symbol{of}": ids.astype(np.float64)}
