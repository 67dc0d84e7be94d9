"""Opened: what a network from a file reads and answers. Its data stayed with its owner; a person may attach other."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from seqlab.data import corpora
from seqlab.data.preparation import PREPARATIONS
from seqlab.data.vocabulary import Vocabulary
from seqlab.described import Described
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.reference.reading import windows
from seqlab.tasks import CorpusName, Dimensions, Recipe, Rows, Task, no_data
from seqlab.tasks.opened_data import TRAINED, batch, evaluate, known

Answers = Literal["next", "echo", "class", "other"]
MOST_SYMBOLS, LONGEST_SYMBOL = 200_000, 64  # that a network reads; characters
MOST_NAMED = 20_000  # of its symbols that have names
REACH = 128  # symbols that are read at once where the network says nothing of it
MARKS = (("<unk>", "<UNK>", "[UNK]", "unk", "UNK", "\ufffd"), ("<bos>", "<BOS>", "[BOS]", "<s>", "<sos>", "<SOS>", "⊢"),
         ("<eos>", "<EOS>", "[EOS]", "</s>", "⏎"), ("<pad>", "<PAD>", "[PAD]", "∅"))  # unknown, begin, end, padding
Symbol = Annotated[str, Field(min_length=1, max_length=LONGEST_SYMBOL)]


class OpenedConfig(Described):
    """What a network from a file reads and answers, and what it can be trained on, where anything."""

    symbols: Annotated[tuple[Symbol, ...], Field(max_length=MOST_NAMED)] = ()
    """What the symbols are that it reads, in the order of their ids; left out, they are numbers."""
    count: Annotated[int, Field(ge=1, le=MOST_SYMBOLS)] = 2
    """How many symbols it reads."""
    outputs: Annotated[int, Field(ge=1, le=MOST_SYMBOLS)] = 2
    """How many logits it answers with."""
    labels: Annotated[tuple[Annotated[str, Field(max_length=LONGEST_SYMBOL)], ...], Field(max_length=MOST_NAMED)] = ()
    """What the logits stand for; left out, they are the symbols where there are as many, else numbers."""
    answers: Answers = "other"
    """What it answers with: its own next input, an echo, one class for a whole sequence, or something else."""
    delay: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """How many steps later it repeats what it read; left out, a condition says how many."""
    conditions: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Values of a condition that is given as an input beside the symbols; 0: there is none."""
    longest: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Most symbols that it reads at once; 0: any number."""
    join: Annotated[str, Field(max_length=4)] = ""
    """What stands between two symbols of a text."""
    corpus: CorpusName | None = None
    """Text whose windows it can be trained on, where it predicts its next input."""
    preparation: Literal["letters", "plain", "whole"] = "whole"
    """What is left of that text: letters alone, letters and marks, or all of it."""
    random: bool = False
    """Whether it can be trained on random symbols, where it repeats."""
    window: Annotated[int, Field(ge=2, le=1024)] = 64
    """Symbols of a sequence that it is trained on."""

    @model_validator(mode="after")
    def _fits(self) -> "OpenedConfig":
        for names, size, what in ((self.symbols, self.count, "reads {} symbols"),
                                  (self.labels, self.outputs, "has {} outputs")):
            if names and len(names) != size:
                raise ValueError(f"the network {what.format(size)}, and {len(names)} were named; name each of them, or "
                                 "leave them numbers")
            if len(set(names)) < len(names):
                twice = next(name for place, name in enumerate(names) if name in names[:place])
                raise ValueError(f"the name {twice!r:.40} stands for two; all names must be different")
        if self.corpus is not None and self.answers != "next":
            raise ValueError("a text can be attached to a network that predicts the next symbol of a text alone")
        if self.random and (self.answers != "echo" or (self.delay is None and not self.conditions)):
            raise ValueError("random symbols can be attached to a network alone that repeats after a known delay")
        if self.longest and self.has_data and self.window > self.longest:
            raise ValueError(f"windows of {self.window} symbols are longer than the {self.longest} that this network "
                             "reads at once; take shorter ones")
        if self.answers in ("next", "echo") and self.outputs != self.count:
            raise ValueError(f"a network that reads {self.count} symbols and has {self.outputs} outputs cannot answer "
                             "with a symbol; say that it answers with a class, or with something else")
        return self

    @property
    def alphabet(self) -> Vocabulary:
        """The symbols that it reads; numbers where they have no names."""
        return _alphabet(self.symbols, self.count)

    @property
    def has_data(self) -> bool:
        """Whether there is something to train it on."""
        return self.corpus is not None or self.random

    def repeats_after(self, condition: int | None) -> int | None:
        """How many steps later it repeats what it read; None for a network that does something else."""
        return None if self.answers != "echo" else self.delay if self.delay is not None else condition


@lru_cache(maxsize=16)
def _alphabet(symbols: tuple[str, ...], count: int) -> Vocabulary:
    names = symbols or tuple(map(str, range(count)))
    unknown, begin, end, pad = (next((names.index(name) for name in known if name in names), None) for known in MARKS)
    plain = all(len(name) == 1 for place, name in enumerate(names) if place not in (unknown, begin, end, pad))
    return Vocabulary(names, unknown, begin, end, pad, "character" if plain and symbols else "word")


def dimensions(config: OpenedConfig) -> Dimensions:
    """Sizes for the network: those that its weights have."""
    return Dimensions(config.count, config.outputs, config.conditions, memory=config.delay or 0,
                      longest=config.longest, whole=config.answers == "class")


def labels(config: OpenedConfig) -> Sequence[str]:
    """Names of the outputs: their own, those of the symbols where there are as many, else numbers."""
    same = config.outputs == config.count and config.answers in ("next", "echo")
    return config.labels or (tuple(config.alphabet.symbols) if same else tuple(map(str, range(config.outputs))))


def passages(config: OpenedConfig, corpus: str | None = None) -> tuple[str, ...]:
    """All of a corpus, or the end of the one that was attached, which is held out; none where there is none."""
    if corpus is None and config.corpus is None:
        return ()
    text = corpora.prepared(corpus or str(config.corpus), config.preparation)
    return (text if corpus is not None else text[int(TRAINED * len(text)):],)


def scoring(config: OpenedConfig, texts: Sequence[str] = ()) -> Rows:
    """Give windows of texts, half overlapping, each with the first time that is scored; raises Fault for none."""
    texts = texts or passages(config)
    if not texts:
        no_data()
    reach, ids = config.longest or REACH, known(config.alphabet, "".join(texts))
    if len(ids) <= reach:
        raise Fault(f"The text has {counted(len(ids), 'symbol')} that this network knows, too few for windows of "
                    f"{reach}; take a longer one.")
    for begin, end, first in windows(len(ids) - 1, reach):
        yield ids[None, begin:end + 1], first - begin


RECIPES: dict[str, Recipe] = {}
TASK = Task("opened", "Opened", OpenedConfig, dimensions, batch, evaluate, RECIPES,
            has_data=lambda config: config.has_data,
            next_symbol=lambda config: config.answers == "next", passages=passages, scoring=scoring, labels=labels,
            collections=lambda config: corpora.here(config.corpus) if config.answers == "next" else {},
            prepare=lambda config, text: PREPARATIONS[config.preparation](text),
            alphabet=lambda config: config.alphabet.symbols, repeats=OpenedConfig.repeats_after)
