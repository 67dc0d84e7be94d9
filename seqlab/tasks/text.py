"""Text: read a book character by character and say each time which one comes next.

Source of the split ``d2l`` and of the letters: Zhang et al., *Dive into Deep Learning*, chapter 9.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from string import ascii_lowercase
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from jaxtyping import Int
from pydantic import BaseModel, ConfigDict, Field, model_validator

from seqlab.data.batching import Batch
from seqlab.data.corpora import checked_name, prepared
from seqlab.data.vocabulary import Vocabulary, letters_of
from seqlab.errors import Fault
from seqlab.tasks import MOST_LETTERS, CorpusName, Dimensions, Letters, Recipe, Task

if TYPE_CHECKING:
    import torch

LETTERS = f" {ascii_lowercase}"
LONGEST = 2048  # characters of a window
D2L_WINDOWS = 10_000, 5_000  # to train on and to validate on; each starts one character after the one before
SHARE = 0.9  # of the text that is learned from, where it is split by position
FAR = 256  # characters that a state which is carried on is judged over, at least
AT_ONCE = 65_536  # characters that a network reads in one go while it is judged


class TextConfig(BaseModel):
    """Settings of the text task.

    ``corpus`` and ``preparation`` name a text and what is kept of it; ``letters`` are the characters that the network
    knows (left out: those of the part that is learned from). ``num_steps`` is how many characters a window has.
    ``split``: by position, 90 % to learn from and the last 10 % to judge by; or as d2l has it, with 10,000 windows
    and the 5,000 after them, which overlap. With ``carry`` the windows follow one another and the state goes on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: CorpusName = "time-machine"
    preparation: Literal["letters", "plain", "whole"] = "letters"
    letters: Letters = ""
    split: Literal["position", "d2l"] = "position"
    num_steps: Annotated[int, Field(ge=1, le=LONGEST)] = 64
    carry: bool = False

    @model_validator(mode="before")
    @classmethod
    def _with_letters(cls, values: Any) -> Any:
        if not isinstance(values, dict) or values.get("letters"):
            return values
        if values.get("preparation", "letters") == "letters":
            return values | {"letters": LETTERS}
        try:
            return values | {"letters": _known(checked_name(str(values.get("corpus"))), str(values["preparation"]))}
        except (Fault, KeyError) as fault:
            raise ValueError(str(fault)) from None

    @property
    def alphabet(self) -> Vocabulary:
        """What the network can read and say: a mark for unknown characters, then its letters."""
        return Vocabulary.of_text(self.letters)

    @property
    def reach(self) -> int:
        """Characters of a window that judges."""
        return max(self.num_steps, FAR) if self.carry else self.num_steps


@lru_cache(maxsize=16)
def _known(corpus: str, preparation: str) -> str:
    """Characters of what is learned from, where a text is split by position."""
    text = prepared(corpus, preparation)
    return letters_of([text[:spans(len(text), "position", 0)[0].stop]], MOST_LETTERS)


def parts(config: TextConfig) -> tuple[Int[np.ndarray, " learned"], Int[np.ndarray, " judging"]]:
    """Ids of what is learned from and of what judges; raises Fault where the text is too short for the windows."""
    return _parts(config.corpus, config.preparation, config.letters, config.split, config.reach)


@lru_cache(maxsize=4)
def _parts(corpus: str, preparation: str, letters: str, split: str,
           reach: int) -> tuple[Int[np.ndarray, " learned"], Int[np.ndarray, " judging"]]:
    ids = Vocabulary.of_text(letters).encode(prepared(corpus, preparation)).astype(np.int16)
    found = spans(len(ids), split, reach)
    if min(map(len, found)) <= reach:
        raise Fault(f"The text has {len(ids):,} character{'s' * (len(ids) != 1)}, too few for windows of {reach}; take "
                    "a longer text, or fewer characters a window.")
    learned, judging = (ids[span.start:span.stop] for span in found)
    return learned, judging


def spans(length: int, split: str, reach: int) -> tuple[range, range]:
    """Places in a text of what is learned from and of what judges; those of ``d2l`` have ``reach`` in common."""
    if split == "position":
        cut = int(SHARE * length)
        return range(cut), range(cut, length)
    windows = max(0, length - reach)
    learned = min(D2L_WINDOWS[0], windows * 2 // 3)
    judging = min(D2L_WINDOWS[1], windows - learned)
    return range(learned + reach), range(learned, learned + judging + reach)


def dimensions(config: TextConfig) -> Dimensions:
    """Sizes for the network: as many symbols in and out as it knows characters, and the mark for all others."""
    size = len(config.letters) + 1
    return Dimensions(size, size, longest=config.reach, carry=config.carry)


def batch(config: TextConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Draw windows at random places, or with ``carry`` the windows that follow those of the step before.

    So 10,000 windows in batches of 1,000 are an epoch's worth in 10 steps, each window drawn once on average.
    """
    import torch

    learned = _on(config, generator.device)
    time = torch.arange(config.num_steps + 1, device=generator.device)
    if config.carry:
        starts, place = lanes(len(learned), size, config.num_steps, step)
        first = torch.tensor(starts, device=generator.device)
    else:
        first = torch.randint(len(learned) - config.num_steps, (size,), generator=generator, device=generator.device)
        place = None
    window = learned[first[:, None] + time].long()
    every = torch.ones_like(window[:, 1:], dtype=torch.float32)
    return Batch(window[:, :-1].contiguous(), window[:, 1:].contiguous(), every, every, place=place)


def lanes(length: int, size: int, num_steps: int, step: int) -> tuple[list[int], int]:
    """Cut a text into as many lanes as a batch has sequences; say where each is at a step, and how many came before."""
    lane = (length - 1) // size
    if lane < num_steps:
        raise Fault(f"A text of {length:,} characters cannot be read in {size} places at once, {num_steps} characters "
                    "a step; take a smaller batch.")
    place = step % (lane // num_steps)
    return [row * lane + place * num_steps for row in range(size)], place


@lru_cache(maxsize=4)
def _on(config: TextConfig, device: "torch.device") -> "torch.Tensor":
    import torch

    return torch.from_numpy(parts(config)[0]).to(device)


def evaluate(config: TextConfig, predict: Callable[..., "torch.Tensor"],
             generator: "torch.Generator") -> dict[str, Any]:
    """Judge by the part that was not learned from: mean loss in nats a character, and the share of right guesses."""
    import torch
    from torch.nn import functional as F  # noqa: N812

    loss = right = count = 0.0
    for window, judged in judging(config):
        ids = torch.from_numpy(window.astype(np.int64)).to(generator.device)
        logits, targets = predict(ids[:, :-1], None)[:, judged:], ids[:, 1 + judged:]
        loss += F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum").item()
        right += (logits.argmax(-1) == targets).sum().item()
        count += targets.numel()
    return {"accuracy": right / count, "loss": loss / count}


def passages(config: TextConfig, corpus: str | None = None) -> tuple[str, ...]:
    """The text that judges, or all of another corpus, prepared as the network is used to; raises Fault."""
    if corpus is not None:
        return (prepared(corpus, config.preparation),)
    text = prepared(config.corpus, config.preparation)
    held = spans(len(text), config.split, config.reach)[1]
    return (text[held.start:held.stop],)


def judging(config: TextConfig, texts: Sequence[str] = ()) -> Iterator[tuple[Int[np.ndarray, "window time"], int]]:
    """Give windows to judge by, and from which time on: all that d2l has, or half overlapping ones.

    Of a window by position only the second half is judged, but of the very first one all, so that every character is
    judged once, with at least half a window before it. Other ``texts`` are read whole, by d2l's split in windows that
    do not overlap, where a character has on average as many before it. Raises Fault for a text that is too short.
    """
    ids, reach = _ids(config, texts) if texts else parts(config)[1], config.reach
    windows = np.lib.stride_tricks.sliding_window_view(ids, reach + 1)
    judged = 0
    if config.split == "d2l":
        windows = windows[::reach] if texts else windows
    elif reach > 1:
        yield windows[:1], 0
        judged = reach // 2
        windows = windows[reach - judged::reach - judged]
    for first in range(0, len(windows), most := max(1, AT_ONCE // reach)):
        yield windows[first:first + most], judged


def _ids(config: TextConfig, texts: Sequence[str]) -> Int[np.ndarray, " time"]:
    ids = config.alphabet.encode("".join(texts)).astype(np.int16)
    if len(ids) <= config.reach:
        raise Fault(f"The text has {len(ids):,} characters, too few for windows of {config.reach}; take a longer one.")
    return ids


_BOOK: dict[str, Any] = {"task": {"name": "text"}, "batch": 64, "evaluate_every": 100,
                         "optimiser": {"lr": 0.003, "decay": "linear", "clip": 1.0}}
RECIPES = {
    "fast": Recipe(
        "The Time Machine, GRU",
        "Reads the whole book, letters only, and is judged by its last tenth. Writes words after half a minute.",
        _BOOK | {"steps": 1200, "network": {"model": "gru", "hidden": 256, "dropout": 0.3}}),
    "long": Recipe(
        "The Time Machine, large GRU",
        "The same with more units, silenced more often, for some five minutes: the lowest perplexity of these.",
        _BOOK | {"steps": 1600, "network": {"model": "gru", "hidden": 384, "embedding": 128, "dropout": 0.4}}),
    "transformer": Recipe(
        "The Time Machine, transformer",
        "The same book by attention: it looks up to 64 characters back, and keeps no state.",
        _BOOK | {"batch": 32, "steps": 2000,
                 "network": {"model": "transformer", "hidden": 128, "layers": 3, "heads": 4, "dropout": 0.1},
                 "optimiser": {"name": "adamw", "lr": 0.002, "warmup": 100, "decay": "linear", "clip": 1.0}}),
    "chapter": Recipe(
        "The chapter's own RNN",
        "As published: 10,000 windows of 32 letters, one-hot, 32 tanh units, SGD at 1, 100 epochs.",
        {"task": {"name": "text", "split": "d2l", "num_steps": 32}, "batch": 1024, "steps": 1000, "evaluate_every": 10,
         "network": {"model": "rnn_tanh", "hidden": 32, "input": "one-hot", "initialisation": "normal"},
         "optimiser": {"name": "sgd", "lr": 1.0, "clip": 1.0}}),
    "python": Recipe(
        "Python's language reference",
        "A text that comes with Python, so it needs no network: capitals, digits and punctuation too.",
        _BOOK | {"task": {"name": "text", "corpus": "python-topics", "preparation": "plain", "num_steps": 96},
                 "steps": 1500, "network": {"model": "gru", "hidden": 256, "dropout": 0.1}}),
}

TASK = Task("text", "Text", TextConfig, dimensions, batch, evaluate, RECIPES, next_symbol=True,
            passages=passages, judging=judging, alphabet=lambda config: config.alphabet.symbols)
