"""Opening what a person has: a run's id, folder or zip, or a network of their own, from a file or alive."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seqlab import paths
from seqlab.adopt import opening, owners_word, reading
from seqlab.adopt.expected import Expected
from seqlab.adopt.proposal import Adopted, propose
from seqlab.adopt.vocabulary import written
from seqlab.api.program import Program, program_of
from seqlab.api.run import Run
from seqlab.errors import Fault
from seqlab.training import run as folder
from seqlab.training.library import Library

if TYPE_CHECKING:
    from torch import nn

LONGEST = 30  # characters of an answer that are printed
TRIED = 24  # symbols that a live module is asked about when it is opened


def open_run(what: "str | Path | folder.Run | nn.Module", *, vocabulary: object = None, name: str = "",
             program: Program | None = None, **answers: object) -> Run:
    """Open a run by its id, its folder or its zip; or a file of weights, or a live nn.Module, which becomes a run.

    Of a network: ``vocabulary`` are the symbols in the order of their ids (text, list, table, or an object with
    ``itos`` or ``stoi``), ``answers`` those to the questions that it leaves open, by their keys, such as ``heads=4``.
    What was guessed is printed. ``program`` asks the owner's own network where the module is not called with ids: a
    function of ids (``batch time``) and condition that gives logits. Raises Fault, in one plain sentence, for what
    cannot be opened.

    >>> import seqlab
    >>> seqlab.open("hello-gru")
    Run('hello-gru')
    """
    given = {key: str(answer) for key, answer in answers.items() if answer is not None}
    if vocabulary is not None:
        given["vocabulary"] = written(vocabulary)
    if isinstance(what, folder.Run):
        return Run(what.path)
    if not isinstance(what, str | Path):
        return _module(what, given, name, program)
    path = Path(what).expanduser()
    if path.is_file() and path.suffix.lower() != ".zip":
        return _checkpoint(path, given, name)
    if given or name:
        raise Fault("This is a run already, so there is nothing to ask about it; leave vocabulary, name and answers "
                    "out.")
    if path.is_dir():
        return _folder(path)
    if path.is_file():
        return Run(Library().import_zip(path).path)
    if isinstance(what, Path) or path.suffix or len(path.parts) > 1:
        raise Fault(f"There is no file or folder {path.name[:80]!r} there.")
    return Run(Library().get(str(what)).path)


def _folder(path: Path) -> Run:
    run = Run(path.resolve())
    run.config, run.status  # noqa: B018 (a folder that cannot be read is no run)
    return run


def _checkpoint(path: Path, answers: dict[str, str], name: str) -> Run:
    """Open a file of weights, or the run that it has become before by the same answers."""
    adopted = propose(reading.read(path)).settle(answers)
    _say(adopted)
    known = _opened_before(adopted, path, name)
    return Run((known or opening.write(adopted, path, paths.runs(), name)).path)


def _module(module: "nn.Module", answers: dict[str, str], name: str, program: Program | None) -> Run:
    """Open a live module; what it answers to a first input is kept with the run, as its owner's word."""
    if not hasattr(module, "state_dict"):
        raise Fault(f"A {type(module).__name__} is nothing that can be opened; give an id, a path or an nn.Module.")
    from seqlab.adopt.modules import from_module

    adopted = from_module(module).settle(answers)
    _say(adopted)
    run = Run(opening.write(adopted, None, paths.runs(), name or type(module).__name__).path)
    asked = program or program_of(module, run.sizes.symbols, run.sizes.classes)
    try:
        _ask(run, asked)
    except Fault as fault:
        print(fault)
        return run
    return Run(run.path, program=asked)


def _ask(run: Run, program: Program) -> None:
    """Ask the owner's network, and keep what it answers; raises Fault where it cannot be asked."""
    count = min(TRIED, run.sizes.longest or TRIED)
    ids = np.arange(count)[None] % run.sizes.symbols
    condition = np.array([0]) if run.sizes.conditions else None
    logits = program(ids, condition).astype(np.float64)[0]
    rows = tuple(enumerate(logits)) if logits.ndim == 2 else ((count - 1, logits),)
    given = Expected(ids, 0 if run.sizes.conditions else None, rows, decimals=17)
    owners_word.keep(run, given, owners_word.check(run.config, run.weights(), given))


def _say(adopted: Adopted) -> None:
    guessed = [f"{question['key']}={question['answer'][:LONGEST] or 'none'}" for question in
               adopted.origin["questions"] if question["how"] == "guessed"]
    if guessed:
        print(f"Taken for granted: {', '.join(guessed)}; say otherwise by keyword.")


def _opened_before(adopted: Adopted, path: Path, name: str) -> folder.Run | None:
    """The run of the same file, by the same answers and under the same name."""
    digest = reading.digest(path)
    for run in Library().runs():
        origin, config = run.origin, run.config
        if origin is not None and origin.sha256 == digest and config.name == (name or path.stem) \
                and config.task == adopted.config.task and config.network == adopted.config.network:
            return run
    return None
