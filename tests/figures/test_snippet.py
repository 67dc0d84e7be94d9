"""The copied NumPy runs alone in a fresh process, proves its result, and fails when a number is wrong."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seqlab.figures.snippet import MOST_LITERALS, Snippet, lines_together, snippet
from seqlab.reference.core import cores
from seqlab.reference.formulas.lines import lines, stops
from seqlab.reference.formulas.spot import Spot
from tests.reference.test_formulas import made

SMALL, LARGE = 4, 36
ALL = [pytest.param(name, size, id=f"{name}-{size}") for name in cores() for size in (SMALL, LARGE)]


def snippets(core: str, hidden: int) -> list[tuple[str, Snippet]]:
    run = made(cores()[core], hidden=hidden, layers=2)
    every = lines(cores()[core], run.weights)
    time = 3 if core != "dense" else int(run.trace["h.0"][0].sum(-1).argmax())  # where some units are not silent
    pairs = []
    for line, layer in stops(cores()[core], run.weights, 2):
        together = lines_together(line, every, not cores()[core].heads)
        pairs.append((f"{line.symbol}.{layer}", snippet(together, line, run, Spot(layer, time, 2, 1), title=core,
                                                        stem=f"{line.symbol}-{layer}")))
    return pairs


def executed(code: str, made_: Snippet, folder: Path) -> subprocess.CompletedProcess:
    (folder / "step.py").write_text(code, encoding="utf-8")
    if made_.arrays:
        (folder / made_.file).write_bytes(made_.npz())
    return subprocess.run([sys.executable, "-W", "error", "step.py"], cwd=folder, capture_output=True, text=True,
                          timeout=60, check=False)


@pytest.mark.parametrize(("core", "hidden"), ALL)
def test_every_snippet_runs_and_is_short(core: str, hidden: int, tmp_path: Path) -> None:
    """All lines in one process: each in a namespace of its own, as a paste into a fresh interpreter would have."""
    programs = snippets(core, hidden)
    for place, (name, piece) in enumerate(programs):
        assert len(piece.code.splitlines()) < 40, name
        (tmp_path / f"p{place}.py").write_text(piece.code, encoding="utf-8")
        if piece.arrays:
            (tmp_path / piece.file).write_bytes(piece.npz())
    driver = f"import runpy\nfor place in range({len(programs)}):\n    runpy.run_path(f'p{{place}}.py')\n"
    (tmp_path / "all.py").write_text(driver)
    done = subprocess.run([sys.executable, "-W", "error", "all.py"], cwd=tmp_path, capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-1500:]
    assert len(done.stdout.splitlines()) == len(programs)  # each prints its number


def chosen(core: str, hidden: int, symbol: str) -> Snippet:
    return next(piece for name, piece in snippets(core, hidden) if name == f"{symbol}.0")


@pytest.mark.parametrize("core", cores())
def test_a_small_snippet_fails_when_a_number_is_changed(core: str, tmp_path: Path) -> None:
    made_ = chosen(core, SMALL, "h")
    assert not made_.arrays
    assert executed(made_.code, made_, tmp_path).returncode == 0
    number = re.search(r"(mid|h_before|a|b|b_o) = np\.array\(\[(-?\d+\.\d+)", made_.code)
    assert number is not None
    wrong = made_.code.replace(number[2], str(float(number[2]) + 5), 1)
    done = executed(wrong, made_, tmp_path)
    assert "AssertionError" in done.stderr


@pytest.mark.parametrize("core", cores())
def test_a_large_snippet_fails_when_its_file_is_changed(core: str, tmp_path: Path) -> None:
    made_ = chosen(core, LARGE * (4 if core == "dense" else 1), "h")
    assert made_.arrays
    assert executed(made_.code, made_, tmp_path).returncode == 0
    changed = {name: array + (0.1 if name == next(iter(made_.arrays)) else 0) for name, array in made_.arrays.items()}
    done = executed(made_.code, Snippet(made_.code, made_.file, changed), tmp_path)
    assert "AssertionError" in done.stderr


def test_numbers_stand_in_the_code_while_they_are_few() -> None:
    for core in cores():
        for name, piece in snippets(core, SMALL) + snippets(core, LARGE):
            sizes = sum(array.size for array in piece.arrays.values())
            assert not piece.arrays or sizes > MOST_LITERALS, name
            assert ("np.load" in piece.code) == bool(piece.arrays), name


def test_a_recurrent_step_is_whole_and_a_transformer_s_is_one_line() -> None:
    gru = chosen("gru", SMALL, "z").code
    assert all(f"\n{symbol} = " in gru for symbol in "rzqnh")
    assert "\nz = " not in gru[:gru.index("\nr = ")]
    query = chosen("transformer", SMALL, "query").code
    assert "query = W_q @ ln1 + b_q" in query
    assert "scores = " not in query


def test_single_precision_weights_are_packed_without_loss() -> None:
    run = made(cores()["gru"], hidden=LARGE)
    weights = {name: array.astype(np.float32).astype(np.float64) for name, array in run.weights.items()}
    rounded = type(run)(run.trace, weights, run.ids, run.condition)
    every = lines(cores()["gru"], weights)
    piece = snippet([every[1]], every[1], rounded, Spot(0, 3, 2), title="r", stem="r")
    assert piece.arrays["W_ir"].dtype == np.float32
    np.testing.assert_array_equal(piece.arrays["W_ir"], weights["core.weight_ih_l0"][:LARGE])
    assert piece.arrays["x"].dtype == np.float64
