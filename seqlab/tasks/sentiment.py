"""Sentiment: read a review word by word and classify it as one of two or more labels at its end.

Source of the data and of its division into 25,000 + 25,000: Maas et al. 2011.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from seqlab.data import reviews
from seqlab.data.batching import Batch, Batching, Plan
from seqlab.data.reader import LONGEST_LABEL, MOST_LABELS
from seqlab.data.review_preparation import PREPARATIONS, Name, ReviewPreparation
from seqlab.data.texts import Keep, Texts, cut
from seqlab.data.tokens import Part, to_develop
from seqlab.data.vocabulary import MARKS, Vocabulary
from seqlab.errors import Fault
from seqlab.tasks import HELD_OUT, Dimensions, Figures, Predict, Task
from seqlab.tasks.sentiment_recipes import LONGEST, RECIPES, shipped

if TYPE_CHECKING:
    import torch

AT_ONCE = 32_768  # words of one batch of an evaluation, padding counted
MOST_WORDS = 4096  # of a review; IMDb's longest has 2,514


def _named(name: str) -> str:
    try:
        return reviews.checked_name(name)
    except Fault as fault:
        raise ValueError(str(fault)) from None


class SentimentConfig(Batching):
    """Settings of the sentiment task, beside those of its batches."""

    corpus: Annotated[str, AfterValidator(_named)] = "opinions"
    """Which reviews it learns from: IMDB's, a stand-in that needs no network, or a table that was added."""
    preparation: Name = "seqlab"
    """Which letters make words, which words are known, and what validates; said beside it. Figures of different
    preparations cannot be compared."""
    words: Annotated[int, Field(ge=10, le=100_000)] = 2_000
    """Size of the vocabulary: the most frequent words; all others are one symbol, the unknown."""
    longest: Annotated[int, Field(ge=4, le=MOST_WORDS)] = 400
    """Words of a review in training; of a longer one it keeps as many. Evaluations read up to 1,024."""
    keep: Keep = "both"
    """Which part of a longer review is kept: its start, its end, or half of each."""
    alike: bool = True
    """Reviews of similar length come together: little padding, so it is quicker."""
    labels: Annotated[tuple[Annotated[str, Field(max_length=LONGEST_LABEL)], ...],
                      Field(min_length=2, max_length=MOST_LABELS)]
    """Names of the labels 0, 1 and so on; left out, those of the corpus."""

    @model_validator(mode="before")
    @classmethod
    def _with_labels(cls, values: object) -> object:
        if not isinstance(values, dict) or values.get("labels"):
            return values
        try:
            labels = reviews.labels(str(values.get("corpus", "opinions")))
        except Fault as fault:
            raise ValueError(str(fault)) from None
        way = PREPARATIONS.get(str(values.get("preparation")))
        return values | {"labels": labels[::-1] if way and way.swapped else labels}

    @property
    def most_tokens(self) -> int:
        """Words of the longest review in training."""
        return self.longest

    @property
    def evaluated(self) -> int:
        """Words of the longest review in evaluations."""
        return max(LONGEST, self.longest)

    @property
    def way(self) -> ReviewPreparation:
        """How its reviews are prepared."""
        return PREPARATIONS[self.preparation]

    def named(self, label: int) -> str:
        """Name the label that a review has in its collection."""
        return str(self.labels[len(self.labels) - 1 - label if self.way.swapped else label])


def vocabulary(config: SentimentConfig) -> Vocabulary:
    """Words that the network knows, the most frequent first, behind the marks; raises Fault."""
    return _vocabulary(config.corpus, config.preparation, config.words)


@lru_cache(maxsize=8)
def _vocabulary(corpus: str, preparation: Name, words: int) -> Vocabulary:
    return Vocabulary.of_tokens(PREPARATIONS[preparation].vocabulary(corpus)[:words], "word")


def parts(config: SentimentConfig) -> tuple[Texts, Texts]:
    """Reviews to train on, cut as the config says, and those to validate with; raises Fault."""
    training, validation = _parts(config.corpus, config.preparation, config.words, config.longest, config.keep)
    if (count := 1 + int(max(training.labels.max(), validation.labels.max()))) > len(config.labels):
        raise Fault(f"These texts have {count} labels, and {len(config.labels)} are named; name each of them.")
    return training, validation


@lru_cache(maxsize=2)
def _parts(corpus: str, preparation: Name, words: int, longest: int, keep: Keep) -> tuple[Texts, Texts]:
    way, known = PREPARATIONS[preparation], _vocabulary(corpus, preparation, words)
    training, validation = way.parts(corpus)
    if not len(training.rows) or not len(validation.rows):
        raise Fault("These texts have too few different words to divide them into training and validation; take a "
                    "table with more different texts.")
    return (Texts.of(training, known, longest, keep, way.swapped),
            Texts.of(validation, known, max(LONGEST, longest), keep, way.swapped))


def dimensions(config: SentimentConfig) -> Dimensions:
    """Sizes for the network: words and marks in, labels out, one answer to a whole review."""
    return Dimensions(len(MARKS) + config.words, len(config.labels), longest=config.evaluated,
                      packed=config.padding == "pack", ragged=True, whole=True)


def plan(config: SentimentConfig, size: int, seed: int = 0) -> Plan:
    """Say which reviews each batch holds, and how many batches an epoch has; raises Fault."""
    return _plan(config, size, seed)


@lru_cache(maxsize=4)
def _plan(config: SentimentConfig, size: int, seed: int) -> Plan:
    return Plan(parts(config)[0].lengths, config.rule(size), seed)


def batch(config: SentimentConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Take the reviews of a step, every one once an epoch, in an order that seed and step alone decide."""
    training = parts(config)[0]
    members = plan(config, size, generator.initial_seed()).members(step)
    return _batch(training, members, generator.device, config.packs(training.lengths[members]))


def passages(config: SentimentConfig, corpus: str | None = None) -> tuple[str, ...]:
    """The validation reviews, or all that are no test of another collection, as the network reads them; raises Fault.

    They come in a fixed random order, for their own begins with those of one label.
    """
    part = _shuffled(config, corpus)
    words, starts = np.array(part.tokens.words, object), part.tokens.starts
    rows = (part.tokens.ids[starts[row]:starts[row + 1]] for row in part.rows.tolist())
    return tuple(" ".join(words[cut(ids, config.evaluated, config.keep)]) for ids in rows)


def passage_labels(config: SentimentConfig, corpus: str | None = None) -> tuple[str, ...]:
    """The name of the label of each of ``passages``; raises Fault."""
    names = reviews.labels(corpus or config.corpus)
    own = names if corpus is not None else [config.named(label) for label in range(len(config.labels))]
    return tuple(own[label] for label in _shuffled(config, corpus).labels.tolist())


def _shuffled(config: SentimentConfig, corpus: str | None) -> Part:
    part = config.way.parts(config.corpus)[1] if corpus is None else to_develop(corpus, config.way.reader)
    return part.chosen(np.random.default_rng(0).permutation(part.rows))


def _batch(texts: Texts, members: np.ndarray, device: "torch.device", packed: bool = False) -> Batch:
    import torch

    ids, lengths = texts.padded(members)
    targets = torch.from_numpy(texts.labels[members][:, None]).to(device)
    every = torch.ones(targets.shape, device=device)
    return Batch(torch.from_numpy(ids).to(device), targets, every, every, lengths=torch.from_numpy(lengths),
                 packed=packed)


def evaluate(config: SentimentConfig, predict: Predict, generator: "torch.Generator") -> Figures:
    """Evaluate on the validation reviews: mean loss in nats a review, and the share of right labels."""
    right, loss = scores(parts(config)[1], predict, generator.device)
    return {"accuracy": float(right.mean()), "loss": float(loss.mean())}


def final_test(config: SentimentConfig, predict: Predict, device: "torch.device") -> tuple[np.ndarray, np.ndarray]:
    """Evaluate on the test set, once, when nothing will be chosen any more: which reviews are right, and their losses.

    The reviews are always the same and in the same order, so that two networks can be compared one by one.
    """
    texts = Texts.of(config.way.tested(config.corpus), vocabulary(config), config.evaluated, config.keep,
                     config.way.swapped)
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


def _collections(config: SentimentConfig) -> dict[str, str]:
    here = reviews.here()
    own = {HELD_OUT: "reviews that it did not learn from"} if config.corpus in here else {}
    return own | {name: title for name, title in here.items() if name != config.corpus}


TASK = Task("sentiment", "Sentiment", SentimentConfig, dimensions, batch, evaluate, RECIPES,
            vocabulary=vocabulary, labels=lambda config: config.labels, passages=passages,
            passage_labels=passage_labels, collections=_collections,
            prepare=lambda config, text: " ".join(config.way.words_of(text)), shipped=shipped, shipped_bytes=3_000_000)
