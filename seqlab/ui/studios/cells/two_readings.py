"""The passes behind the convention switch: random weights, or a trained network, read in one convention or another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from seqlab import notation
from seqlab.figures.rounding import PRECISIONS, Arrays, largest_weight
from seqlab.reference.cells import cells
from seqlab.reference.conventions import TORCH, Convention, network_in, stack_in
from seqlab.reference.special import drawn
from seqlab.tasks import echo
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import stamp
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.waiting import Pending

STRINGS, LENGTH, INPUT, DELAY = 20, 20, 3, 3


def named(key: str) -> str:
    """Write a symbol's letter and its name."""
    return f"{key} · {notation.SYMBOLS[key].name}"


@dataclass(frozen=True)
class RandomLayer:
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


LAYERS = Proof[tuple[Convention, RandomLayer], dict[str, dict[str, np.ndarray]]](
    name="a layer in a convention",
    remote=lambda question: client.convention_layer(question[0], question[1].weights, question[1].x, PRECISIONS),
    reference=lambda question, precision: [question[1].trace(question[0], precision)],
    torch=lambda question, answer, precision: [Trace(answer[precision])],
    weights=lambda question, frame: largest_weight(question[1].weights),
    symbols=("h", "r", "z", "n", "q"),
    compares="The badge compares both GRUs: torch's convention with nn.GRU, the other with a plain loop in torch.")


@dataclass(frozen=True)
class EchoReading:
    """A trained echo network, a word for it, and strings to measure it on; ``stamp`` tells its snapshots apart."""

    path: str
    step: int
    stamp: int
    word: str

    @classmethod
    def of(cls, run: Run, typed: str) -> "EchoReading":
        """Say what is asked of a run's newest snapshot; a word of no letters becomes the first of the alphabet."""
        step = (run.snapshots() or [0])[-1]
        return cls(str(run.path), step, stamp(run, step), echo.read(typed)[0] or "a")

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
        return _trace(EchoPasses(convention, self))

    def answer(self, convention: Convention) -> str:
        """The network's outputs for the word, blanks first."""
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
        outputs = _trace(EchoPasses(convention, replace(self, word="a"), strings=True))["logits"].argmax(-1)
        ids, delays = self.strings()
        shares = []
        for delay in self.delays:
            rows = delays == delay
            shares.append(np.mean(outputs[rows][:, delay:] == ids[rows][:, :ids.shape[1] - delay]))
        return np.array(shares)

    def strings(self) -> tuple[Int[np.ndarray, "string time"], Int[np.ndarray, " string"]]:
        """Random strings, the same number for each delay, always the same ones, longer than the longest delay."""
        delays = self.delays.repeat(STRINGS)
        shape = delays.size, LENGTH + int(self.delays[-1])
        return np.random.default_rng(30_000).integers(1, len(echo.ALPHABET), shape), delays

    def condition(self, delays: Int[np.ndarray, " string"]) -> Int[np.ndarray, " string"] | None:
        """The condition that the network reads, if it reads one."""
        return delays if self.run.sizes.conditions else None


@dataclass(frozen=True)
class EchoPasses:
    """What stands in the picture of one convention: the word, or with ``strings`` the strings behind the bars."""

    convention: Convention
    reading: EchoReading
    strings: bool = False

    @classmethod
    def shown(cls, reading: EchoReading, other: Convention) -> "list[EchoPasses]":
        """Both conventions' word and strings; the strings are the same whatever the word."""
        return [passes for convention in (TORCH, other) for passes in
                (cls(convention, reading), cls(convention, replace(reading, word="a"), strings=True))]

    @property
    def batch(self) -> tuple[Int[np.ndarray, "string time"], Int[np.ndarray, " string"] | None]:
        """Ids and condition, as the network reads them."""
        if self.strings:
            ids, delays = self.reading.strings()
            return ids, self.reading.condition(delays)
        delay = self.reading.delay
        return np.array(echo.inputs_for(self.reading.word, delay)), self.reading.condition(np.array([delay]))

    def ask(self) -> "Pending[dict[str, np.ndarray] | np.ndarray]":
        """Let torch read it; of strings it gives the logits alone."""
        remote = client.convention_logits if self.strings else client.convention_network
        return remote(self.convention, self.reading.path, self.reading.step, *self.batch)

    def reference(self, precision: str) -> list[Arrays]:
        """Read it in NumPy."""
        return [{"logits": _trace(self)["logits"]} if self.strings else _trace(self)]

    def torch(self, answer: "dict[str, np.ndarray] | np.ndarray", precision: str) -> list[Arrays]:
        """Name torch's numbers."""
        return [{"logits": answer} if isinstance(answer, np.ndarray) else Trace(answer)]


@PICTURES.cached
def _trace(passes: EchoPasses) -> Trace:
    reading = passes.reading
    ids, condition = passes.batch
    return network_in(passes.convention, ids, reading.run.weights(reading.step, "float64"), condition)


ECHOES = Proof[EchoPasses, "dict[str, np.ndarray] | np.ndarray"](
    name="echoes in a convention", precisions=("float64",), symbols=("h", "r", "z", "n", "q"),
    remote=EchoPasses.ask, reference=EchoPasses.reference, torch=EchoPasses.torch,
    compares="The badge compares both readings of this network, on the word and on the strings behind the bars: "
             "torch's convention with nn.GRU, the other with a plain loop in torch. In float64 alone: read wrongly a "
             "network may be chaotic, and float32 would drift (see Error growth).")
