"""The sentence assignment: read ten characters of a sentence, then write the rest; scored in nats per character."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from seqlab.data import corpora
from seqlab.data.sentences import PREPARATIONS
from seqlab.errors import Fault
from seqlab.numerals import number
from seqlab.reference.sampling import Choice, sample, uniforms
from seqlab.studies import Report, Study
from seqlab.studies.chapter import pictures
from seqlab.studies.chapter.exercise import Exercise, View, done, key, rows, trained
from seqlab.studies.chapter.fitting import losses
from seqlab.studies.chapter.measures import surprises
from seqlab.studies.figure import Figure
from seqlab.studies.published import PUBLISHED
from seqlab.studies.results import Measured
from seqlab.tasks import Settings
from seqlab.tasks.sentences import RECIPES, SentencesConfig, divided, parts
from seqlab.training.config import RunConfig
from seqlab.training.library import Library
from seqlab.training.run import Run

GIVEN = 10  # characters
OPENINGS = ("how to get", "what is th", "new study ", "the best w", "why did th")
CHARACTERS, TEMPERATURE, SEED = 100, 0.6, 1
TEST_BATCH, EPOCHS = 50, 5
FULL_MARK = PUBLISHED["sentences/full mark"].value

# Our own: ten minutes on one core, on the same characters as the published network. It is too small for 36,000
# sentences to be learned by heart, so nothing is silenced. Both get the table that they are trained on.
TUNED: Settings = RECIPES["fast"].config | {
    "name": "Sentences", "task": {"name": "sentences", "preparation": "published"},
    "steps": 2700, "evaluate_every": 300, "network": {"model": "gru", "hidden": 384, "embedding": 64},
    "optimiser": {"lr": 0.005, "warmup": 50, "decay": "linear", "clip": 1.0}}
AS_PUBLISHED: Settings = RECIPES["published"].config | {"name": "Sentences, RNN as published"}


def table(names: Sequence[str] | None = None) -> str:
    """Name of the corpus: the table in ``SEQLAB_DATA``, else the one added last, among ``names`` (None: all).

    Raises Fault where there is none.
    """
    added = corpora.names() if names is None else names
    name = corpora.laid_table() or next((name for name in added if name.startswith("table")), None)
    if name:
        return name
    raise Fault(f"There is no table of sentences yet. Add a CSV with a column of sentences in the Text lab, or put "
                f"{corpora.LAID_TABLE} into the folder that SEQLAB_DATA names.")


def configs(names: Sequence[str] | None = None) -> Mapping[str, RunConfig]:
    """Make the config of our own run, on a table among ``names``; raises Fault where there is none."""
    return {"tuned": _config("tuned", table(names))}


def published_configs() -> Mapping[str, RunConfig]:
    """Make the config of the run as it was published, which takes an hour; raises Fault where there is no table."""
    return {"ours": _config("ours", table())}


@lru_cache(maxsize=4)
def _config(which: str, name: str) -> RunConfig:
    settings = TUNED if which == "tuned" else AS_PUBLISHED
    return RunConfig(**(settings | {"task": settings["task"] | {"corpus": name}}))


def measure(runs: Mapping[str, Run], root: Path) -> Measured:
    """Measure our run, and the one as published where it was trained here; writes some sentences by ours."""
    tuned = runs["tuned"]
    config = tuned.config.task_config
    as_published = trained_as_published(root, config.corpus)
    figures = {"baseline": baseline(config)} | counted(config)
    for role, run in {**runs, **as_published}.items():
        figures |= {f"{role}{measure}": loss for measure, loss in test_losses(run).items()}
    for run in as_published.values():
        figures |= {f"ours, epoch {epoch}": loss for epoch, loss in epoch_losses(run).items()}
        figures["ours, epochs"] = run.newest / steps_of_epoch(run)
    texts = {opening: opening + continuation(tuned, opening) for opening in OPENINGS}
    return Measured(figures, {"loss": losses(tuned)}, texts)


def trained_as_published(root: Path, corpus: str) -> dict[str, Run]:
    """Find the run as published on a table that went furthest here, though it may have been stopped on its way."""
    wanted = key(_config("ours", corpus))
    known = [run for run in Library(root).runs() if key(run.config) == wanted and max(run.snapshots(), default=0)]
    return {"ours": max(known, key=lambda run: run.newest)} if known else {}


def counted(config: SentencesConfig) -> dict[str, float]:
    """Count sentences that are trained on, those that test, and the characters of these with their line ends."""
    training, validation = divided(config.corpus, config.preparation)
    return {"trained": float(len(training)), "tested": float(len(validation)),
            "characters": float(sum(map(len, validation)))}


def test_losses(run: Run) -> dict[str, float]:
    """Test loss in nats of the last weights, by the reference, in two measures, and how far they are apart.

    As the source prints it (key ""): the mean of the means of batches of 50 sentences, in which END is one more
    character. ``per character``: over all characters alone. END counts there only where no line end stands before it,
    for after that it is certain. ``END`` is what counting it takes off the mean of a character.
    """
    config, weights = run.config.task_config, run.weights()
    rows, certain = parts(config)[1], bool(PREPARATIONS[config.preparation].ending)
    means, characters, ends = [], [], []
    for first in range(0, len(rows), TEST_BATCH):
        batch = rows[first:first + TEST_BATCH]
        batch = batch[:, :(batch != config.pad).sum(1).max()]
        nats, targets = surprises(run, weights, batch), batch[:, 1:]
        end = (targets == config.end) & certain
        means.append(nats[targets != config.pad].mean(dtype=np.float64))
        characters.append(nats[(targets != config.pad) & ~end])
        ends.append(nats[end])
    character, every = np.concatenate(characters), np.concatenate(characters + ends)
    mean = float(character.mean(dtype=np.float64))
    return {"": float(np.mean(means)), ", per character": mean, ", END": mean - float(every.mean(dtype=np.float64))}


def steps_of_epoch(run: Run) -> int:
    """Updates in which every sentence has its turn once."""
    return -(-len(parts(run.config.task_config)[0]) // run.config.batch)


def epoch_losses(run: Run) -> dict[int, float]:
    """Mean training loss of each whole epoch, from the means that were published on the way."""
    columns, length = run.metrics(), steps_of_epoch(run)
    steps = np.concatenate(([0.0], columns["step"]))
    summed = np.concatenate(([0.0], np.cumsum(columns["loss"] * np.diff(steps))))
    ends = [length * epoch for epoch in range(EPOCHS + 1) if length * epoch in steps]
    totals = [summed[np.searchsorted(steps, end)] for end in ends]
    return {epoch + 1: float(loss) / length for epoch, loss in enumerate(np.diff(totals))}


def baseline(config: SentencesConfig) -> float:
    """Loss in nats of predicting each character by its frequency in the training part.

    END counts as one only where no line end stands before it.
    """
    marks = [config.pad, config.end] if PREPARATIONS[config.preparation].ending else [config.pad]
    training, validation = (part[:, 1:][~np.isin(part[:, 1:], marks)] for part in parts(config))
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
    return str(alphabet.decode(ids[ids != alphabet.end])).partition("\n")[0]


def answer(figures: Mapping[str, float]) -> str:
    """Write the answer: how the loss compares with the pass mark and the baseline, and what END is worth."""
    passed = "under" if figures["tuned"] < FULL_MARK else "over"
    plain = (f" The network as published has {figures['ours']:.3f} by that measure after "
             f"{number(figures['ours, epochs'], 2)} of {EPOCHS} epochs." if "ours" in figures else "")
    return (f"{figures['tuned']:.3f} nats by the source's measure, {passed} the full mark of {FULL_MARK:g}. It counts "
            f"the END of each sentence, which is certain after a line end, and that takes {figures['tuned, END']:.3f} "
            f"off: over characters alone it is {figures['tuned, per character']:.3f}, where their frequencies alone "
            f"give {figures['baseline']:.2f}.{plain} Trained on {figures['trained']:,.0f} sentences, the source on "
            f"{PUBLISHED['sentences/trained'].value:,.0f}.")


SENTENCES = Exercise(
    "sentences", "The sentence assignment",
    f"Given the first {GIVEN} characters of a sentence, can a network write the rest?",
    "Sequences of different lengths: BEGIN, END, padding that does not count, and a loss that can be compared.",
    configs,
    (Figure("ours", "test loss in nats, mean of batches of 50, END counted", ".3f", "sentences/test", "tuned",
            aim=FULL_MARK),
     Figure("ours, per character", "the same over characters alone", ".3f", "sentences/per character",
            "tuned, per character"),
     Figure("ours, END", "what counting END takes off", ".3f", "sentences/end", "tuned, END"),
     Figure("baseline", "by frequency alone, over characters", ".2f", "sentences/frequencies")),
    measure, answer, (),
    (View("sampling", "Let it write", "tuned", {"prompt": OPENINGS[0]}), View("text", "The network", "tuned")),
    pictures.losses({"published": "sentences/test", "full mark": "sentences/full mark"}), configs, "sentences",
    "Sentences")


# What the command line's table has beside the figures of the page.
DETAILS = (
    *(Figure(f"ours, epoch {epoch}", f"training loss, epoch {epoch}", ".4f", f"sentences/epoch {epoch}")
      for epoch in range(1, EPOCHS + 1)),
    Figure("ours, epochs", "epochs trained", ".3g", "sentences/epochs"),
    Figure("trained", "sentences trained on", ",.0f", "sentences/trained"),
    Figure("tested", "sentences tested on", ",.0f", "sentences/tested"),
    Figure("characters", "characters of these", ",.0f", "sentences/characters"))


def study(report: Report, runs: Path) -> Mapping[str, float]:
    """Train both networks, measure and store; reports the texts."""
    from seqlab.studies import results

    report("The published network takes an hour on one core; a run that was interrupted goes on.")
    trained(published_configs(), runs, report)
    figures = done((SENTENCES,), report, runs)
    stored = results.find(SENTENCES.name, runs, runs)
    if stored is None:
        return figures
    for text in stored.result.texts.values():
        report(f"  {text[:GIVEN]}|{text[GIVEN:]}")
    known = stored.result.figures
    return figures | {figure.key: known[figure.key] for figure in DETAILS if figure.key in known}


EXERCISE = SENTENCES
STUDY = Study("sentences", "Sentences: ten characters given, then the rest", "course assignment: RNN 1000, embedding "
              "256, Adam 0.001, five epochs of 160,000 sentences", rows((SENTENCES,)) + DETAILS, study, keeps=True)
