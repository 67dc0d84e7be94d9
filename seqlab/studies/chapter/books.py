"""Exercises 6 and 7: the network, trained on *The Time Machine*, reads other books."""

from collections.abc import Callable, Mapping
from functools import partial
from math import exp
from pathlib import Path

from seqlab.data import corpora
from seqlab.studies.chapter.exercise import Exercise, View
from seqlab.studies.chapter.measures import as_published, book_ids, reading_loss
from seqlab.studies.chapter.runs import configs
from seqlab.studies.figure import Figure
from seqlab.studies.results import Measured
from seqlab.training.run import Run

PUBLISHED_OTHER = "gutenberg-71557"  # the book of exercise 7; it is measured where a person has fetched or added it


def read(book: str, also: str, runs: Mapping[str, Run], root: Path) -> Measured:
    """Measure each network's perplexity on a book as the source does, and on the whole of it without its licence.

    Of the book ``also`` the former, where it is at hand.
    """
    figures: dict[str, float] = {}
    for key, run in runs.items():
        ids = book_ids(run, book)
        figures |= {key: as_published(run, book)[1], f"{key}, whole": exp(reading_loss(run, ids)),
                    f"{key}, at home": as_published(run)[1], "characters": float(len(ids))}
        if also and corpora.at_hand(also):
            figures[f"{key}, also"] = as_published(run, also)[1]
    return Measured(figures)


def answer_of(style: str, figures: Mapping[str, float]) -> str:
    """Answer exercise 6 or 7."""
    return (f"Perplexity {figures['embedding']:.2f} with the published settings, after "
            f"{figures['embedding, at home']:.2f} on its own validation text; tuned, {figures['tuned']:.2f} after "
            f"{figures['tuned, at home']:.2f}. These are 5,000 windows near the beginning of the file, as in the "
            f"source; over all {figures['characters']:,.0f} characters of the book, without the licence, it is "
            f"{figures['embedding, whole']:.2f} and {figures['tuned, whole']:.2f}. {style}")


def _exercise(number: int, label: str, question: str, book: str, style: str, source: Figure, also: str = "",
              more: tuple[Figure, ...] = ()) -> Exercise:
    answer: Callable[[Mapping[str, float]], str] = partial(answer_of, style)
    return Exercise(
        f"time-machine-{number}", label, question,
        "The same alphabet and preparation, another text: how much was learned of English, and how much of one book.",
        configs("embedding", "tuned"),
        (source, *more, Figure("embedding, whole", "the whole book, without its licence", ".3f", tuned="tuned, whole")),
        partial(read, book, also), answer, ("time-machine", book),
        (View("reading", "Read it in colours", "tuned", {"book": book}),))


WELLS = _exercise(
    6, "Another book by Wells",
    "How well does the network, trained on The Time Machine, predict The War of the Worlds?", "gutenberg-36",
    "The words are others, the author and his English the same.",
    Figure("embedding", "perplexity, windows 10,000 to 15,000 of the file", ".3f", "chapter/gutenberg-36",
           tuned="tuned", aim=8.9))
AUSTEN = _exercise(
    7, "Another author", "And a book by somebody else? Pride and Prejudice stands in for the published one, Gutenberg "
    "71557, which the Reading page can fetch.",
    "gutenberg-1342", "A network this small knows the spelling of English more than the style of anybody.",
    Figure("embedding", "Pride and Prejudice, windows 10,000 to 15,000", ".3f", "chapter/gutenberg-1342",
           tuned="tuned"), PUBLISHED_OTHER,
    (Figure("embedding, also", "Gutenberg 71557, the same windows", ".3f", f"chapter/{PUBLISHED_OTHER}",
            tuned="tuned, also"),))
