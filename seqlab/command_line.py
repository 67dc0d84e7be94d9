"""The commands: what the pages do, without a page. ``seqlab --help`` lists them."""

import functools
import io
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, redirect_stderr
from pathlib import Path
from typing import Annotated, Any, NoReturn

import tyro
from pydantic import BaseModel, ValidationError
from tyro.conf import Positional

from seqlab import paths
from seqlab.adopt.terminal import open_file
from seqlab.classroom.pages import serve
from seqlab.classroom.serve import open_class
from seqlab.errors import Fault
from seqlab.export.terminal import options, written
from seqlab.training import steering
from seqlab.training.config import explain
from seqlab.training.fork import go_on
from seqlab.training.library import Library
from seqlab.training.run import Run, create
from seqlab.training.terminal import config_from, one_thread, percent, sentence, train_here, train_options
from seqlab.ui.lessons.terminal import check_lessons

app, lessons = tyro.extras.SubcommandApp(), tyro.extras.SubcommandApp()
app.command(lessons, name="lesson")
Options, Files = train_options(), options()
ROWS_SHOWN = 5
_report = functools.partial(print, flush=True)


def command(function: Callable[..., None], name: str | None = None,
            to: tyro.extras.SubcommandApp = app) -> Callable[..., None]:
    """Offer a function on the command line; parsing gives back the call, which ``main`` then makes."""
    @functools.wraps(function)
    def parsed(*args: Any, **kwargs: Any) -> Callable[[], None]:
        return functools.partial(function, *args, **kwargs)
    to.command(name=name)(parsed)
    return function


@command
def train(options: Annotated[BaseModel, tyro.conf.arg(name="", constructor=Options)] = Options(),  # noqa: B008
          resume: str | None = None, from_step: int | None = None, tensorboard: Path | None = None) -> None:
    """Train a network here, to its end; Ctrl-C stops it and keeps its weights.

    Args:
        options: What to train.
        resume: Go on with this run instead of a new one; what else is given is then left aside.
        from_step: Go on from this snapshot of it, as a new run.
        tensorboard: Write its curves into this folder as TensorBoard's events, while it trains.
    """
    one_thread()  # loads torch before the run is made: a server would take over one that stays silent for seconds
    library = Library()
    if resume is None:
        run = create(library.root, config_from(options))
    else:
        run = go_on(library.get(resume), library.root, from_step)
    print(f"{run.id}: training; Ctrl-C stops it and keeps its weights. {run.status.message}".rstrip())
    last = train_here(run, _events(run, tensorboard))
    print(f"\n{run.id}: {last.state}. {last.message}")
    if last.state in ("failed", "diverged"):
        raise SystemExit(1)


@command
def sweep(options: Annotated[BaseModel, tyro.conf.arg(name="", constructor=Options)] = Options(),  # noqa: B008
          over: tyro.conf.UseAppendAction[tuple[str, ...]] = (), recipe: str | None = None, resume: str | None = None,
          workers: int = 1) -> None:
    """Train a run for every combination of some values; Ctrl-C stops it, and the same command goes on.

    Args:
        options: What to train at each point; the name is that of the sweep. Without a list, all sweeps are listed.
        over: A setting and its values, such as network.hidden=8,16,32; once for each setting.
        recipe: Begin with this recipe, such as chapter or text/fast, in place of the options.
        resume: Go on with this sweep instead of a new one; what else is given is then left aside.
        workers: Processes that train at once.
    """
    from seqlab.training.sweep_terminal import command_line

    if not command_line(Library().root, options, Options(), over, recipe, resume, workers):
        raise SystemExit(130)


@command
def runs(points: bool = False) -> None:
    """List all runs.

    Args:
        points: List the points of sweeps too.
    """
    library = Library()
    print(f"{'run':<44} {'state':<12} {'step':>9} {'of':>9} {'accuracy':>9}  name")
    for run in library.runs(points=points):
        now = run.status
        best = now.accuracy if now.evaluation is None else now.evaluation
        print(f"{run.id:<44} {now.state:<12} {now.step:>9} {now.steps:>9} {percent(best):>9}  {run.config.name}")
    for broken in library.broken():
        print(f"{broken.id:<44} {'unreadable':<12} {broken.reason}")


@command
def show(run: Positional[str]) -> None:
    """Show how a run is doing, its latest metrics and its passport.

    Args:
        run: Id of the run.
    """
    found = Library().get(run)
    now = found.status
    print(f"{found.id}  {found.config.name}\n{now.state} at step {now.step} of {now.steps}. {now.message}")
    table = found.metrics()
    print("  ".join(f"{column:>12}" for column in table))
    for row in list(zip(*table.values(), strict=True))[-ROWS_SHOWN:]:
        print("  ".join(f"{value:>12.6g}" for value in row))
    for fact, value in found.passport.items():
        print(f"{fact}: {value}")


@command
def export(run: Positional[str], files: Annotated[Any, tyro.conf.arg(name="", constructor=Files)] = Files(),  # noqa: B008
           text: str | None = None, condition: int | None = None, step: int | None = None, live: bool = False) -> None:
    """Take a run away, in any form there is.

    Args:
        run: Id of the run.
        files: What to write, and where to.
        text: What the network reads where a pass is shown; else a text that it knows.
        condition: What it is given beside the text, such as a delay.
        step: Snapshot, by its training step; else the newest.
        live: With tensorboard alone: go on writing while the run trains, until it is over.
    """
    written(Library().get(run), files, text, condition, step, live)


for steer in (steering.pause, steering.resume, steering.step, steering.stop, steering.lr):
    command(steer)
command(open_file, "open")
command(open_class, "class")
command(check_lessons, "check", lessons)


@command
def reproduce(names: Positional[tuple[str, ...]] = ()) -> None:
    """Reproduce published results, and print them beside our own.

    Args:
        names: Names of the studies, or patterns such as 'time-machine-*'; none lists them.
    """
    from seqlab.studies import matching, results, studies
    from seqlab.studies.terminal import show_compared

    known = studies()
    chosen = matching(names, known)
    if names:
        one_thread()
    for name in chosen:
        print(f"{name}: {known[name].label}")
        if names:
            show_compared(known[name], results.of(known[name], _report, Library().root), paths.checkpoints())


@command
def checkpoints(names: Positional[tuple[str, ...]] = ()) -> None:
    """Make the shipped runs again.

    Args:
        names: Ids of the runs; none makes them all.
    """
    from seqlab.studies import shipped

    one_thread()
    shipped.build(paths.checkpoints(), _report, names)


@command
def bands(names: Positional[tuple[str, ...]] = ()) -> None:
    """Measure between which curves the runs of a recipe lie, and those with known faults.

    Args:
        names: Recipes, such as echo/fixed; none measures those whose files are out of date.
    """
    from seqlab.training import band_files

    one_thread()
    band_files.build(paths.checkpoints(), _report, names)


command(serve)


def _events(run: Run, folder: Path | None) -> AbstractContextManager[None]:
    """Write TensorBoard's events of a run into a folder meanwhile, if there is one; only then is their code loaded."""
    if folder is None:
        return nullcontext()
    from seqlab.export.making.tensorboard import followed

    return followed(run, folder)


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and do what it says; bad values end in one sentence and exit code 2."""
    try:
        _parsed(arguments)()
    except ValidationError as error:
        _refuse(explain(error))
    except Fault as fault:
        _refuse(str(fault))
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _parsed(arguments: list[str] | None) -> Callable[[], None]:
    heard = io.StringIO()
    try:
        with redirect_stderr(heard):
            call: Callable[[], None] = app.cli(prog=_name(), args=arguments)
    except SystemExit as end:
        if end.code not in (0, None):
            _refuse(sentence(heard.getvalue()))
        raise
    return call


def _name() -> str:
    # An installed command has its own name.
    return "python -m seqlab" if sys.argv[0].endswith("__main__.py") else "seqlab"


def _refuse(text: str) -> NoReturn:
    print(text, file=sys.stderr)
    raise SystemExit(2)
