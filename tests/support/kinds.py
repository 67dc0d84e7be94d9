"""What a test costs, read off the fixtures it asks for, so that nobody has to mark it."""

import pytest

COSTS = {
    "e2e": {"browser"},  # a page, a phone, a server's tab: all of them ask for the browser
    "trains": {"engine", "folder", "trained"},  # workers that start, or a network that is trained first
}


def mark(items: list[pytest.Item]) -> None:
    """Mark every test by what its fixtures start; ``make quick`` leaves these out."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        for marker, fixtures in COSTS.items():
            if asked & fixtures:
                item.add_marker(marker)
