"""``python -m tests.house --base REV``: the measures at a commit and now, side by side."""

import argparse
from pathlib import Path

from tests.house.circles import circles
from tests.house.lists import kept_lists, type_tests
from tests.house.measures import measures
from tests.house.sources import tree_at
from tests.support.data import ROOT


def main() -> None:
    """Print the table, and where the lists and circles of now are."""
    options = argparse.ArgumentParser(prog="python -m tests.house", description=__doc__)
    options.add_argument("--base", default="d152b5c", help="the commit to compare with")
    options.add_argument("--where", action="store_true", help="name the places of lists and circles, then and now")
    asked = options.parse_args()
    with tree_at(asked.base) as root:
        before, then = measures(root), places(root)
    now = measures(ROOT)
    print(f"{'':<52}{asked.base[:10]:>12}{'now':>10}")
    for what, figure in now.items():
        print(f"{what:<52}{before[what]:>12,}{figure:>10,}")
    if asked.where:
        for title, kinds in ((asked.base, then), ("now", places(ROOT))):
            for what, lines in kinds.items():
                print(f"\n{title}: {what}", *lines, sep="\n  ")


def places(root: Path) -> dict[str, list[str]]:
    """Where the lists, the type tests and the circles of a tree are."""
    return {"lists": kept_lists(root), "type tests": type_tests(root),
            "circles": [" ".join(ring) for ring in circles(root)]}


if __name__ == "__main__":
    main()
