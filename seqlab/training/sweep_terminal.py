"""A sweep on a terminal: what it is made from, a line that keeps up with it, and its table."""

import math
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from seqlab.errors import Fault
from seqlab.numerals import duration
from seqlab.tasks import tasks
from seqlab.training.config import RunConfig
from seqlab.training.engine import Engine
from seqlab.training.outcome import Outcome, best, by_loss, outcomes, ranked, score, seconds_left
from seqlab.training.sweep import Sweep, define, short, written
from seqlab.training.sweeps import Sweeps
from seqlab.training.terminal import config_from, percent

SECONDS = 0.5


def recipe_config(name: str) -> RunConfig:
    """The config of a recipe, named ``chapter`` or, where tasks share a name, ``text/fast``; raises Fault."""
    known = {f"{task.name}/{recipe}": settings.config for task in tasks().values()
             for recipe, settings in task.recipes.items()}
    fitting = [full for full in known if name in (full, full.partition("/")[2])]
    if len(fitting) != 1:
        raise Fault(f"{'Several recipes are' if fitting else 'There is no recipe'} named {name!r}; "
                    f"take one of {', '.join(fitting or known)}.")
    return RunConfig(**known[fitting[0]])


def value_lists(over: Sequence[str]) -> dict[str, str]:
    """Read ``network.hidden=8,16,32`` as a path and its values; raises Fault."""
    lists: dict[str, str] = {}
    for text in over:
        path, equals, values = text.partition("=")
        if not equals:
            raise Fault(f"{text[:60]!r} is no list of values; write it as network.hidden=8,16,32.")
        if path.strip() in lists:
            raise Fault(f"{path.strip()} is given twice; put all its values into one list.")
        lists[path.strip()] = values
    return lists


def made(options: BaseModel, default: BaseModel, recipe: str | None, over: Sequence[str]) -> Sweep:
    """Make a sweep from what the command line was given; raises Fault and ValidationError."""
    name = str(getattr(options, "name", ""))
    unnamed = options.model_copy(update={"name": ""})
    if recipe is not None and unnamed != default:
        raise Fault("A recipe is a whole config: give what should differ from it as --over optimiser.lr=0.1.")
    base = config_from(unnamed) if recipe is None else recipe_config(recipe)
    return define(name, base.model_copy(update={"name": ""}), value_lists(over))


def command_line(root: Path, options: BaseModel, default: BaseModel, over: Sequence[str], recipe: str | None,
                 resume: str | None, workers: int) -> bool:
    """Train a sweep and print its table, or list all sweeps; returns whether nothing is left to do."""
    if resume is None and not over:
        print_sweeps(root)
        return True
    sweep = Sweeps(root).get(resume) if resume else made(options, default, recipe, over)
    done = sweep_here(root, sweep, workers)
    print_table(root, sweep)
    if not done:
        print(f"Not all points are done; python -m seqlab sweep --resume {sweep.id} goes on.")
    return done


def sweep_here(root: Path, sweep: Sweep, workers: int) -> bool:
    """Train every point that is not done, over some processes; returns whether all have ended. Ctrl-C stops it."""
    if workers < 1:
        raise Fault(f"A sweep needs at least one worker, not {workers}.")
    # Also where a shell would have it ignored, behind an ampersand.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"{sweep.id}: {len(sweep.points)} points; Ctrl-C stops it, and the same command goes on.", flush=True)
    engine = Engine(root, workers=workers)
    line = SweepLine(root, sweep)
    try:
        sweep = engine.sweeps.go_on(sweep)
        while engine.sweeps.feeds(sweep.id):
            line.show(engine.trainers, away=engine.away)
            time.sleep(SECONDS)
    except KeyboardInterrupt:
        engine.sweeps.stop(sweep)
    finally:
        engine.close()
    line.show(engine.trainers, last=True)
    if sweep.id in engine.sweeps.faults:
        raise Fault(engine.sweeps.faults[sweep.id])
    return all(one.ended for one in outcomes(root, sweep))


@dataclass
class SweepLine:
    """One line that is written over on a terminal, and elsewhere a line whenever a point has ended."""

    root: Path
    sweep: Sweep
    ended: int = -1
    away: str = ""

    def show(self, at_once: int, last: bool = False, away: str = "") -> None:
        """Say how many points are done, which is the best, and how long the rest will take; or why none is trained."""
        if away and away != self.away:
            print(away, flush=True)
        self.away = away
        results, live = outcomes(self.root, self.sweep), sys.stdout.isatty()
        loss, ended = by_loss(self.sweep, results), sum(one.ended for one in results)
        if not (live or last or ended != self.ended):
            return
        self.ended = ended
        leader, rest = best([one for one in results if one.ended], loss), seconds_left(results, at_once)
        parts = [f"{ended} of {len(results)} points",
                 f"best {score_text(leader, loss)} at {leader.point.label}" if leader else "",
                 f"{duration(rest)} to go" if math.isfinite(rest) and rest else ""]
        text = "  ".join(filter(None, parts))
        print(f"\r\033[K{text}" if live else text, end="\n" if last or not live else "", flush=True)


def print_sweeps(root: Path) -> None:
    """List all sweeps."""
    sweeps, broken = Sweeps(root).all()
    for sweep in sweeps:
        ended = sum(one.ended for one in outcomes(root, sweep))
        print(f"{sweep.id:<52} {ended:>3} of {len(sweep.points):>3}  {', '.join(sweep.varying)}")
    for one in broken:
        print(f"{one.id:<52} unreadable  {one.reason}")
    if not sweeps and not broken:
        print("There are no sweeps. Begin one: python -m seqlab sweep --over network.hidden=8,16,32")


def print_table(root: Path, sweep: Sweep) -> None:
    """Print how every point stands, the best one first, and the best one again in full."""
    results = outcomes(root, sweep)
    loss = by_loss(sweep, results)
    heads = [short(path) for path in sweep.varying]
    widths = [max(len(head), 6) for head in heads]
    print("  ".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))
          + f"  {'perplexity' if loss else 'accuracy':>10}  {'at step':>8}  {'seconds':>8}  state")
    for one in ranked(results, loss):
        cells = (f"{written(one.point.values[path]):>{width}}"
                 for path, width in zip(sweep.varying, widths, strict=True))
        print("  ".join(cells) + f"  {score_text(one, loss):>10}  {one.at or '':>8}  {one.seconds:>8.1f}  {one.state}")
    leader = best(results, loss)
    if leader:
        print(f"The best point is {leader.point.label}: run {leader.point.id}.")


def score_text(one: Outcome, loss: bool) -> str:
    """Write what a point scores: perplexity or accuracy."""
    value = score(one, loss)
    if math.isnan(value):
        return "–"
    return f"{math.exp(min(value, 700)):.3g}" if loss and value > 7 else f"{math.exp(value):.3f}" if loss else percent(
        value)
