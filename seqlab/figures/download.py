"""What is on the screen as files that other programs read: traces as .npz, curves as CSV."""

import csv
import io
import math
from collections.abc import Mapping, Sequence

import numpy as np

from seqlab.files import npz
from seqlab.trace import Trace


def traces_npz(traces: Sequence[Trace], steps: Sequence[int], inputs: Sequence[str], target: Sequence[str],
               alphabet: Sequence[str]) -> bytes:
    """Pack every quantity of several snapshots as ``numpy.savez`` does, for ``numpy.load``.

    Each symbol of the trace (``h.0``, ``r.0`` … ``p``) is an array snapshot × time × unit; ``steps`` says after how
    many updates each snapshot was taken; ``inputs``, ``target`` and ``alphabet`` are arrays of symbols.
    """
    arrays = {name: np.stack([trace[name][0] for trace in traces]) for name in traces[0]}
    arrays |= {"steps": np.asarray(steps), "inputs": np.array(list(inputs)),
               "target": np.array(list(target)), "alphabet": np.array(list(alphabet))}
    return npz(arrays)


def curves_csv(columns: Mapping[str, np.ndarray]) -> str:
    """Write the columns of a run's metrics as CSV, one line for each publication; an absent figure is left empty."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(columns)
    for row in zip(*(np.asarray(values).tolist() for values in columns.values()), strict=True):
        out.writerow(map(_cell, row))
    return file.getvalue()


def _cell(value: float) -> float | int | str:
    if math.isnan(value):
        return ""
    return int(value) if float(value).is_integer() else value
