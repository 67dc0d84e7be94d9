"""Sentiment: read a review word by word and say which of two labels it has, once at its end.

Source of the data and of its division into 25,000 + 25,000: Maas et al. 2011.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from seqlab.data import reviews
from seqlab.data.batching import Batch, Plan, Rule
from seqlab.data.texts import Texts
from seqlab.data.tokens import to_learn, to_test
from seqlab.data.vocabulary import MARKS, Vocabulary
from seqlab.errors import Fault
from seqlab.tasks import Dimensions, Recipe, Task

if TYPE_CHECKING:
    import torch

AT_ONCE = 32_768  # words, padding counted, that a network reads in one go while it is judged
MOST_JUDGED = 1024  # words of a review that judge; one in two hundred has more
Predict = Callable[..., "torch.Tensor"]


def _named(name: str) -> str:
    try:
        return reviews.checked_name(name)
    except Fault as fault:
        raise ValueError(str(fault)) from None


class SentimentConfig(BaseModel):
    """Settings of the sentiment task.

    ``corpus`` names the reviews: ``imdb``, ``opinions`` (a stand-in that needs no network) or a table that was added.
    ``words`` is how many words the network may know, the most frequent of what is learned from; all others are one
    symbol, the unknown. In training a review is cut to its ``longest`` words, of which ``keep`` says which; it is
    judged by up to 1,024. ``labels`` are the names of the labels 0 and 1 (left out: those of the corpus).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: Annotated[str, AfterValidator(_named)] = "opinions"
    words: Annotated[int, Field(ge=10, le=100_000)] = 2_000
    longest: Annotated[int, Field(ge=4, le=MOST_JUDGED)] = 400
    keep: Literal["start", "end", "both"] = "both"
    labels: tuple[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=40)]]

    @model_validator(mode="before")
    @classmethod
    def _with_labels(cls, values: Any) -> Any:
        if not isinstance(values, dict) or values.get("labels"):
            return values
        try:
            return values | {"labels": reviews.labels(str(values.get("corpus", "opinions")))}
        except Fault as fault:
            raise ValueError(str(fault)) from None


def vocabulary(config: SentimentConfig) -> Vocabulary:
    """Words that the network knows, the most frequent first, behind the marks; raises Fault."""
    return _vocabulary(config.corpus, config.words)


@lru_cache(maxsize=8)
def _vocabulary(corpus: str, words: int) -> Vocabulary:
    tokens, learned, _ = to_learn(corpus)
    return Vocabulary.of_tokens(tokens.counted(learned)[:words], "word")


def parts(config: SentimentConfig) -> tuple[Texts, Texts]:
    """Reviews to learn from, cut as the config says, and those to validate with; raises Fault."""
    return _parts(config.corpus, config.words, config.longest, config.keep)


@lru_cache(maxsize=2)
def _parts(corpus: str, words: int, longest: int, keep: Any) -> tuple[Texts, Texts]:
    tokens, learned, validation = to_learn(corpus)
    known = _vocabulary(corpus, words)
    return (Texts.of(tokens, learned, known, longest, keep), Texts.of(tokens, validation, known, MOST_JUDGED, keep))


def dimensions(config: SentimentConfig) -> Dimensions:
    """Sizes for the network: words and marks in, two labels out, one answer to a whole review."""
    return Dimensions(len(MARKS) + config.words, 2, longest=MOST_JUDGED, whole=True)


def batch(config: SentimentConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Take the reviews of a step: of similar length, every one once an epoch."""
    learned = parts(config)[0]
    members = _plan(config, size, generator.initial_seed()).members(step)
    return _batch(learned, members, generator.device)


@lru_cache(maxsize=4)
def _plan(config: SentimentConfig, size: int, seed: int) -> Plan:
    return Plan(parts(config)[0].lengths, Rule(size=size), seed)


def _batch(texts: Texts, members: np.ndarray, device: "torch.device") -> Batch:
    import torch

    ids, lengths = texts.padded(members)
    targets = torch.from_numpy(texts.labels[members][:, None]).to(device)
    every = torch.ones(targets.shape, device=device)
    return Batch(torch.from_numpy(ids).to(device), targets, every, every, lengths=torch.from_numpy(lengths))


def evaluate(config: SentimentConfig, predict: Predict, generator: "torch.Generator") -> dict[str, Any]:
    """Judge by the reviews that were put aside for it: mean loss in nats a review, and the share of right labels."""
    right, loss = judged(parts(config)[1], predict, generator.device)
    return {"accuracy": float(right.mean()), "loss": float(loss.mean())}


def final_test(config: SentimentConfig, predict: Predict, device: "torch.device") -> tuple[np.ndarray, np.ndarray]:
    """Judge by the test set, once, when nothing will be chosen any more: which reviews are right, and the loss of each.

    The reviews are always the same and in the same order, so that two networks can be compared one by one.
    """
    tokens, rows = to_test(config.corpus)
    texts = Texts.of(tokens, rows, vocabulary(config), MOST_JUDGED, config.keep)
    return judged(texts, predict, device)


def judged(texts: Texts, predict: Predict, device: "torch.device") -> tuple[np.ndarray, np.ndarray]:
    """Say of each text whether its label is right, and the loss in nats."""
    right, loss = np.zeros(len(texts.labels), bool), np.zeros(len(texts.labels))
    for members in _alike(texts.lengths):
        drawn = _batch(texts, members, device)
        log_p = predict(drawn.inputs, None, drawn.lengths)[:, 0].log_softmax(-1)
        loss[members] = -log_p.gather(1, drawn.targets)[:, 0].double().cpu().numpy()
        right[members] = (log_p.max(-1, keepdim=True).indices == drawn.targets)[:, 0].cpu().numpy()
    return right, loss


def _alike(lengths: np.ndarray) -> Iterator[np.ndarray]:
    """Cut texts into groups of similar length, each of at most ``AT_ONCE`` words with its padding."""
    order, first = lengths.argsort(kind="stable"), 0
    while first < len(order):
        count = max(1, AT_ONCE // max(1, int(lengths[order[min(first + 512, len(order)) - 1]])))
        count = min(count, 512)
        yield order[first:first + count]
        first += count


def _imdb(label: str, note: str, network: dict[str, Any], lr: float, *, longest: int = 256, epochs: int = 2,
          **optimiser: Any) -> Recipe:
    """Make a recipe for IMDb's reviews; an epoch is 313 batches of 64."""
    return Recipe(label, note, {
        "task": {"name": "sentiment", "corpus": "imdb", "words": 20_000, "longest": longest}, "batch": 64,
        "steps": 313 * epochs, "evaluate_every": 313,
        "network": {"pooling": "max", "spread": 0.1} | network,
        "optimiser": {"lr": lr, "decay": "linear", "clip": 1.0} | optimiser})


_SMALL = {"hidden": 64, "embedding": 64, "dropout": 0.3}
RECIPES: dict[str, Recipe] = {
    "fast": Recipe(
        "Made-up reviews, LSTM",
        "Reviews that a small grammar writes, so no network is needed. Half a minute; order matters in them.",
        {"task": {"name": "sentiment", "words": 200}, "batch": 64, "steps": 500, "evaluate_every": 50,
         "network": {"model": "lstm", "hidden": 48, "embedding": 24, "pooling": "max"},
         "optimiser": {"lr": 0.005, "decay": "linear", "clip": 1.0}}),
    "fast-mlp": Recipe(
        "Made-up reviews, MLP",
        "The same reviews, each word by itself: it cannot know what “not” belongs to.",
        {"task": {"name": "sentiment", "words": 200}, "batch": 64, "steps": 500, "evaluate_every": 50,
         "network": {"model": "dense", "hidden": 48, "embedding": 24, "pooling": "max"},
         "optimiser": {"lr": 0.005, "decay": "linear", "clip": 1.0}}),
    "mlp": _imdb(
        "IMDb, MLP",
        "Embedding, linear layer, ReLU, global max pool, linear layer: no word knows its neighbours.",
        {"model": "dense", "hidden": 300, "embedding": 300, "dropout": 0.4, "spread": 0.03}, 0.002, longest=400,
        epochs=3),
    "elman": _imdb(
        "IMDb, our own Elman network",
        "Input and old state side by side, one matrix: the simplest network that reads on.",
        _SMALL | {"model": "elman"}, 0.003, epochs=3),
    "rnn": _imdb(
        "IMDb, torch's RNN",
        "The same formula, as torch has it: two matrices and two biases.",
        _SMALL | {"model": "rnn_tanh"}, 0.003, epochs=3),
    "gru": _imdb(
        "IMDb, GRU",
        "Two gates decide what is kept.",
        {"model": "gru", "hidden": 128, "embedding": 128, "dropout": 0.5}, 0.004, longest=400, epochs=3),
    "lstm": _imdb(
        "IMDb, LSTM",
        "Three gates and a cell that keeps what they let in.",
        {"model": "lstm", "hidden": 128, "embedding": 64, "dropout": 0.4}, 0.004, longest=400, epochs=3),
    "encoder": _imdb(
        "IMDb, transformer encoder",
        "Every word sees all others, before it and after it; padding is hidden from them.",
        _SMALL | {"model": "encoder", "heads": 2, "positions": "learned", "context": MOST_JUDGED, "dropout": 0.2},
        0.002, longest=128, warmup=60),
}

TASK = Task("sentiment", "Sentiment", SentimentConfig, dimensions, batch, evaluate, RECIPES, chance=0.5,
            vocabulary=vocabulary, labels=lambda config: config.labels)
