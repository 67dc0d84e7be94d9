"""Exercise 8: characters that are drawn instead of the likeliest one, and α."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from seqlab.data.corpora import prepared
from seqlab.reference.sampling import Choice, entropy, sample, shape, uniforms
from seqlab.studies.chapter.exercise import Exercise, View, grid
from seqlab.studies.chapter.measures import distinct_words, repetition, share_of_words
from seqlab.studies.chapter.runs import configs
from seqlab.studies.results import Measured
from seqlab.training.run import Run

ALPHAS = (1, 2, 5, 30)
PROMPT, LENGTH, SHOWN, SEED = "hello", 1000, 160, 0
NAMES = {**{f"{alpha}": f"α = {alpha}" for alpha in ALPHAS}, "likeliest": "likeliest each time"}
KINDS = (("words", "different words", ".0f"), ("real", "real words", ".0%"), ("repeated", "repeated", ".0%"),
         ("entropy", "mean entropy, nats", ".2f"))


def measure(runs: Mapping[str, Run], root: Path) -> Measured:
    """Draw texts by the same random numbers for each α, and say how varied they are; last the likeliest characters."""
    run = runs["embedding"]
    task = run.config.task_config
    alphabet, book = task.alphabet, set(prepared(task.corpus, task.preparation).split())
    choices = {**{f"{alpha}": Choice(alpha=float(alpha)) for alpha in ALPHAS}, "likeliest": Choice(temperature=0.0)}
    sampled = sample(run.core, run.weights(), alphabet.encode(PROMPT), tuple(choices.values()), uniforms(SEED, LENGTH),
                     masked=alphabet.masked)
    figures: dict[str, float] = {}
    texts: dict[str, str] = {}
    for row, (key, choice) in enumerate(choices.items()):
        text = alphabet.decode(sampled.ids[row])
        texts[key] = PROMPT + text[:SHOWN]
        figures |= {f"{key}, words": float(distinct_words(text)), f"{key}, repeated": repetition(text),
                    f"{key}, real": share_of_words(text, book),
                    f"{key}, entropy": float(np.mean(entropy(shape(sampled.logits[row], choice, alphabet.masked).p)))}
    return Measured(figures, texts=texts)


def answer(figures: Mapping[str, float]) -> str:
    """Answer exercise 8."""
    return (f"The likeliest character each time runs in a circle: {figures['likeliest, words']:.0f} different words "
            f"in {LENGTH:,} characters, {figures['likeliest, repeated']:.0%} of it repeated. Drawing gives "
            f"{figures['1, words']:.0f} different ones, and {figures['1, real']:.0%} of all words are in the book. "
            f"p^α favours the likely: at α = 2 {figures['2, real']:.0%} are real words, at α = 5 "
            f"{figures['5, words']:.0f} different ones are left, and α = 30 is all but the likeliest. α is one over "
            "the temperature.")


SAMPLING = Exercise(
    "time-machine-8", "Drawing, and α",
    "What happens where the next character is drawn from the prediction, or from one in proportion to p^α?",
    "Sampling: variety against likelihood.",
    configs("embedding"),
    grid(NAMES, KINDS), measure, answer,
    views=tuple(View("sampling", f"α = {alpha}", "embedding", {"alpha": float(alpha)}) for alpha in ALPHAS))
