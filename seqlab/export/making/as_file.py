"""What the Python files that leave have in common: an example with its answer, the head of the file, a trial run."""

import io
import json
import sys
import time
import zipfile
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np
from jaxtyping import Float

import seqlab
from seqlab.errors import Fault
from seqlab.export.exports import Leaving

CLOSE = 1e-9  # what the file answers in float64, against the reference
_TIME = (1980, 1, 1, 0, 0, 0)  # of every file in a zip, so that the same run makes the same bytes


def example(leaving: Leaving) -> dict[str, Any]:
    """Give an input with what the network answers to it, and the names of symbols and classes."""
    run, given = leaving.run, leaving.given
    return {"run": run.id, "step": leaving.step, "ids": given.ids.tolist(),
            "condition": None if given.condition is None else [given.condition],
            "logits": leaving.trained.traced(dtype="float64")["logits"].tolist(), "symbols": list(run.symbols),
            "classes": list(run.classes)}


def head(leaving: Leaving, what: str, needs: str) -> str:
    """Write what stands at the top of a file: which network it is, and what it takes to run it."""
    run, network = leaving.run, leaving.run.config.network
    lines = [f"The network of the run {run.id} after {leaving.step:,} updates, {what}", "",
             f"{run.core.label}: hidden size {network.hidden}, {network.layers} layer(s), {run.sizes.symbols} symbols, "
             f"{run.sizes.classes} outputs.",
             f"Written by seqlab {seqlab.__version__} on {time.strftime('%Y-%m-%d')}; needs {needs}, and not seqlab.",
             "``python network.py`` reads example.json and says how far this file is from the answer there."]
    text = "\n".join(lines).replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{text}\n"""\n\n'


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def in_json(value: Mapping[str, Any]) -> bytes:
    """Write JSON that another program reads."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def module_of(source: str) -> ModuleType:
    """Run the text of a file that is about to leave, as an importing program would."""
    module = ModuleType("seqlab_leaving")
    sys.modules[module.__name__] = module  # data classes look their module up
    try:
        exec(compile(source, "network.py", "exec", dont_inherit=True), module.__dict__)
    finally:
        del sys.modules[module.__name__]
    return module


def require_close(answer: Float[np.ndarray, "batch time classes"], leaving: Leaving) -> None:
    """Raise Fault unless a file that is about to leave answers as the reference does."""
    expected = leaving.trained.traced(dtype="float64")["logits"]
    if answer.shape != expected.shape or not np.abs(answer - expected).max() <= CLOSE * (1 + np.abs(expected).max()):
        raise Fault(f"The network of {leaving.run.id} cannot be written as one file: the file would not give its "
                    "answer.")
