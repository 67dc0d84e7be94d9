"""The curves and samples of a run for TensorBoard, as an entry in the registry; what writes them is ``tensorboard``."""

from pathlib import Path
from tempfile import TemporaryDirectory

from seqlab.export.exports import Export, Leaving
from seqlab.training.run import Run


def _into(run: Run, folder: Path) -> Path:
    from seqlab.export.making.tensorboard import export

    return export(run, folder)


def _content(leaving: Leaving) -> bytes:
    with TemporaryDirectory() as folder:
        return _into(leaving.run, Path(folder)).read_bytes()


def _why_not(run: Run) -> str:
    return "" if run.metrics()["step"].size else f"Run {run.id} has no curves yet."


EXPORT = Export("tensorboard", "TensorBoard events", "Curves and samples, in a folder that TensorBoard reads.",
                ".tfevents", _content, _why_not, _into, "To see it: tensorboard --logdir {}")
