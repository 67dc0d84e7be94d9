"""Run every benchmark of this folder that has ``rows``, each in a fresh process, and print one table.

    python -m tests.benchmarks                 all
    python -m tests.benchmarks trace training  these
"""

import json
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from tests.benchmarks.table import Row, show

HERE = Path(__file__).parent
NOT_BENCHMARKS = {"__init__", "__main__", "table"}


def names() -> list[str]:
    """Every benchmark: a file of this folder."""
    return sorted(path.stem for path in HERE.glob("*.py")
                  if path.stem not in NOT_BENCHMARKS and not path.stem.startswith("test_"))


def measured(name: str) -> list[Row]:
    """Rows of one benchmark from a process of its own, so that none inherits the threads or caches of another."""
    code = f"from tests.benchmarks.__main__ import hand_over; hand_over({name!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE.parents[1], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode:
        return [Row(f"{name} failed", float("nan"), 0.0, note="its error stands above")]
    return [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def hand_over(name: str) -> None:
    """Measure one benchmark in this process and print its rows as the last line."""
    rows = [asdict(row) for row in import_module(f"tests.benchmarks.{name}").rows()]
    print(json.dumps(rows))


def main(wanted: list[str]) -> int:
    """Measure and print; 0 if every target was met."""
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"There is no benchmark called {', '.join(unknown)}; there are {', '.join(names())}.", file=sys.stderr)
        return 2
    return int(not show([row for name in wanted or names() for row in measured(name)]))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
