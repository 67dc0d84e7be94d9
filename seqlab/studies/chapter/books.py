"""Exercises 6 and 7: the network, trained on *The Time Machine*, reads other books."""

from collections.abc import Callable, Mapping
from functools import partial
from math import exp
from pathlib import Path

from seqlab.studies.chapter.exercise import Exercise, View
from seqlab.studies.chapter.measures import book_ids, reading_loss, validation_loss
from seqlab.studies.chapter.runs import configs
from seqlab.studies.figure import Figure
from seqlab.studies.results import Measured
from seqlab.training.run import Run

READERS = {"tuned": "tuned network", "falling": "32 units, a rate that falls", "embedding": "network of exercise 5"}


def read(book: str, runs: Mapping[str, Run], root: Path) -> Measured:
    """Measure the perplexity of each network on a whole book, in its own letters, and on its own validation text."""
    figures: dict[str, float] = {}
    for key, run in runs.items():
        ids = book_ids(run, book)
        figures |= {key: exp(reading_loss(run, ids)), f"{key}, at home": exp(validation_loss(run))}
    return Measured(figures | {"characters": float(len(ids))})


def answer_of(style: str, figures: Mapping[str, float]) -> str:
    """Answer exercise 6 or 7."""
    return (f"Perplexity {figures['tuned']:.2f} over all {figures['characters']:,.0f} characters, after "
            f"{figures['tuned, at home']:.2f} on its own validation text; with 32 units and a rate that falls "
            f"{figures['falling']:.2f} after {figures['falling, at home']:.2f}, with the published settings "
            f"{figures['embedding']:.2f} after {figures['embedding, at home']:.2f}. {style}")


def _exercise(number: int, label: str, question: str, book: str, style: str, source: str, aim: float) -> Exercise:
    answer: Callable[[Mapping[str, float]], str] = partial(answer_of, style)
    return Exercise(
        f"time-machine-{number}", label, question,
        "The same alphabet and preparation, another text: how much was learned of English, and how much of one book.",
        configs(*READERS),
        tuple(Figure(key, f"perplexity on it, {words}", source=source, aim=aim)
              for key, words in READERS.items()),
        partial(read, book), answer, ("time-machine", book),
        (View("reading", "Read it in colours", "tuned", {"book": book}),))


WELLS = _exercise(
    6, "Another book by Wells",
    "How well does the network, trained on The Time Machine, predict The War of the Worlds?", "gutenberg-36",
    "The words are others, the author and his English the same.", "chapter/gutenberg-36", 8.9)
AUSTEN = _exercise(
    7, "Another author", "And a book by somebody else, Pride and Prejudice by Jane Austen?",
    "gutenberg-1342", "A network this small knows the spelling of English more than the style of anybody.",
    "chapter/gutenberg-71557", 9.4)
