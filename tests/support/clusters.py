"""Dask clusters that are not the engine's own: a scheduler and workers, as their command lines start them."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from seqlab.training import fork_server


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def foreign_cluster(port: int, *offers: str, **environment: str) -> Iterator[list[BaseProcess]]:
    """A scheduler, and a worker for each of the resources ('' offers none), processes of their own; killed at the end.

    Where processes are forked, they are so from one that knows torch, so that a worker is there at once.
    """
    worker = ["worker", f"tcp://127.0.0.1:{port}", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
              "--no-dashboard"]
    lines = [["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
             *([*worker, *(["--resources", offer] if offer else [])] for offer in offers or [""])]
    fork_server.start()
    start = get_context("forkserver").Process if fork_server.available() else get_context("spawn").Process
    running = [start(target=_dask, args=(line, environment)) for line in lines]
    for process in running:
        process.start()
    try:
        yield [*running]
    finally:
        for process in running:
            process.kill()
            process.join()


def _dask(line: list[str], environment: dict[str, str]) -> None:
    """Be ``dask``, quietly."""
    from dask.cli import run_cli

    os.environ.update(environment)
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    sys.argv = ["dask", *line]
    run_cli()
