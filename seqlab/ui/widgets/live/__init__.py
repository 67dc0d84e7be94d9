"""Live curves of a run: loss, perplexity, accuracy, gradient norm and learning rate, redrawn in place as they grow."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqlab.figures.film import evenly
from seqlab.ui.widgets import component, finite

MOST_POINTS = 600  # more than a chart has pixels; four messages a second stay small

Column = Sequence[Any] | np.ndarray
_mount = component("live")


def live(curves: Mapping[str, Any], *, key: str) -> None:
    """Show curves; under the same key they are redrawn in place, without flicker.

    ``steps`` is the length of the run, ``step`` where it is (else the last row), ``state`` a word for people,
    ``columns`` lists of equal length (those of ``training.metrics``; NaN is a gap), ``marks`` pairs of ``step`` and
    ``label``, ``chance`` the accuracy of guessing, ``floor`` the least loss that there can be and ``clip`` the limit of
    the gradient norm. ``perplexity`` adds a chart of e to the loss, or ``valid`` one of the share of what it writes
    that is in its language; ``unit`` is what the loss is counted by (a letter) and ``fresh`` says what the dots are
    measured on (fresh data). ``recorded`` leaves out charts that would be empty, and ``own`` names further columns that
    get one each. ``bands`` are areas behind the curves, by column: see ``ui.runs.normal``. All from ``marks`` on may be
    left out.
    """
    # Made plain first: a gap is NaN in an array and None here, and rows with an evaluation are told by it.
    columns = {name: _plain(values) for name, values in curves.get("columns", {}).items()}
    about = finite({name: part for name, part in curves.items() if name != "columns"})
    assert isinstance(about, dict)
    _mount(data={**about, "columns": thinned(columns)}, key=key)


def _plain(values: Column) -> list[Any]:
    """A column as ``finite`` gives it; the whole of it at once, for it is made several times a second."""
    known = np.asarray(values, np.float64)
    plain = known.astype(object)
    plain[~np.isfinite(known)] = None
    return list(plain)


def thinned(columns: Mapping[str, Column], most: int = MOST_POINTS) -> dict[str, list[Any]]:
    """Keep at most ``most`` rows evenly, the first and the last among them, and every row with an evaluation."""
    rows = len(columns.get("step", ()))
    evaluated = [row for row, value in enumerate(columns.get("evaluation", ())) if value is not None]
    if len(evaluated) > most // 2:
        evaluated = [evaluated[place] for place in evenly(len(evaluated), most // 2)]
    kept = sorted({*evenly(rows, most - len(evaluated)), *evaluated})
    return {name: [values[row] for row in kept] for name, values in columns.items()}
