"""The process that workers are forked from: it knows torch, so a worker is there at once and shares its memory."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import forkserver, get_all_start_methods

import dask
from distributed import utils

from seqlab import paths

_start_process = forkserver.ensure_running


def available() -> bool:
    """Whether workers can be forked; macOS could too, but its own libraries forbid it. Elsewhere they are spawned."""
    return "forkserver" in get_all_start_methods() and sys.platform != "darwin"


def start() -> None:
    """Start that process, where there can be one and is none, and have Dask's workers made there; returns at once."""
    if not available():
        return
    if forkserver._forkserver.ensure_running is not _ensure_running:
        dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})
        # Dask would set a list of its own, and import pandas here to see whether it belongs there.
        utils._forkserver_preload_set = True
        forkserver.set_forkserver_preload(["seqlab.training.preload"])
        # It is also started, after its death, by the first worker that is to be forked.
        forkserver._forkserver.ensure_running = _ensure_running  # type: ignore[method-assign]
    _ensure_running()


def _ensure_running() -> None:
    with _environment(_wanted()):
        _start_process()


def _wanted() -> dict[str, str]:
    """What Dask sets for its workers, and where seqlab is: the new process begins in no particular folder."""
    wanted: dict[str, object] = dask.config.get("distributed.nanny.pre-spawn-environ")
    path = os.pathsep.join(filter(None, (str(paths.SOURCE), os.environ.get("PYTHONPATH"))))
    return {name: os.environ.get(name, str(value)) for name, value in wanted.items()} | {"PYTHONPATH": path}


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Let a process that is started meanwhile have other variables."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
