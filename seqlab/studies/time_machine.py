"""The ten exercises of the *Time Machine* chapter as studies: the whole table, and each subject by itself."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from seqlab.studies import Report, Study
from seqlab.studies.chapter.books import AUSTEN, WELLS
from seqlab.studies.chapter.exercise import Exercise, done, rows
from seqlab.studies.chapter.fitting import ALIKE, EMBEDDED, TUNED
from seqlab.studies.chapter.looking_back import PAST, REACH
from seqlab.studies.chapter.sampling import SAMPLING
from seqlab.studies.chapter.steep import CLIPPING, RELU

EXERCISES = (PAST, REACH, ALIKE, TUNED, EMBEDDED, WELLS, AUSTEN, SAMPLING, CLIPPING, RELU)
SOURCE = ("Zhang et al., Dive into Deep Learning, chapter 9.5 and its exercises: 10,000 windows of 32 letters, "
          "32 tanh units, SGD at 1, clip 1, 100 epochs")

SUBJECTS: dict[str, tuple[str, tuple[Exercise, ...]]] = {
    "time-machine": ("all ten exercises", EXERCISES),
    "time-machine-context": ("how far back it looks", (PAST, REACH)),
    "time-machine-embedding": ("one-hot and learned embeddings", (ALIKE, EMBEDDED)),
    "time-machine-tuning": ("how low the perplexity goes", (TUNED,)),
    "time-machine-books": ("other books", (WELLS, AUSTEN)),
    "time-machine-sampling": ("drawing, and α", (SAMPLING,)),
    "time-machine-clipping": ("without clipping", (CLIPPING,)),
    "time-machine-relu": ("ReLU", (RELU,)),
}


def _run(exercises: Sequence[Exercise], report: Report, runs: Path) -> Mapping[str, float]:
    return done(exercises, report, runs)


def _study(name: str, subject: str, exercises: Sequence[Exercise]) -> Study:
    return Study(name, f"The Time Machine: {subject}", SOURCE, rows(exercises), partial(_run, exercises), keeps=True)


EXERCISE = EXERCISES
STUDY = tuple(_study(name, subject, exercises) for name, (subject, exercises) in SUBJECTS.items())
