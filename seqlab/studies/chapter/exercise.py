"""An exercise: a question, the runs that answer it, how they are measured, and the answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seqlab.errors import Fault
from seqlab.figures.plot import Plot
from seqlab.registry import discover
from seqlab.studies import Report, results
from seqlab.studies.chapter.pictures import Picture
from seqlab.studies.figure import Figure
from seqlab.studies.published import SOURCES
from seqlab.studies.results import Measured, Result
from seqlab.training.config import RunConfig
from seqlab.training.fork import go_on
from seqlab.training.library import Library
from seqlab.training.run import Run, create

_USELESS = 3
ENDED = ("finished", "diverged")  # a run that diverges answers an exercise too


@dataclass(frozen=True)
class View:
    """A link to a page that shows one of the runs of an exercise, with the query parameters of its address."""

    page: str
    label: str
    run: str = ""
    query: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    ``configs`` makes the configs of its runs, each an ordinary one (raises Fault where its data cannot be had);
    ``measure`` measures the runs, which lie in a folder; ``answer`` says in a sentence what the figures say, and
    raises KeyError where one is missing. The first of ``figures`` stands for it in a table; ``picture`` draws a result.
    ``source`` names in ``SOURCES`` what asks it, and ``short`` is its name in a row of all where it has no number.
    An exercise that reads a text which people add has ``configs_on``: it makes the configs on one of the texts of these
    names, the newest first, where several people share a server and each may read their own.
    """

    name: str
    label: str
    question: str
    teaches: str
    configs: Callable[[], Mapping[str, RunConfig]]
    figures: tuple[Figure, ...]
    measure: Callable[[Mapping[str, Run], Path], Measured]
    answer: Callable[[Mapping[str, float]], str]
    corpora: tuple[str, ...] = ("time-machine",)
    views: tuple[View, ...] = ()
    picture: Picture | None = None
    configs_on: Callable[[Sequence[str]], Mapping[str, RunConfig]] | None = None
    source: str = "chapter"
    short: str = ""

    @property
    def number(self) -> str:
        """Its number in the chapter; empty where it has none."""
        last = self.name.rpartition("-")[2]
        return last if last.isdecimal() else ""

    @property
    def title(self) -> str:
        """Its number, where it has one, and its label."""
        return " · ".join(filter(None, (self.number, self.label)))

    @property
    def asked_in(self) -> str:
        """What asks it, by name, and its number there."""
        source = SOURCES[self.source]
        return f"Number {self.number} of the {source}" if self.number else source.capitalize()

    def plot(self, result: Result) -> Plot | None:
        """Draw a result; None where the exercise has no picture, or the result is that of another version."""
        try:
            return self.picture(result) if self.picture else None
        except (KeyError, ValueError, IndexError):
            return None

    def answered(self, figures: Mapping[str, float]) -> str:
        """The answer as a sentence, or the reason why there is none."""
        try:
            return self.answer(figures)
        except KeyError:
            return "This was measured by another version of seqlab; run it again."


def exercises() -> tuple[Exercise, ...]:
    """All exercises, those with a number first; a new one is the ``EXERCISE`` of a file in ``seqlab/studies``."""
    return tuple(sorted(discover("seqlab.studies", "EXERCISE", Exercise).values(), key=lambda one: not one.number))


def key(config: RunConfig) -> str:
    """The settings of a run without its name, as a text that is equal for equal settings."""
    return config.model_copy(update={"name": ""}).model_dump_json()


def by_config(runs: Iterable[Run]) -> dict[str, Run]:
    """Find the best run of each config among some: an ended one before one that trains, and the first of those."""
    best: dict[str, Run] = {}
    for run in runs:
        config = key(run.config)
        if _standing(run) < (_standing(best[config]) if config in best else _USELESS):
            best[config] = run
    return best


def runs_there(configs: Mapping[str, RunConfig], known: Mapping[str, Run]) -> dict[str, Run]:
    """Find the runs that were made from these configs, as far as there are any."""
    return {name: known[key(config)] for name, config in configs.items() if key(config) in known}


def _standing(run: Run) -> int:
    """Say how useful a run is: it has ended, it trains, it can go on; a failed one is as good as none."""
    status = run.status
    return 0 if status.state in ENDED else 1 if status.active else 2 if status.state == "interrupted" else _USELESS


def ended(run: Run) -> bool:
    """Whether a run can be measured."""
    return run.status.state in ENDED


def trained(configs: Mapping[str, RunConfig], root: Path, report: Report) -> dict[str, Run]:
    """Train in this process what was not trained yet; returns the run of each config. Raises Fault."""
    from seqlab.training.session import train

    there, trained_runs = runs_there(configs, by_config(Library(root).runs())), {}
    for name, config in configs.items():
        run = there.get(name)
        if run is None or not ended(run):
            run = create(root, config) if run is None else go_on(run, root)
            train(run.path, worker="command line")
        trained_runs[name] = run
        status = run.status
        report(f"{run.name}: {status.state} after {status.seconds:.0f} s of training")
        if status.state not in ENDED:
            raise Fault(f"{run.name} did not come to its end: {status.message}")
    return trained_runs


def measured(exercise: Exercise, runs: Mapping[str, Run], root: Path) -> Result:
    """Measure an exercise on its runs and store the result; raises Fault."""
    seconds = sum(run.status.seconds for run in runs.values())
    ids = {name: run.id for name, run in runs.items()}
    return results.keep(root, results.result_of(exercise.name, exercise.measure(runs, root), ids, seconds))


def done(exercises: Sequence[Exercise], report: Report, root: Path) -> dict[str, float]:
    """Train, measure and store some exercises; returns their figures by their titles in a table."""
    figures: dict[str, float] = {}
    for exercise in exercises:
        result = measured(exercise, trained(exercise.configs(), root, report), root)
        report(f"{exercise.label}: {exercise.answered(result.figures)}")
        figures |= {title: result.figures[key] for key, title in titles(exercise).items() if key in result.figures}
    return figures


def grid(rows: Mapping[str, str], columns: Sequence[tuple[str, str, str]]) -> tuple[Figure, ...]:
    """Make the figures of a grid: rows by key with their name, columns with key, name and form; column by column."""
    return tuple(Figure(f"{row}, {column}", f"{name}, {label}", form, row=label, column=name)
                 for column, name, form in columns for row, label in rows.items())


def titled(exercise: Exercise, figure: Figure) -> str:
    """Name a figure in a table of several exercises."""
    return f"{exercise.number}. {figure.label}" if exercise.number else figure.label


def titles(exercise: Exercise) -> dict[str, str]:
    """Name in a table of several exercises every figure of one by its key, those of tuned versions among them."""
    own = {figure.key: titled(exercise, figure) for figure in exercise.figures}
    return {figure.tuned: f"{own[figure.key]}, tuned" for figure in exercise.figures if figure.tuned} | own


def rows(exercises: Sequence[Exercise]) -> tuple[Figure, ...]:
    """The figures of some exercises as a table has them: those of ``done``, by their titles."""
    return tuple(row for exercise in exercises for row in _rows(exercise))


def _rows(exercise: Exercise) -> Iterator[Figure]:
    named = titles(exercise)
    for figure in exercise.figures:
        title = named[figure.key]
        yield replace(figure, key=title, label=title, tuned=named.get(figure.tuned, ""))
