"""A text as it is searched: its symbols, how a network reads them in rows, and what must not be parted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from sys import intern

import numpy as np
from jaxtyping import Float, Int

from seqlab.data.grammar import Grammar
from seqlab.data.grammar.quantities import Quantities, quantities
from seqlab.data.pattern import matches
from seqlab.data.vocabulary import Vocabulary
from seqlab.errors import Fault
from seqlab.reference.annotations import ANNOTATIONS, by_symbol, inside
from seqlab.tasks import HELD_OUT
from seqlab.training.run import Run

MOST_NUMBERS = 80_000_000  # states that are stored of a text
MOST_SYMBOLS, MOST_WORDS = 400_000, 200_000
STRETCH, BEFORE = 512, 128  # symbols that a recurrent network reads at once, and more before them to find its state
FEWEST_BLOCKS, SHORTEST_BLOCK, LONGEST_BLOCK = 16, 8, 512  # into which a text is parted, to fit and to score
LONGEST_SYMBOL = 8  # characters of a word or a piece, on average, that are cut at most
# Kinds of rules beside those of ``ANNOTATIONS``.
EXPRESSION, TRUTH, LABEL, POSITION = "expression", "truth", "label", "position"


@dataclass(frozen=True, eq=False)
class SearchedText:
    """Symbols of one or more sequences, one after another.

    ``rows`` are what the network reads at once, and of each the positions from ``firsts`` on count, so that every
    position counts once. ``symbols`` are as they stand in the text, with ``gap`` between two of a sequence, which begin
    at ``starts``. Positions of one ``keys`` stay on one side where something is fitted. ``total`` is how many symbols
    there were, more than these where the text is longer than what is read. Each sequence has one of the
    ``labels_given``, where there are any; ``level`` says what a symbol is.
    """

    rows: tuple[Int[np.ndarray, " _"], ...]
    firsts: tuple[int, ...]
    symbols: tuple[str, ...]
    gap: str
    starts: Int[np.ndarray, " sequence"]
    keys: Int[np.ndarray, " position"]
    total: int
    level: str = "character"
    labels_given: tuple[str, ...] = ()
    _truths: dict[str, Float[np.ndarray, " position"]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def sequences(self) -> list[str]:
        """Each sequence as a text."""
        return [self.gap.join(string) for string in self._strings]

    @property
    def _strings(self) -> list[tuple[str, ...]]:
        ends = [*self.starts[1:].tolist(), len(self)]
        return [self.symbols[first:end] for first, end in zip(self.starts.tolist(), ends, strict=True)]

    @cached_property
    def lengths(self) -> Int[np.ndarray, " sequence"]:
        """Symbols of each sequence."""
        return np.diff(self.starts, append=len(self))

    @cached_property
    def offers(self) -> dict[str, tuple[str, ...]]:
        """Kinds of rules that can hold in this text, and of those that need a detail all there are."""
        text = "\n".join(self.sequences) if len(self.starts) == 1 else "".join(self.sequences)
        own = sorted(set(self.labels_given))
        several = {LABEL: tuple(own[1:] if len(own) == 2 else own)} if len(own) > 1 else {}
        return several | ({POSITION: ()} if len(self.starts) > 1 else {}) | {
            name: () for name, annotation in ANNOTATIONS.items() if annotation.possible(text, self.level)}

    @cached_property
    def ends(self) -> Int[np.ndarray, " position"]:
        """Where each symbol is over in the text of its sequences with a line's end between them."""
        lengths = np.array([len(symbol) for symbol in self.symbols]) + len(self.gap)
        joints = np.zeros(len(lengths), np.int64)
        joints[self.starts[1:]] = 1 - len(self.gap)
        return np.cumsum(lengths + joints) - len(self.gap)

    def around(self, position: int, before: int, after: int) -> tuple[int, int]:
        """Where a passage around a position begins and is over, within its sequence."""
        sequence = int(np.searchsorted(self.starts, position, "right")) - 1
        end = int(self.starts[sequence + 1]) if sequence + 1 < len(self.starts) else len(self)
        return max(int(self.starts[sequence]), position - before), min(end, position + after)

    def reads(self, first: int, last: int) -> list[Int[np.ndarray, " _"]]:
        """The rows that the network reads to come to a passage, none further than to its end."""
        rows = range(int(np.searchsorted(self._row_ends, first, "right")),
                     int(np.searchsorted(self._row_ends, last - 1, "right")) + 1)
        return [self.rows[row][:len(self.rows[row]) - max(0, int(self._row_ends[row]) - last)] for row in rows]

    @cached_property
    def _row_ends(self) -> Int[np.ndarray, " row"]:
        return np.cumsum([len(row) - first for row, first in zip(self.rows, self.firsts, strict=True)])

    def labels(self, kind: str, detail: str = "", language: Grammar | None = None) -> Float[np.ndarray, " position"]:
        """What a rule says of each position; NaN where it has no meaning. Raises Fault for a rule that cannot be.

        ``kind`` is one of ``ANNOTATIONS``, ``EXPRESSION`` with a regular expression, ``TRUTH`` with the name of a
        quantity of the ``language``, ``LABEL`` with that of a label, or ``POSITION``, symbols into the sequence.
        """
        if kind == TRUTH:
            return self._truth(detail, language)
        if kind == POSITION:
            return np.concatenate([np.arange(1.0, length + 1) for length in self.lengths.tolist()])
        if kind == LABEL and detail in self.labels_given:
            return np.repeat([float(label == detail) for label in self.labels_given], self.lengths)
        if kind == EXPRESSION:
            text = "\n".join(self.sequences)
            return by_symbol(inside(matches(detail, text), len(text)), self.ends)
        if kind not in ANNOTATIONS:
            raise Fault("There is no such rule; choose one from the list.")
        read = ANNOTATIONS[kind].read
        values = [part for text in self.sequences for part in (read(text), np.full(1, np.nan))]
        return by_symbol(np.concatenate(values), self.ends)

    def _truth(self, name: str, language: Grammar | None) -> Float[np.ndarray, " position"]:
        if language is None or name not in self.truths(language):
            raise Fault("This language has no such quantity; choose one from the list.")
        return self.truths(language)[name]

    def truths(self, language: Grammar) -> dict[str, Float[np.ndarray, " position"]]:
        """Everything that a grammar knows of its strings, worked out once; equal strings have equal truths."""
        if not self._truths:
            known: dict[tuple[str, ...], Quantities] = {}
            strings = self._strings
            for string in set(strings):
                known[string] = quantities(language, string)
            self._truths.update({name: np.concatenate([known[string][name] for string in strings])
                                 for name in known[strings[0]]})
        return self._truths


def names(run: Run) -> Mapping[str, str]:
    """Texts that a run can be searched over and that are here, and their titles: its own first."""
    collections = run.config.task_spec.collections
    return collections(run.config.task_config) if collections and run.reads_texts else {}


def text(run: Run, name: str, units: int) -> SearchedText:
    """Open a text of ``names`` as a run reads it, as far as states of so many units are stored; raises Fault."""
    spec, corpus = run.config.task_spec, () if name == HELD_OUT else (name,)
    if name not in names(run):
        raise Fault("This text is not on this machine; choose another one, or fetch it in the run's lab.")
    assert spec.passages is not None
    labels = spec.passage_labels(run.config.task_config, *corpus) if spec.passage_labels else ()
    passages = spec.passages(run.config.task_config, *corpus)
    most = MOST_SYMBOLS if run.alphabet is not None and run.alphabet.level == "character" else MOST_WORDS
    return _cut(run, passages, max(1, min(most, MOST_NUMBERS // units)), labels)


def typed(run: Run, text: str, most: int) -> SearchedText:
    """A person's own text, prepared as the network's own was: one sequence, or one a line; raises Fault for none."""
    plain, config = text.encode(errors="replace").decode(), run.config
    lines = plain.splitlines() if _apart(run) else [plain.strip()]
    return _cut(run, [config.task_spec.prepare(config.task_config, line) for line in lines if line.strip()], most)


def _apart(run: Run) -> bool:
    """Whether its texts are sequences of their own, not one that runs on."""
    return run.sizes.whole or (run.alphabet is not None and run.alphabet.begin is not None)


def _cut(run: Run, passages: Sequence[str], most: int, labels: Sequence[str] = ()) -> SearchedText:
    """Cut passages into at most so many symbols and the rows in which they are read."""
    alphabet, apart = run.alphabet, _apart(run)
    assert alphabet is not None
    # A network that classifies reads the text alone.
    begin = () if alphabet.begin is None or run.sizes.whole else (alphabet.begin,)
    rows, firsts, symbols, starts, keys = list[np.ndarray](), list[int](), list[str](), list[int](), list[np.ndarray]()
    total, known, kept = 0, dict[str, int](), list[str]()
    for place, passage in enumerate(passages if apart else ["".join(passages)]):
        room = most - len(symbols)
        cut = _symbols(alphabet, passage, room)
        total += max(len(cut), len(passage) if alphabet.level == "character" else apart * (passage.count(" ") + 1))
        cut = cut[:room]
        if not cut:
            continue
        starts.append(len(symbols))
        symbols += map(intern, cut)
        kept += labels[place:place + 1]
        ids = np.array([*begin, *(alphabet.places.get(symbol, alphabet.unknown or 0) for symbol in cut)], np.int64)
        for first, end, counts in windows(len(ids), *_reach(run), len(begin)):
            rows.append(ids[first:end])
            firsts.append(counts - first)
        keys.append(np.full(len(cut), known.setdefault(passage, len(known))) if apart else _blocks(len(cut)))
    if not symbols:
        raise Fault("There is nothing in this text that the network knows; type some of its symbols.")
    return SearchedText(tuple(rows), tuple(firsts), tuple(symbols), alphabet.gap, np.array(starts),
                        np.concatenate(keys), total, alphabet.level, tuple(kept))


def _symbols(alphabet: Vocabulary, passage: str, room: int) -> list[str]:
    """The symbols of a passage that a network can read; of a long one not much more than there is room for."""
    text = passage if alphabet.level == "character" else passage[:room * LONGEST_SYMBOL]
    symbols = list(alphabet.cut(text[:2 * room + 1]) if alphabet.level == "character" else alphabet.cut(text))
    if alphabet.unknown is not None:
        return symbols
    return [symbol for symbol in symbols if symbol in alphabet.places]


def _blocks(length: int) -> Int[np.ndarray, " position"]:
    """Part a running text into stretches, long ones where there is enough of it."""
    size = min(LONGEST_BLOCK, max(SHORTEST_BLOCK, length // FEWEST_BLOCKS))
    return np.arange(length) // size


def _reach(run: Run) -> tuple[int, int]:
    """How many symbols are new in a row, and how many more before them it begins with."""
    if run.core.state:
        return STRETCH, BEFORE
    reach = max(2, run.config.network.reach or run.sizes.longest or STRETCH)
    return reach - reach // 2, reach // 2


def windows(length: int, new: int, before: int, first: int = 0) -> Iterator[tuple[int, int, int]]:
    """Cut a sequence into rows: where each begins, ends, and counts from; each has ``before`` to find its state."""
    end, counts = min(length, new + before), first
    yield 0, end, counts
    while end < length:
        counts, end = end, min(length, end + new)
        yield max(0, counts - before), end, counts
