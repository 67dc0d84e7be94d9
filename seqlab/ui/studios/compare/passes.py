"""The two passes of a comparison in NumPy, and their proof: every quantity of both, both answers, and KL."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from seqlab.figures.rounding import PRECISIONS, Arrays, largest_weight
from seqlab.reference.activations import log_softmax
from seqlab.trace import Trace
from seqlab.training.question import Question
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.waiting import Pending

Answer = dict[str, dict[str, np.ndarray]]  # by precision


@dataclass(frozen=True)
class Pair:
    """Two questions, the temperatures of their answers, and whether they answer in the same symbols (``alike``)."""

    a: Question
    b: Question
    snapshots: tuple[Snapshot, Snapshot]
    temperatures: tuple[float, float]
    alike: bool

    @classmethod
    def of(cls, a: Question, b: Question, temperatures: tuple[float, float]) -> "Pair":
        """Name two questions; KL is there where both have the same classes and the same number of times."""
        alike = list(a.run.classes) == list(b.run.classes) and len(a.ids) == len(b.ids)
        return cls(a, b, (Snapshot.of(a.run, a.step), Snapshot.of(b.run, b.step)), temperatures, alike)

    def compute(self, precision: str) -> "Passes":
        """Run both in NumPy. Raises Fault."""
        return Passes(self.a.trace(precision), self.b.trace(precision), self.temperatures, self.alike)

    def reference(self, precision: str) -> "Passes":
        """Both passes; those in single precision are drawn, and computed once for all sessions."""
        return drawn(self) if precision == "float32" else self.compute(precision)


@dataclass(frozen=True)
class Passes:
    """What came of both."""

    a: Trace
    b: Trace
    temperatures: tuple[float, float]
    alike: bool

    @cached_property
    def log_answers(self) -> tuple[Float[np.ndarray, "time_a vocab_a"], Float[np.ndarray, "time_b vocab_b"]]:
        """Logarithms of both answers at their temperatures T: log softmax(y / T), in float64."""
        first, second = (log_softmax(trace["logits"][0].astype(np.float64) / temperature)
                         for trace, temperature in zip((self.a, self.b), self.temperatures, strict=True))
        return first, second

    @cached_property
    def kl(self) -> Float[np.ndarray, " time"] | None:
        """KL(A ‖ B) = Σ p_A (log p_A - log p_B) at every time, in nats; None where the answers are not alike."""
        if not self.alike:
            return None
        first, second = self.log_answers
        return np.asarray((np.exp(first) * (first - second)).sum(-1))

    @property
    def arrays(self) -> Arrays:
        """Every number under its name, as torch names it."""
        values = {f"{side} {name}": array for side, trace in zip("AB", (self.a, self.b), strict=True)
                  for name, array in trace.items()}
        values |= {f"{side} answer": np.exp(log) for side, log in zip("AB", self.log_answers, strict=True)}
        return values | ({} if self.kl is None else {"KL": self.kl})


@PICTURES.cached
def drawn(pair: Pair) -> Passes:
    """Compute in single precision, once for all sessions that look at the same."""
    return pair.compute("float32")


def ask(pair: Pair) -> Pending[Answer]:
    """Let torch run the same."""
    return client.compared(pair.a, pair.b, pair.temperatures, pair.alike, PRECISIONS)


PAIRS = Proof[Pair, Answer](
    name="two passes", remote=ask, reference=lambda pair, precision: [pair.reference(precision).arrays],
    torch=lambda pair, answer, precision: [answer[precision]],
    weights=lambda pair, frame: max(largest_weight(question.weights()) for question in (pair.a, pair.b)),
    compares="The badge compares every quantity of both passes, both answers at their temperatures, and KL.")
