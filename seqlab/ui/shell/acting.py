"""All that a page changes for its visitor: one guard asks whose a run is, and whether there is room for another.

No other file of ``seqlab/ui`` starts, steers, pins or names anything; ``tests/ui/test_acting.py`` holds that.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace

from seqlab.adopt import owners_word
from seqlab.adopt.expected import Expected
from seqlab.adopt.owners_word import OwnersWord
from seqlab.classroom import limits as bounds
from seqlab.classroom import ownership, room
from seqlab.classroom.limits import Limits
from seqlab.classroom.person import Person
from seqlab.errors import Fault
from seqlab.training import control, settings, storage, unit_names
from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.training.settings import Settings
from seqlab.training.sweep import Sweep
from seqlab.ui.shell.own_texts import own_place, require_text
from seqlab.ui.shell.services import engine, everything, library
from seqlab.ui.shell.visitor import visitor

STEERING: dict[str, Callable[[Run], None]] = {
    "pause": control.pause, "resume": control.resume, "step": control.step, "stop": control.stop}


def _own(person: Person) -> list[Run]:
    """The runs of a person, points of sweeps and all."""
    if person.teaches:
        return []  # nothing bounds them, so nothing is read
    return [run for run in library().runs(points=True) if ownership.owner_of(run) == person.id]


def _require_room(person: Person, configs: Sequence[RunConfig]) -> None:
    """Refuse runs that are too long, too large, too many, or read somebody else's text; raises Fault."""
    for config in configs:
        _require_allowed(person, config)
    bounds.require_room(person, limits(), _own(person), len(configs))


def _require_allowed(person: Person, config: RunConfig) -> None:
    bounds.require_few_steps(person, limits(), config)
    bounds.require_small(person, limits(), config)
    require_text(config)


def limits() -> Limits:
    """The limits of the class; they bind nobody where there is none."""
    here = room.current()
    return here.keys.limits if here else Limits()


def may_change(run: Run) -> bool:
    """Whether the visitor may steer, rename, share or delete a run."""
    return ownership.may_change(visitor(), run)


def start(config: RunConfig, name: str | None = None, id: str | None = None) -> Run:
    """Start a run of the visitor's; raises Fault, also where a limit of the class is met."""
    person = visitor()
    _require_room(person, [config])
    return engine().start(config, name, id, owner=person.id)


def start_all(configs: Sequence[tuple[RunConfig, str, str]]) -> None:
    """Start several runs of the visitor's, each with its name and id, or none of them; raises Fault."""
    _require_room(visitor(), [config for config, _, _ in configs])
    for config, name, id in configs:
        engine().start(config, name, id, owner=visitor().id)


def made(make: Callable[[], Run]) -> Run:
    """Make a run that is not trained yet, from a file or another run, as the visitor's; raises Fault."""
    person = visitor()
    bounds.require_room(person, limits(), _own(person), more=0)
    run = make()
    try:
        library().claim(run)
        bounds.require_small(person, limits(), run.config)
        require_text(run.config)
    except Fault:
        shutil.rmtree(run.path, ignore_errors=True)
        raise
    return run


def resume(run: Run, from_step: int | None = None) -> Run:
    """Let a run go on, or a new one of the visitor's where it is somebody else's; raises Fault."""
    person = visitor()
    ownership.require_read(person, run)
    _require_room(person, [run.config])
    if from_step is None and not ownership.may_change(person, run):
        from_step = run.newest
    return engine().resume(run, from_step, owner=person.id)


def steer(run: Run, do: str) -> None:
    """Pause, resume, step or stop a run; raises Fault where it is somebody else's."""
    ownership.require_change(visitor(), run, f"{do} it")
    STEERING[do](run)


def set_lr(run: Run, value: float) -> None:
    """Change the learning rate of a run that trains; raises Fault where it is somebody else's."""
    ownership.require_change(visitor(), run, "change its learning rate")
    control.set_lr(run, value)


def pin(run: Run, stays: bool) -> None:
    """Have a run stay whatever is set, or no longer; raises Fault where it is somebody else's."""
    ownership.require_change(visitor(), run, "pin it")
    storage.pin(run, stays)


def share(run: Run, shared: bool) -> None:
    """Let the whole class read a run, or no longer; raises Fault where it is somebody else's."""
    ownership.share(visitor(), run, shared)


def names_of_units(run: Run) -> unit_names.Names:
    """The names of a run's units that the visitor sees: those of the run, or of a shipped one the visitor's own."""
    return unit_names.read(run, own_place())


def name_unit(run: Run, quantity: str, unit: int, name: str) -> None:
    """Name a unit of a run; raises Fault where the run is somebody else's."""
    if not library().is_shipped(run):
        ownership.require_change(visitor(), run, "name its units")
    unit_names.name(run, quantity, unit, name, own_place())


def keep_answers(run: Run, given: Expected, word: OwnersWord) -> None:
    """Keep with an opened run what its owner's program answered; raises Fault where the run is somebody else's."""
    ownership.require_change(visitor(), run, "keep your program's answers with it")
    owners_word.keep(run, given, word)


def require_teacher() -> None:
    """Refuse what concerns the runs of all to a pupil; raises Fault."""
    if not visitor().teaches:
        raise Fault("Only the teacher of the class sets this; ask them.")


def write_settings(chosen: Settings) -> None:
    """Set what holds for all runs; raises Fault where the visitor is no teacher."""
    require_teacher()
    settings.write(everything().root, chosen)


def empty_trash() -> None:
    """Free what all deleted runs take, for good; raises Fault where the visitor is no teacher."""
    require_teacher()
    everything().empty_trash()


def go_on_sweep(sweep: Sweep) -> Sweep:
    """Begin a sweep of the visitor's, or go on with it; raises Fault, also where a limit of the class is met."""
    person = visitor()
    mine = sweep if sweep.known else replace(sweep, owner=person.id)
    require_sweep(mine)
    for point in mine.points:
        _require_allowed(person, point.config)
    bounds.require_room(person, limits(), _own(person), more=0)
    return engine().sweeps.go_on(mine)


def stop_sweep(sweep: Sweep) -> None:
    """End a sweep for now; raises Fault where it is somebody else's."""
    require_sweep(sweep)
    engine().sweeps.stop(sweep)


def delete_sweep(sweep: Sweep) -> None:
    """Put a sweep and its runs in the trash; raises Fault where it is somebody else's."""
    require_sweep(sweep)
    engine().sweeps.sweeps.delete(sweep)


def restore_sweep(sweep_id: str) -> Sweep:
    """Bring back a sweep that was deleted; raises Fault where it is somebody else's."""
    sweeps = engine().sweeps.sweeps
    require_sweep(sweeps.deleted(sweep_id))
    return sweeps.restore(sweep_id)


def may_see(sweep: Sweep) -> bool:
    """Whether a sweep is the visitor's; the teacher sees all."""
    return visitor().teaches or sweep.owner == visitor().id


def require_sweep(sweep: Sweep) -> None:
    """Refuse a sweep of somebody else's; raises Fault."""
    if not may_see(sweep):
        raise Fault(f"The sweep {sweep.id} belongs to somebody else; make one of your own.")
