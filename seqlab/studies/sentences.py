"""The sentence assignment: read ten characters of a sentence, then write the rest; scored in nats per character."""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from seqlab import paths
from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.reference.sampling import Choice, sample, uniforms
from seqlab.studies import Report, Study
from seqlab.studies.chapter import pictures
from seqlab.studies.chapter.exercise import Exercise, View, done, rows
from seqlab.studies.chapter.fitting import losses
from seqlab.studies.figure import Figure
from seqlab.studies.results import Measured
from seqlab.tasks.sentences import RECIPES, SentencesConfig, divided, parts
from seqlab.training.config import RunConfig
from seqlab.training.run import Run

TABLE = "colbert_dev.csv"
GIVEN = 10  # characters
OPENINGS = ("how to get", "what is th", "new study ", "the best w", "why did th")
CHARACTERS, TEMPERATURE, SEED = 100, 0.6, 1

# What is trained, in ten minutes on one core; ``task`` gets the table it is trained on. The network is too small for
# 36,000 sentences to be learned by heart, so nothing is silenced.
LONG = RECIPES["fast"].config | {
    "name": "Sentences", "steps": 2700, "evaluate_every": 300,
    "network": {"model": "gru", "hidden": 384, "embedding": 64},
    "optimiser": {"lr": 0.005, "warmup": 50, "decay": "linear", "clip": 1.0}}


def table() -> str:
    """Name of the corpus: the table in ``SEQLAB_DATA``, else the one that was added last; raises Fault."""
    laid = (paths.data() or Path(os.devnull)) / TABLE
    try:
        return _added(laid, laid.stat().st_mtime_ns)
    except OSError:
        pass
    own = [corpus.name for corpus in corpora.own() if corpus.name.startswith("table")]
    if own:
        return own[0]
    raise Fault(f"There is no table of sentences yet. Add a CSV with a column of sentences in the Text lab, or put "
                f"{TABLE} into the folder that SEQLAB_DATA names.")


@lru_cache(maxsize=4)
def _added(file: Path, stamp: int) -> str:
    return corpora.add_table(file.read_bytes(), "Short sentences").name


def configs() -> Mapping[str, RunConfig]:
    """Make the config of the run; raises Fault where there is no table."""
    return {"sentences": _config(table())}


@lru_cache(maxsize=4)
def _config(name: str) -> RunConfig:
    return RunConfig(**(LONG | {"task": LONG["task"] | {"corpus": name}}))


def measure(runs: Mapping[str, Run], root: Path) -> Measured:
    """Take torch's loss on the test sentences, count what it was counted over, and write some sentences."""
    run = runs["sentences"]
    config, loss = run.config.task_config, run.status.validation
    if loss is None:
        raise Fault(f"{run.name} was never evaluated, so there is no figure.")
    training, validation = (len(part) for part in divided(config.corpus))
    figures = {"loss": loss, "baseline": baseline(config), "learned": float(training), "judging": float(validation),
               "characters": float((parts(config)[1][:, 1:] != config.pad).sum())}
    texts = {opening: opening + continuation(run, opening) for opening in OPENINGS}
    return Measured(figures, {"loss": losses(run)}, texts)


def baseline(config: SentencesConfig) -> float:
    """Loss in nats per character, END included, of predicting each by its frequency in the training part."""
    training, validation = (part[:, 1:][part[:, 1:] != config.pad] for part in parts(config))
    size = len(config.alphabet)
    share = (np.bincount(training, minlength=size) + 1) / (len(training) + size)  # no character counts as impossible
    return float(-np.log(share[validation]).mean())


def continuation(run: Run, opening: str) -> str:
    """Write the rest of a sentence from its first characters, up to its END."""
    alphabet = run.config.task_config.alphabet
    assert alphabet.begin is not None
    prompt = alphabet.encode(alphabet.without_unknown(opening))
    sampled = sample(run.core, run.weights(), prompt, (Choice(temperature=TEMPERATURE),),
                     uniforms(SEED, CHARACTERS), masked=alphabet.masked, end=alphabet.end, start=(alphabet.begin,))
    ids = sampled.ids[0, :sampled.lengths[0]]
    return str(alphabet.decode(ids[ids != alphabet.end]))


def answer(figures: Mapping[str, float]) -> str:
    """Write the answer: how the loss compares with the pass mark and the baseline."""
    passed = "under" if figures["loss"] < 1.5 else "over"
    return (f"{figures['loss']:.3f} nats per character, the END of each sentence counted as one: {passed} the pass "
            f"mark of 1.5, and {figures['baseline']:.2f} for predicting by frequency alone. It was trained on "
            f"{figures['learned']:,.0f} sentences and validated on {figures['judging']:,.0f} others with "
            f"{figures['characters']:,.0f} characters; the published network had 160,000 sentences and a GPU.")


SENTENCES = Exercise(
    "sentences", "The sentence assignment",
    f"Given the first {GIVEN} characters of a sentence, can a network write the rest?",
    "Sequences of different lengths: BEGIN, END, padding that does not count, and a loss that can be compared.",
    configs,
    (Figure("loss", "test loss in nats per character, END included", ".3f", source="sentences/test", aim=1.5),
     Figure("baseline", "the same by frequency alone", ".2f", source="sentences/frequencies")),
    measure, answer, (),
    (View("sampling", "Let it write", "sentences", {"prompt": OPENINGS[0]}), View("text", "The network", "sentences")),
    pictures.losses({"published": "sentences/test", "full mark": "sentences/full mark"}))


def study(report: Report, runs: Path) -> Mapping[str, float]:
    """Train, measure and store; reports the texts."""
    from seqlab.studies import results

    figures = done((SENTENCES,), report, runs)
    stored = results.find(SENTENCES.name, runs, runs)
    for text in stored.result.texts.values() if stored else ():
        report(f"  {text[:GIVEN]}|{text[GIVEN:]}")
    return figures


EXERCISE = SENTENCES
STUDY = Study("sentences", "Sentences: ten characters given, then the rest", "course assignment: RNN 1000 on 160,000 "
              "sentences, a GPU", rows((SENTENCES,)), study, keeps=True)
