"""The passes behind the convention switch: random weights, or a trained network, read in one convention or another."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st
from jaxtyping import Float, Int

from seqlab import notation
from seqlab.agreement import Agreement, compare
from seqlab.reference.cells import cells
from seqlab.reference.conventions import TORCH, Convention, network_in, stack_in
from seqlab.reference.special import drawn
from seqlab.tasks import echo
from seqlab.trace import Trace
from seqlab.training import snapshots
from seqlab.training.run import Run
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.services import engine

PRECISIONS = ("float32", "float64")
STRINGS, LENGTH, INPUT, DELAY = 20, 20, 3, 3
KEPT = 60


def named(key: str) -> str:
    """Write a symbol's letter and its name."""
    return f"{key} · {notation.SYMBOLS[key].name}"


@dataclass(frozen=True)
class Drawn:
    """Random weights of one layer and a random input in [-1, 1), all fixed by a seed and sizes."""

    seed: int
    units: int
    time: int
    recurrent: float

    def trace(self, convention: Convention, dtype: str) -> Trace:
        """Run them in a convention."""
        weights = {name: part.astype(dtype) for name, part in self.weights.items()}
        return stack_in(convention, self.x.astype(dtype), weights)

    @property
    def weights(self) -> Mapping[str, np.ndarray]:
        """Weights under torch's names."""
        return drawn(cells()["gru"], self.units, INPUT, self.seed, recurrent=self.recurrent)

    @property
    def x(self) -> Float[np.ndarray, "1 time input"]:
        """The input."""
        return np.random.default_rng(20_000 + self.seed).uniform(-1, 1, (1, self.time, INPUT))

    def agree(self, other: Convention) -> dict[str, Agreement]:
        """Compare both conventions with torch, in both precisions; waits for it. Raises Fault or TimeoutError."""
        found = [_drawn_agree(convention, self) for convention in (TORCH, other)]
        return {dtype: worse(*(part[dtype] for part in found)) for dtype in PRECISIONS}


@st.cache_resource(max_entries=10 * KEPT, show_spinner=False)
def _drawn_agree(convention: Convention, asked: Drawn) -> dict[str, Agreement]:
    theirs = awaited(engine().ask("seqlab.lenses.conventions:traces", convention, asked.weights, asked.x, PRECISIONS))
    return {dtype: compare(asked.trace(convention, dtype), Trace(theirs[dtype])) for dtype in PRECISIONS}


@dataclass(frozen=True)
class Asked:
    """A trained echo network, a word for it, and strings to measure it on; ``stamp`` tells its snapshots apart."""

    path: str
    step: int
    stamp: int
    word: str

    @classmethod
    def of(cls, run: Run, typed: str) -> "Asked":
        """Say what is asked of a run's newest snapshot; a word of no letters becomes the first of the alphabet."""
        step = (run.snapshots() or [0])[-1]
        file = snapshots.file(run.path, "weights", step)
        return cls(str(run.path), step, file.stat().st_mtime_ns if file.exists() else 0, echo.read(typed)[0] or "a")

    @property
    def run(self) -> Run:
        """The run itself."""
        return Run(Path(self.path))

    @property
    def delays(self) -> Int[np.ndarray, " delay"]:
        """The delays that it was trained for."""
        return np.array(self.run.config.task_config.delays)

    @property
    def delay(self) -> int:
        """The delay at which the word is echoed."""
        return min(DELAY, int(self.delays[-1])) if len(self.delays) > 1 else int(self.delays[0])

    def trace(self, convention: Convention) -> Trace:
        """Run the word in a convention, in double precision: read wrongly, a network may be chaotic."""
        ids, told = echo.inputs_for(self.word, self.delay), self.told(np.array([self.delay]))
        return network_in(convention, ids, self.run.weights(self.step, "float64"), told)

    def answer(self, convention: Convention) -> str:
        """What the network says to the word, blanks first."""
        return "".join(echo.ALPHABET.symbols[k] for k in self.trace(convention)["p"][0].argmax(-1))

    def letters(self, answer: str | None) -> list[str]:
        """Table cells of an answer, each letter marked as right or wrong, or of the word itself for None."""
        blank, target = echo.ALPHABET.symbols[echo.BLANK], echo.target_for(self.word, self.delay)
        if answer is None:
            return [f"<td>{letter}</td>" for letter in self.word + blank * self.delay]
        return [f'<td class="{"" if expected == blank else "ok" if letter == expected else "no"}">{letter}</td>'
                for letter, expected in zip(answer, target, strict=True)]

    def accuracy(self, convention: Convention) -> Float[np.ndarray, " delay"]:
        """Share of right letters after the delay, for each delay, on fresh random strings."""
        said = _strings(self.path, self.step, self.stamp, convention).argmax(-1)
        ids, delays = self.strings()
        shares = []
        for delay in self.delays:
            rows = delays == delay
            shares.append(np.mean(said[rows][:, delay:] == ids[rows][:, :ids.shape[1] - delay]))
        return np.array(shares)

    def strings(self) -> tuple[Int[np.ndarray, "string time"], Int[np.ndarray, " string"]]:
        """Random strings, the same number for each delay, always the same ones, longer than the longest delay."""
        delays = self.delays.repeat(STRINGS)
        shape = delays.size, LENGTH + int(self.delays[-1])
        return np.random.default_rng(30_000).integers(1, len(echo.ALPHABET), shape), delays

    def told(self, delays: Int[np.ndarray, " string"]) -> Int[np.ndarray, " string"] | None:
        """The condition that the network reads, if it reads one."""
        return delays if self.run.sizes.conditions else None

    def agree(self, other: Convention) -> dict[str, Agreement]:
        """Compare both readings with torch in float64; waits for it. Raises Fault or TimeoutError."""
        found = [part for convention in (TORCH, other) for part in
                 (_word_agrees(self, convention), _strings_agree(self.path, self.step, self.stamp, convention))]
        return {"float64": worse(*found)}


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _strings(path: str, step: int, stamp: int, convention: Convention) -> Float[np.ndarray, "string time vocab"]:
    asked = Asked(path, step, stamp, "a")
    ids, delays = asked.strings()
    return network_in(convention, ids, asked.run.weights(step, "float64"), asked.told(delays))["logits"]


@st.cache_resource(max_entries=10 * KEPT, show_spinner=False)
def _word_agrees(asked: Asked, convention: Convention) -> Agreement:
    theirs = awaited(engine().ask("seqlab.lenses.conventions:network_traces", convention, asked.path, asked.step,
                                  echo.inputs_for(asked.word, asked.delay), asked.told(np.array([asked.delay]))))
    return compare(asked.trace(convention), Trace(theirs))


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _strings_agree(path: str, step: int, stamp: int, convention: Convention) -> Agreement:
    asked = Asked(path, step, stamp, "a")
    ids, delays = asked.strings()
    theirs = awaited(engine().ask("seqlab.lenses.conventions:network_logits", convention, path, step, ids,
                                  asked.told(delays)))
    return compare({"logits": _strings(path, step, stamp, convention)}, {"logits": theirs})


def worse(*found: Agreement) -> Agreement:
    """Join comparisons to one: the largest difference of any, the first fault of any, all numbers together."""
    widest = max(found, key=lambda part: part.largest)
    fault = next((part.first_fault for part in found if not part.holds), None)
    return Agreement(widest.largest, widest.at, fault, widest.tolerance, sum(part.numbers for part in found))
