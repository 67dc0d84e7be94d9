"""``python -m tests.fuzz [cases] [seed]``: feed every door, and print what came of it and what memory it took."""

import os
import resource
import sys
import tempfile
import traceback
from collections import Counter

from tests.fuzz.doors import DOORS, feed


def main(cases: int = 20_000, seed: int = 0) -> int:
    """Return how many cases ended in an exception that is no Fault."""
    os.environ["SEQLAB_CACHE"] = tempfile.mkdtemp(prefix="seqlab-fuzz-cache-")
    wrong = 0
    for door, share in DOORS.items():
        came: Counter[str] = Counter()
        for case in range(max(1, cases * share // 100)):
            try:
                came[feed(door, seed + case)] += 1
            except Exception as error:
                came[f"{type(error).__name__}: {str(error)[:80]}"] += 1
                wrong += 1
                if came.total() - came["in"] - came["fault"] <= 3:
                    print(f"{door.__name__} {seed + case}", "".join(traceback.format_exception(error)[-4:]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{door.__name__:10} {came.total():6} cases: {dict(came)}; peak {peak} MB", flush=True)
    print(f"exceptions other than Fault: {wrong}")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(*map(int, sys.argv[1:])), 1))
