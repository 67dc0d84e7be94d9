"""``python -m tests.programs NAME [--ship]``: run a source's own program, and ship what it measured."""

import argparse
import time
from collections.abc import Mapping
from pathlib import Path

from seqlab import paths
from seqlab.studies import Report, results
from seqlab.studies.results import Measured, Result
from tests.programs import programs


def main() -> None:
    """Run the program that is named, print its figures, and store them where that is asked for."""
    known = programs()
    options = argparse.ArgumentParser(prog="python -m tests.programs", description=__doc__)
    options.add_argument("name", choices=known, help="the source whose program is run")
    options.add_argument("--ship", action="store_true", help="store its figures in checkpoints/results/")
    asked = options.parse_args()
    _one_thread()
    result = measured(asked.name, lambda text: print(text, flush=True))
    for key, value in result.figures.items():
        print(f"{asked.name}/{key}: {value:.7g}")
    if asked.ship:
        ship(result, paths.checkpoints())


def measured(name: str, report: Report) -> Result:
    """Run a source's program in this process; raises ValueError for a figure that is not described."""
    program, began = programs()[name], time.perf_counter()
    figures: Mapping[str, float] = program.run(report)
    unknown = sorted(set(figures) - set(program.FIGURES))
    if unknown:
        raise ValueError(f"{name} does not say in FIGURES what {', '.join(unknown)} measures")
    return results.result_of(f"program-{name}", Measured(figures), seconds=time.perf_counter() - began)


def _one_thread() -> None:
    """Let torch use one core, as ``seqlab reproduce`` does."""
    import torch

    torch.set_num_threads(1)


def ship(result: Result, root: Path) -> None:
    """Store a program's result among the shipped ones, in place of an earlier one; raises Fault."""
    results.keep(root, result)


if __name__ == "__main__":
    main()
