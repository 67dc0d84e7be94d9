"""Sentiment: read a review word by word and classify it as one of two labels at its end.

Source of the data and of its division into 25,000 + 25,000: Maas et al. 2011.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from seqlab.data import reviews
from seqlab.data.batching import Batch, Plan, Rule
from seqlab.data.texts import Keep, Texts
from seqlab.data.tokens import to_learn, to_test
from seqlab.data.vocabulary import MARKS, Vocabulary
from seqlab.errors import Fault
from seqlab.tasks import Dimensions, Figures, Predict, Recipe, Settings, Task

if TYPE_CHECKING:
    import torch

AT_ONCE = 32_768  # words of one batch of an evaluation, padding counted
LONGEST_EVALUATED = 1024  # words of a review in evaluations; one in two hundred has more


def _named(name: str) -> str:
    try:
        return reviews.checked_name(name)
    except Fault as fault:
        raise ValueError(str(fault)) from None


class SentimentConfig(BaseModel):
    """Settings of the sentiment task.

    ``corpus`` names the reviews: ``imdb``, ``opinions`` (a stand-in that needs no network) or a table that was added.
    ``words`` is the size of the vocabulary, the most frequent words of the training part; all others are one symbol,
    the unknown. In training a review is cut to its ``longest`` words, of which ``keep`` says which; in evaluations to
    1,024. ``labels`` are the names of the labels 0 and 1 (left out: those of the corpus).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: Annotated[str, AfterValidator(_named)] = "opinions"
    words: Annotated[int, Field(ge=10, le=100_000)] = 2_000
    longest: Annotated[int, Field(ge=4, le=LONGEST_EVALUATED)] = 400
    keep: Keep = "both"
    labels: tuple[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=40)]]

    @model_validator(mode="before")
    @classmethod
    def _with_labels(cls, values: object) -> object:
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
    tokens, training, _ = to_learn(corpus)
    return Vocabulary.of_tokens(tokens.counted(training)[:words], "word")


def parts(config: SentimentConfig) -> tuple[Texts, Texts]:
    """Reviews to train on, cut as the config says, and those to validate with; raises Fault."""
    return _parts(config.corpus, config.words, config.longest, config.keep)


@lru_cache(maxsize=2)
def _parts(corpus: str, words: int, longest: int, keep: Keep) -> tuple[Texts, Texts]:
    tokens, training, validation = to_learn(corpus)
    known = _vocabulary(corpus, words)
    return (Texts.of(tokens, training, known, longest, keep),
            Texts.of(tokens, validation, known, LONGEST_EVALUATED, keep))


def dimensions(config: SentimentConfig) -> Dimensions:
    """Sizes for the network: words and marks in, two labels out, one answer to a whole review."""
    return Dimensions(len(MARKS) + config.words, 2, longest=LONGEST_EVALUATED, whole=True)


def batch(config: SentimentConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Take the reviews of a step: of similar length, every one once an epoch."""
    training = parts(config)[0]
    members = _plan(config, size, generator.initial_seed()).members(step)
    return _batch(training, members, generator.device)


@lru_cache(maxsize=4)
def _plan(config: SentimentConfig, size: int, seed: int) -> Plan:
    return Plan(parts(config)[0].lengths, Rule(size=size), seed)


def _batch(texts: Texts, members: np.ndarray, device: "torch.device") -> Batch:
    import torch

    ids, lengths = texts.padded(members)
    targets = torch.from_numpy(texts.labels[members][:, None]).to(device)
    every = torch.ones(targets.shape, device=device)
    return Batch(torch.from_numpy(ids).to(device), targets, every, every, lengths=torch.from_numpy(lengths))


def evaluate(config: SentimentConfig, predict: Predict, generator: "torch.Generator") -> Figures:
    """Evaluate on the validation reviews: mean loss in nats a review, and the share of right labels."""
    right, loss = scores(parts(config)[1], predict, generator.device)
    return {"accuracy": float(right.mean()), "loss": float(loss.mean())}


def final_test(config: SentimentConfig, predict: Predict, device: "torch.device") -> tuple[np.ndarray, np.ndarray]:
    """Evaluate on the test set, once, when nothing will be chosen any more: which reviews are right, and their losses.

    The reviews are always the same and in the same order, so that two networks can be compared one by one.
    """
    tokens, rows = to_test(config.corpus)
    texts = Texts.of(tokens, rows, vocabulary(config), LONGEST_EVALUATED, config.keep)
    return scores(texts, predict, device)


def scores(texts: Texts, predict: Predict, device: "torch.device") -> tuple[np.ndarray, np.ndarray]:
    """Whether each text is classified right, and its loss in nats."""
    right, loss = np.zeros(len(texts.labels), bool), np.zeros(len(texts.labels))
    for members in _alike(texts.lengths):
        part = _batch(texts, members, device)
        log_p = predict(part.inputs, None, part.lengths)[:, 0].log_softmax(-1)
        loss[members] = -log_p.gather(1, part.targets)[:, 0].double().cpu().numpy()
        right[members] = (log_p.max(-1, keepdim=True).indices == part.targets)[:, 0].cpu().numpy()
    return right, loss


def _alike(lengths: np.ndarray) -> Iterator[np.ndarray]:
    """Cut texts into groups of similar length, each of at most ``AT_ONCE`` words with its padding."""
    order, first = lengths.argsort(kind="stable"), 0
    while first < len(order):
        count = max(1, AT_ONCE // max(1, int(lengths[order[min(first + 512, len(order)) - 1]])))
        count = min(count, 512)
        yield order[first:first + count]
        first += count


def _imdb(label: str, note: str, network: Settings, lr: float, *, longest: int = 256, epochs: int = 2,
          **optimiser: object) -> Recipe:
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
        "Two gates decide what stays in the state.",
        {"model": "gru", "hidden": 128, "embedding": 128, "dropout": 0.5}, 0.004, longest=400, epochs=3),
    "lstm": _imdb(
        "IMDb, LSTM",
        "Three gates and a cell that keeps what they let in.",
        {"model": "lstm", "hidden": 128, "embedding": 64, "dropout": 0.4}, 0.004, longest=400, epochs=3),
    "encoder": _imdb(
        "IMDb, transformer encoder",
        "Every word sees all others, before it and after it; padding is hidden from them.",
        _SMALL | {"model": "encoder", "heads": 2, "positions": "learned", "context": LONGEST_EVALUATED, "dropout": 0.2},
        0.002, longest=128, warmup=60),
}

# Shipped networks are small, since most of their weights are those of words, and so need less dropout.
_SHIPPED: dict[str, tuple[str, Settings]] = {
    "lstm": ("LSTM", {"hidden": 64}), "mlp": ("MLP", {"hidden": 128, "dropout": 0.1, "spread": 0.1})}
_SHIPPED_WORDS, _SHIPPED_EMBEDDING = 6000, 32


def shipped() -> dict[str, Settings]:
    """Config of each shipped run by its id."""
    return {f"sentiment-{recipe}": (base := RECIPES[recipe].config) | {
        "name": f"{model}, IMDb", "seed": 1, "evaluate_every": 50, "task": base["task"] | {"words": _SHIPPED_WORDS},
        "network": base["network"] | network | {"embedding": _SHIPPED_EMBEDDING}}
        for recipe, (model, network) in _SHIPPED.items()}


TASK = Task("sentiment", "Sentiment", SentimentConfig, dimensions, batch, evaluate, RECIPES, chance=0.5,
            vocabulary=vocabulary, labels=lambda config: config.labels, shipped=shipped, shipped_bytes=3_000_000)
