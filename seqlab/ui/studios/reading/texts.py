"""The texts that a network reads on this page: those kept from its learning, those of other books, a person's own."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqlab.data import corpora
from seqlab.data.preparation import PREPARATIONS
from seqlab.data.sentences import PREPARATIONS as SENTENCES
from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.reading import ScoredText, shown
from seqlab.figures.rounding import Arrays
from seqlab.reference.reading import each_predicted, surprise
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.shell.foreign import literal

MOST = 5000  # characters that are read at once
SENTENCE = ("It was a quiet evening, and the lamp had just been lit. Nobody in the room had seen the letter, although "
            "everybody spoke of it, and the old man by the window seemed to listen to the rain.")
NAMED = 12  # characters that a sentence lists


@dataclass(frozen=True)
class PreparedText:
    """A text as a network reads it: one sequence of ids, or one for each line; and which characters people see."""

    sequences: tuple[tuple[int, ...], ...]
    characters: tuple[str, ...]
    unknown: tuple[tuple[str, int], ...]  # characters that the network does not know, and how often they were there

    @classmethod
    def of(cls, config: Any, typed: str) -> "PreparedText":
        """Prepare what was typed as the network's own text was prepared.

        A running text is one sequence. Where the alphabet has a mark for the beginning each line is a sentence by
        itself. Unknown symbols are read as one, or left out where the alphabet has none for them.
        """
        alphabet: Vocabulary = config.alphabet
        typed = typed.encode(errors="replace").decode()[:MOST]
        if alphabet.begin is None:
            text = PREPARATIONS[getattr(config, "preparation", "whole")](typed.strip())
            unknown = alphabet.unknown_symbols(text)
            text = text if alphabet.unknown is not None else alphabet.without_unknown(text)
            sequences = (tuple(alphabet.encode(text).tolist()),) if text else ()
            characters = tuple(symbol + alphabet.gap for symbol in alphabet.cut(text))
            return cls(sequences, characters, tuple(unknown.most_common()))
        prepare: tuple[Callable[[str], str], Callable[[str], str]] = str.strip, str
        if alphabet.unknown is None:
            prepare = SENTENCES.get(getattr(config, "preparation", ""), str.strip), alphabet.without_unknown
        lines = [line for line in map(prepare[0], typed.splitlines()) if line.strip()]
        kept = [line for line in map(prepare[1], lines) if line.strip()]
        end = (alphabet.end,) if alphabet.end is not None else ()
        mark = alphabet.symbols[alphabet.end] if alphabet.end is not None else "\n"
        unknown = sum(map(alphabet.unknown_symbols, lines), Counter())
        return cls(tuple((alphabet.begin, *alphabet.encode(line).tolist(), *end) for line in kept),
                   tuple(symbol + gap for line in kept for symbol, gap in
                         (*((symbol, alphabet.gap) for symbol in alphabet.cut(line)), (mark, ""))),
                   tuple(unknown.most_common()))

    @property
    def predicted(self) -> int:
        """How many characters are predicted."""
        return sum(len(sequence) - 1 for sequence in self.sequences)


@dataclass(frozen=True)
class Reading:
    """A text read by a run's newest weights."""

    snapshot: Snapshot
    given: PreparedText

    @property
    def reach(self) -> int:
        """Characters of a window, for a network that keeps no state: as many as in its training."""
        return self.snapshot.run.sizes.longest

    def logits(self, precision: str = "float32") -> np.ndarray:
        """Logits of every predicted character, one after another, in NumPy; raises Fault where they are not finite."""
        run = self.snapshot.run
        return np.concatenate(each_predicted(run.core, self.sequences, self.snapshot.weights(precision), self.reach))

    @property
    def sequences(self) -> list[np.ndarray]:
        """Each sequence as an array."""
        return [np.array(sequence) for sequence in self.given.sequences]


@PICTURES.cached
def surprises(reading: Reading) -> ScoredText:
    """Compute what is drawn, in single precision; raises Fault."""
    given, alphabet = reading.given, reading.snapshot.run.config.task_config.alphabet
    logits = reading.logits()
    targets = np.concatenate([sequence[1:] for sequence in given.sequences])
    if alphabet.begin is None:
        ids, predicted = np.array(given.sequences[0]), np.arange(len(given.sequences[0])) > 0
    else:
        ids, predicted = targets, np.ones(len(targets), bool)
    end = alphabet.symbols[alphabet.end] if alphabet.end is not None else ""
    return ScoredText(given.characters, ids, predicted, logits, surprise(logits, targets), alphabet.symbols, end)


def _reference(reading: Reading, precision: str) -> list[Arrays]:
    logits = surprises(reading).logits if precision == "float32" else reading.logits(precision)
    return [{"logits": logits[None]}]


SURPRISES = Proof[Reading, dict[str, np.ndarray]](
    name="surprises", symbols=("logits", "p"), reference=_reference,
    remote=lambda reading: client.text_logits(reading.snapshot.path, reading.snapshot.step, reading.sequences,
                                              reading.reach),
    torch=lambda reading, answer, precision: [{"logits": answer[precision][None]}],
    weights=lambda reading, frame: reading.snapshot.largest(),
    compares="The badge compares the logits behind every character of this text; surprise is −ln of the softmax of "
             "these.")


def held_out(run: Run) -> tuple[str, ...]:
    """Texts that were kept from a run's learning; none where its corpus is not on this machine, or it has none."""
    spec, config = run.config.task_spec, run.config.task_config
    corpus = getattr(config, "corpus", None)
    if spec.passages is None or not run.config.has_data or (corpus is not None and not corpora.at_hand(corpus)):
        return ()
    return tuple(spec.passages(config))


def absent(run: Run) -> str:
    """Say that a run's corpus is not here, and what to do ("" where it is)."""
    name = getattr(run.config.task_config, "corpus", None)
    if name is None or corpora.at_hand(name):
        return ""
    return (f"The text that this network learned from, {corpora.title(name)} ({name}), is not on this machine. The "
            "Text lab can fetch or add it.")


def named(unknown: tuple[tuple[str, int], ...] | list[tuple[str, int]]) -> str:
    """List characters and how often each was there, the most frequent first."""
    listed = ", ".join(f"{_named(symbol)} ({count:,})" for symbol, count in unknown[:NAMED])
    more = len(unknown) - NAMED
    return listed + (f" and {more} more" if more > 0 else "")


def _named(symbol: str) -> str:
    """Write a character; one that cannot be printed as its number."""
    return literal(shown(symbol)) if shown(symbol).isprintable() else f"U+{ord(symbol):04X}"
