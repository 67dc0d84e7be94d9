"""Reading a checkpoint in a process of its own, which may die: what it needs, the server does not."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from seqlab import paths
from seqlab.adopt.parts import Contents
from seqlab.errors import Fault
from seqlab.files import refusal

MOST_BYTES = 512 * 2**20
SECONDS = 150.0
START = "import sys; sys.path.insert(0, sys.argv[1]); from seqlab.adopt.child import main; main()"


def read(path: Path) -> Contents:
    """Read the tensors of a file and what stands beside them, apart from this process; raises Fault.

    It may be safetensors, PyTorch's own format (weights only: no object in it is made) or NumPy's ``.npz``.
    """
    bounded(path)
    with tempfile.TemporaryDirectory(prefix="seqlab-open-") as folder:
        answer = _apart(path, Path(folder))
        if answer:
            raise Fault(answer)
        beside = json.loads((Path(folder) / "facts.json").read_text())
        with np.load(Path(folder) / "arrays.npz") as arrays:
            return Contents({name: arrays[f"a{place}"] for place, name in enumerate(beside["names"])}, beside["facts"])


def bounded(path: Path) -> int:
    """Give the size of a file; raises Fault for one that is not there, is empty or larger than any small network."""
    try:
        size = path.stat().st_size if path.is_file() else -1
    except OSError as error:
        raise Fault(f"The file cannot be read: {refusal(error)}.") from None
    if size < 0:
        raise Fault(f"There is no file {path.name!r:.80} here.")
    if size == 0:
        raise Fault(f"The file {path.name!r:.80} is empty.")
    if size > MOST_BYTES:
        raise Fault(f"The file has {size / 2**20:,.0f} MB; seqlab opens small networks, of at most "
                    f"{MOST_BYTES // 2**20} MB. Save the weights without the optimiser, or as float16.")
    return size


def digest(path: Path) -> str:
    """Give the SHA-256 of a file; raises Fault where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Fault(f"The file cannot be read: {refusal(error)}.") from None


def _apart(path: Path, folder: Path) -> str:
    """Run ``child.main`` on a file; gives the Fault that it reports ("": none), or one for its bad end."""
    quiet = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")} | {"CUDA_VISIBLE_DEVICES": ""}
    try:
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", START, str(paths.SOURCE), str(path.absolute()),
                               str(folder)],
                              env=os.environ | quiet, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=SECONDS, check=False)
        return str(json.loads(done.stdout))
    except (subprocess.TimeoutExpired, ValueError):
        return ("Reading the file took more time or memory than any small network needs, or it is damaged, so nothing "
                "of it was kept.")
