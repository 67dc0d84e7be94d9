"""Every folder that seqlab knows, once: the app's own files, runs, shipped networks, downloads, a person's own data.

In a checkout the app's files lie beside the package and runs go into ``runs/`` beside them. Installed from a wheel,
the app's files lie inside the package and runs go where the system keeps a person's data. It does not matter from which
folder a command is started. The environment may name other folders; it is read at every call.
"""

import os
import re
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from seqlab.errors import Fault

PACKAGE = Path(__file__).parent
SOURCE = PACKAGE.parent  # what stands on Python's path, so that ``import seqlab`` works
_INSIDE = PACKAGE / "_app"  # where the build puts app.py, pages/, checkpoints/ and .streamlit/ in a wheel
INSTALLED = _INSIDE.is_dir()
HOME = _INSIDE if INSTALLED else SOURCE
APP = HOME / "app.py"
PAGES = HOME / "pages"
SETTINGS = HOME / ".streamlit" / "config.toml"  # Streamlit looks for it beside app.py
_ADDRESS = re.compile(r"\w[\w+.-]+:[:/]/?")  # s3://, file://, simplecache::s3://, but no drive


def runs() -> Path:
    """Where a person's runs are kept: ``SEQLAB_RUNS``, else ``runs`` beside app.py or in the person's data folder.

    Where that names an address such as ``s3://bucket/runs``, a folder that is kept the same as the address; from then
    on ``SEQLAB_RUNS`` names it, for this process and those that it starts. Raises Fault.
    """
    named = os.environ.get("SEQLAB_RUNS", "")
    if _ADDRESS.match(named):
        from seqlab import remote

        os.environ["SEQLAB_RUNS"] = str(remote.folder(named, cache()))
    return _named("RUNS") or (user_data_path("seqlab", appauthor=False) if INSTALLED else HOME) / "runs"


def keep_runs_in(folder: Path) -> None:
    """Have this process, and those that it starts, keep runs in a folder from now on."""
    os.environ["SEQLAB_RUNS"] = str(folder)


def hand_over() -> None:
    """Let go of an address of runs, which the program finds that this process becomes."""
    from seqlab import remote

    if address := remote.let_go(Path(os.environ.get("SEQLAB_RUNS", ""))):
        os.environ["SEQLAB_RUNS"] = address


def checkpoints() -> Path:
    """Where the shipped runs are: ``SEQLAB_CHECKPOINTS``, else ``checkpoints`` beside app.py."""
    return _named("CHECKPOINTS") or HOME / "checkpoints"


def cache() -> Path:
    """Where downloads are kept: ``SEQLAB_CACHE``, else the place that the system has for caches."""
    return _named("CACHE") or user_cache_path("seqlab", appauthor=False)


def data() -> Path | None:
    """Where a person has laid files ready, ``SEQLAB_DATA``; None where nothing is named."""
    return _named("DATA")


def environment(root: Path) -> dict[str, str]:
    """The environment of another process of seqlab, which finds this package and keeps its runs in ``root``."""
    found = os.pathsep.join(filter(None, (str(SOURCE), os.environ.get("PYTHONPATH"))))
    return os.environ | {"SEQLAB_RUNS": str(root), "PYTHONPATH": found}


def lessons() -> Path | None:
    """Where whoever runs the server has laid lessons ready for all, ``SEQLAB_LESSONS``; None where nothing is named."""
    return _named("LESSONS")


def _named(what: str) -> Path | None:
    """Read a folder off the environment; one that is empty counts as not named. Raises Fault at an address."""
    value = os.environ.get(f"SEQLAB_{what}")
    if address := _ADDRESS.match(value or ""):
        raise Fault(f"SEQLAB_{what} must name a folder, and {address.group()}… is an address; mount what is there and "
                    "name the folder where it is mounted.")
    return Path(value).expanduser().absolute() if value else None
