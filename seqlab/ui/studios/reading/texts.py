"""The texts that a network reads on this page: those kept from its learning, those of other books, a person's own."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from seqlab.agreement import Agreement, compare
from seqlab.data import corpora
from seqlab.data.preparation import PREPARATIONS
from seqlab.data.sentences import tidy
from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.reading import ScoredText, shown
from seqlab.reference.reading import each_foretold, surprise
from seqlab.training import snapshots
from seqlab.training.run import Run
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.services import engine

MOST = 5000  # characters that are read at once
OURS = ("It was a quiet evening, and the lamp had just been lit. Nobody in the room had seen the letter, although "
        "everybody spoke of it, and the old man by the window seemed to listen to the rain.")
NAMED = 12  # characters that a sentence lists


@dataclass(frozen=True)
class Snapshot:
    """A run's newest weights; ``stamp`` tells them from others in the same place."""

    path: str
    step: int
    stamp: int

    @classmethod
    def of(cls, run: Run) -> "Snapshot":
        """Look which they are."""
        step = run.snapshots()[-1]
        file = snapshots.file(run.path, "weights", step)
        return cls(str(run.path), step, file.stat().st_mtime_ns if file.exists() else 0)

    @property
    def run(self) -> Run:
        """The run itself."""
        return Run(Path(self.path))


@dataclass(frozen=True)
class Given:
    """A text as a network reads it: one sequence of ids, or one for each line; and which characters people see."""

    sequences: tuple[tuple[int, ...], ...]
    characters: tuple[str, ...]
    strange: tuple[tuple[str, int], ...]  # characters that the network does not know, and how often they were there

    @classmethod
    def of(cls, config: Any, typed: str) -> "Given":
        """Prepare what was typed as the network's own text was prepared.

        A running text is one sequence. Where the alphabet has a mark for the beginning each line is a sentence by
        itself. Unknown symbols are read as one, or left out where the alphabet has none for them.
        """
        alphabet: Vocabulary = config.alphabet
        typed = typed.encode(errors="replace").decode()[:MOST]
        if alphabet.begin is None:
            text = PREPARATIONS[getattr(config, "preparation", "whole")](typed.strip())
            sequences = (tuple(alphabet.encode(text).tolist()),) if text else ()
            return cls(sequences, tuple(text), tuple(alphabet.unknown_symbols(text).most_common()))
        plain, kept_of = (tidy, alphabet.without_unknown) if alphabet.unknown is None else (str.strip, str)
        lines = [line for line in map(plain, typed.splitlines()) if line]
        kept = [line for line in map(kept_of, lines) if line]
        end = (alphabet.end,) if alphabet.end is not None else ()
        mark = alphabet.symbols[alphabet.end] if alphabet.end is not None else "\n"
        space = " " if alphabet.level == "word" else ""
        found: Counter[str] = sum(map(alphabet.unknown_symbols, lines), Counter())
        return cls(tuple((alphabet.begin, *alphabet.encode(line).tolist(), *end) for line in kept),
                   tuple(symbol + gap for line in kept for symbol, gap in
                         (*((symbol, space) for symbol in alphabet.cut(line)), (mark, ""))),
                   tuple(found.most_common()))

    @property
    def judged(self) -> int:
        """How many characters are foretold."""
        return sum(len(sequence) - 1 for sequence in self.sequences)


@dataclass(frozen=True)
class Reading:
    """A text read by a run's newest weights."""

    snapshot: Snapshot
    given: Given

    @property
    def reach(self) -> int:
        """Characters of a window, for a network that keeps no state: as many as in its training."""
        return self.snapshot.run.sizes.longest

    def logits(self, precision: str = "float32") -> np.ndarray:
        """Logits of every judged character, one after another, in NumPy; raises Fault where they are not finite."""
        run = self.snapshot.run
        sequences = [np.array(sequence) for sequence in self.given.sequences]
        return np.concatenate(each_foretold(run.core, sequences, run.weights(self.snapshot.step, precision),
                                            self.reach))

    def read(self) -> ScoredText:
        """What is drawn; kept for all who look at the same."""
        return _read(self)

    def agreement(self) -> dict[str, Agreement]:
        """How torch and NumPy agree on all logits, in both precisions; waits for torch. Raises Fault, TimeoutError."""
        return _agreement(self)


@st.cache_resource(max_entries=48, show_spinner=False)
def _read(reading: Reading) -> ScoredText:
    given, alphabet = reading.given, reading.snapshot.run.config.task_config.alphabet
    logits = reading.logits()
    targets = np.concatenate([sequence[1:] for sequence in given.sequences])
    if alphabet.begin is None:
        ids, judged = np.array(given.sequences[0]), np.arange(len(given.sequences[0])) > 0
    else:
        ids, judged = targets, np.ones(len(targets), bool)
    end = alphabet.symbols[alphabet.end] if alphabet.end is not None else ""
    return ScoredText(given.characters, ids, judged, logits, surprise(logits, targets), alphabet.symbols, end)


@st.cache_resource(max_entries=200, show_spinner=False)
def _agreement(reading: Reading) -> dict[str, Agreement]:
    snapshot = reading.snapshot
    theirs = awaited(engine().ask("seqlab.lenses.reading:logits", snapshot.path, snapshot.step,
                                  [np.array(sequence) for sequence in reading.given.sequences], reading.reach))
    return {dtype: compare({"logits": (reading.read().logits if dtype == "float32" else reading.logits(dtype))[None]},
                           {"logits": theirs[dtype][None]}) for dtype in ("float32", "float64")}


def held_out(run: Run) -> tuple[str, ...]:
    """Texts that were kept from a run's learning; none where its corpus is not on this machine, or it has none."""
    spec, config = run.config.task_spec, run.config.task_config
    if spec.passages is None or (hasattr(config, "corpus") and not corpora.at_hand(config.corpus)):
        return ()
    return tuple(spec.passages(config))


def absent(run: Run) -> str:
    """Say that a run's corpus is not here, and what to do ("" where it is)."""
    name = getattr(run.config.task_config, "corpus", None)
    if name is None or corpora.at_hand(name):
        return ""
    return (f"The text that this network learned from, {corpora.title(name)} ({name}), is not on this machine. The "
            "Text lab can fetch or add it.")


def named(strange: tuple[tuple[str, int], ...] | list[tuple[str, int]]) -> str:
    """List characters and how often each was there, the most frequent first."""
    told = ", ".join(f"{_named(symbol)} ({count:,})" for symbol, count in strange[:NAMED])
    more = len(strange) - NAMED
    return told + (f" and {more} more" if more > 0 else "")


def _named(symbol: str) -> str:
    """Write a character; one that cannot be printed as its number."""
    return plain(shown(symbol)) if shown(symbol).isprintable() else f"U+{ord(symbol):04X}"


def plain(text: str) -> str:
    """Write a text so that Markdown leaves it alone."""
    return "".join(f"\\{part}" if part in "\\`*_{}[]()<>#+-.!|~$:&\"'" else part for part in text)
