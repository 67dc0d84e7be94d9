import shutil
from pathlib import Path

import torch

from seqlab.lenses import opened
from seqlab.training.run import Run


def test_a_snapshot_is_loaded_once(run: Run) -> None:
    step = run.snapshots()[-1]
    assert opened.network(str(run.path), step) is opened.network(str(run.path), step)


def test_a_run_that_was_made_again_in_the_same_place_is_read_again(run: Run, tmp_path: Path) -> None:
    copy = Run(tmp_path / "copy")
    shutil.copytree(run.path, copy.path)
    first, last = copy.snapshots()[0], copy.snapshots()[-1]
    old = opened.network(str(copy.path), last)
    weights = sorted((copy.path / "weights").iterdir())
    shutil.copy(weights[0], weights[-1])  # copy() gives it a new time
    new = opened.network(str(copy.path), last)
    assert not torch.equal(old.decoder.weight, new.decoder.weight)
    assert torch.equal(new.decoder.weight, opened.network(str(copy.path), first).decoder.weight)


def test_what_was_first_read_for_a_picture_can_be_differentiated(run: Run) -> None:
    with torch.inference_mode():
        made = opened.network(str(run.path), run.snapshots()[0], "float64")
    assert not any(weight.is_inference() for weight in (*made.parameters(), *made.buffers()))
