"""Taking in a zip file in a process of its own, which may die: what it needs, the server does not."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from io import BufferedIOBase
from pathlib import Path

from seqlab import paths
from seqlab.errors import Fault
from seqlab.files import refusal
from seqlab.training import archive

MEMORY_BYTES, SECONDS = 2 * 2**30, 120.0  # of address space, which is more than is used; in all
START = "import sys; sys.path.insert(0, sys.argv[1]); from seqlab.training.intake import main; main()"


def unpack(source: BufferedIOBase | Path, folder: Path) -> None:
    """Unpack a zip file into a new folder and check it, as ``archive.read`` does, apart from this process.

    Raises Fault, and then leaves nothing behind, and OSError where the file cannot be copied.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(prefix="seqlab-", suffix=".zip") as file:
        with open(source, "rb") if isinstance(source, Path) else nullcontext(source) as content:
            shutil.copyfileobj(content, file)
        file.flush()
        try:
            _apart(Path(file.name), folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _apart(file: Path, folder: Path) -> None:
    """Run ``main`` on a file; raises the Fault that it reports, or one for a process that did not end well."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    try:
        done = subprocess.run([sys.executable, "-c", START, str(paths.SOURCE), str(file), str(folder)],
                              env=os.environ | threads, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=SECONDS, check=False)
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Fault("The zip file asks for more time or memory than any run, so nothing of it was kept.") from None
    if answer != "":
        raise Fault(answer)


def main() -> None:
    """Read the zip file and folder from the arguments, take it in, and print the Fault, or "", as JSON."""
    _limit()
    try:
        archive.read(Path(sys.argv[2]), Path(sys.argv[3]))
    except Fault as fault:
        answer = str(fault)
    except OSError as error:
        answer = f"The zip file cannot be unpacked: {refusal(error)}."
    else:
        answer = ""
    print(json.dumps(answer))


def _limit() -> None:
    """Refuse this process more memory and time; what a system does not know is left out."""
    try:
        import resource
    except ImportError:
        return
    for name, most in (("AS", MEMORY_BYTES), ("CPU", int(SECONDS)), ("CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        except (AttributeError, ValueError, OSError):
            continue
