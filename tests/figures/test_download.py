"""Files of what is on the screen say what the screen says."""

import csv
import io

import numpy as np

from seqlab.figures.download import curves_csv, traces_npz
from seqlab.trace import Trace


def test_a_trace_comes_back_whole_without_pickle() -> None:
    rng = np.random.default_rng(0)
    traces = [Trace({"h.0": rng.normal(size=(1, 5, 3)).astype(np.float32), "p": rng.uniform(size=(1, 5, 27))})
              for _ in range(2)]
    file = np.load(io.BytesIO(traces_npz(traces, [0, 70], "abc··", "··abc", "·abc")), allow_pickle=False)
    assert file["h.0"].shape == (2, 5, 3)
    assert np.array_equal(file["h.0"][1], traces[1]["h.0"][0])
    assert file["steps"].tolist() == [0, 70]
    texts = ["".join(file[name]) for name in ("inputs", "target", "alphabet")]
    assert texts == ["abc··", "··abc", "·abc"]


def test_curves_keep_every_figure_and_leave_gaps_empty() -> None:
    columns = {"step": np.array([10.0, 20.0]), "loss": np.array([0.123456789, 2.5e-7]),
               "evaluation": np.array([np.nan, 0.5])}
    rows = list(csv.DictReader(io.StringIO(curves_csv(columns))))
    assert [row["step"] for row in rows] == ["10", "20"]
    assert [float(row["loss"]) for row in rows] == columns["loss"].tolist()
    assert [row["evaluation"] for row in rows] == ["", "0.5"]
