"""Every number that a source prints or states, once, by ``source/figure``; nothing that was measured here."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """A published number: its value as it is printed, and what its source measured there."""

    value: float
    measure: str


SOURCES: Mapping[str, str] = {
    "echo-fixed": "course notebook, echo with one delay",
    "echo-variable": "course notebook, echo with delays 0 to 8",
    "hello": "course notebook, hello",
    "chapter": "exercises of the recurrent chapter of Dive into Deep Learning, solved for the course",
    "cells": "course assignment, cells and attention",
    "sentences": "course assignment, sentences",
    "reviews": "course assignment, reviews and grammars",
}

_RELATIVE = "largest |x − y| / max(1e-8, |x| + |y|), of the outputs plus of the final state"
_BOOK = "windows 10,000 to 15,000 of the file with its licence"

PUBLISHED: Mapping[str, Published] = {
    "echo-fixed/accuracy": Published(0.99262, "500 strings of 15 to 25 letters after an epoch, letters from the delay"),
    "echo-fixed/loss": Published(0.022, "mean cross-entropy of the letters from the delay, after one epoch"),
    "echo-variable/enough": Published(0.993, "accuracy on 500 strings at which training stops"),
    "echo-variable/required": Published(0.99, "accuracy that must be exceeded"),
    "echo-variable/seconds": Published(600.0, "seconds that training may take"),
    "echo-variable/epoch 0": Published(0.2983, "accuracy on 500 strings after the first epoch"),
    "echo-variable/epoch 3": Published(0.5237, "accuracy on 500 strings after epoch 3"),
    "echo-variable/epoch 9": Published(0.6524, "accuracy on 500 strings after epoch 9"),
    "echo-variable/epoch 19": Published(0.7721, "accuracy on 500 strings after epoch 19"),
    "echo-variable/epoch 24": Published(0.7898, "accuracy on 500 strings after epoch 24"),
    "hello/state": Published(2.4966, "sum of the five losses at epoch 15, before its update"),
    "hello/rnn": Published(0.57199, "mean loss at epoch 15, before its update"),
    "hello/embedding": Published(0.024419, "mean loss at epoch 15, before its update"),
    "chapter/embedding, first batch": Published(6.645, "perplexity of one batch of the validation windows"),
    "chapter/embedding": Published(6.446, "e to the mean of the batches' losses on the validation windows"),
    "chapter/gutenberg-36": Published(8.940, f"e to the mean of the batches' losses, {_BOOK}"),
    "chapter/gutenberg-71557": Published(9.404, f"e to the mean of the batches' losses, {_BOOK}"),
    "cells/rnn": Published(4.474195e-07, _RELATIVE),
    "cells/gru": Published(4.826031e-07, _RELATIVE),
    "cells/special": Published(4.316596e-07, f"{_RELATIVE}; torch's GRU against torch's RNN"),
    "cells/memory": Published(0.0, "mean |x − y| of the initial state and a later one"),
    "cells/attention": Published(1.7877756e-08, "mean |x − y| of the outputs"),
    "sentences/epoch 1": Published(1.5989, "mean training loss of the first epoch, nats a character"),
    "sentences/epoch 2": Published(1.4109, "mean training loss of epoch 2, nats a character"),
    "sentences/epoch 3": Published(1.3730, "mean training loss of epoch 3, nats a character"),
    "sentences/epoch 4": Published(1.3548, "mean training loss of epoch 4, nats a character"),
    "sentences/epoch 5": Published(1.3454, "mean training loss of epoch 5, nats a character"),
    "sentences/epochs": Published(5.0, "epochs of training"),
    "sentences/trained": Published(160_000.0, "sentences that were trained on"),
    "sentences/tested": Published(40_000.0, "sentences of the test"),
    "sentences/characters": Published(2_739_550.0, "characters of the test sentences, a line end in each"),
    "sentences/test": Published(1.363, "mean of the means of test batches of 50 sentences, nats, END counted"),
    "sentences/frequencies": Published(3.13, "test loss by frequency alone, nats a character; by its size without END"),
    "sentences/first mark": Published(2.5, "nats a character that the first pass mark asks for"),
    "sentences/second mark": Published(2.0, "nats a character that the second pass mark asks for"),
    "sentences/full mark": Published(1.5, "nats a character that the full mark asks for"),
    "reviews/mlp": Published(0.60, "accuracy on validation that the MLP exceeds after one epoch"),
    "reviews/words": Published(99_430.0, "words of the vocabulary, four marks among them"),
    "reviews/ndfa": Published(0.5, "share of valid strings among ten: a majority"),
}


def published(key: str) -> float | None:
    """The published number of ``source/figure``; None where the source prints none."""
    entry = PUBLISHED.get(key)
    return entry.value if entry else None
