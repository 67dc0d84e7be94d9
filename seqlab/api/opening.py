"""Opening what a person has: a run's id, folder or zip."""

from pathlib import Path

from seqlab.api.run import Run
from seqlab.errors import Fault
from seqlab.training import run as folder
from seqlab.training.library import Library


def open_run(what: str | Path | folder.Run) -> Run:
    """Open a run by its id, its folder, or the zip of one, which is added to the runs.

    Raises Fault, in one plain sentence, for what cannot be opened.

    >>> import seqlab
    >>> seqlab.open("hello-gru")
    Run('hello-gru')
    """
    if isinstance(what, folder.Run):
        return Run(what.path)
    path = Path(what)
    if path.is_dir():
        return _folder(path)
    if path.is_file():
        return _file(path)
    if isinstance(what, Path) or path.suffix or len(path.parts) > 1:
        raise Fault(f"There is no file or folder {path.name[:80]!r} there.")
    return Run(Library().get(str(what)).path)


def _folder(path: Path) -> Run:
    run = Run(path.resolve())
    run.config, run.status  # noqa: B018 (a folder that cannot be read is no run)
    return run


def _file(path: Path) -> Run:
    if path.suffix.lower() == ".zip":
        return Run(Library().import_zip(path).path)
    raise Fault(f"{path.name[:80]!r} is no file that is opened here.")
