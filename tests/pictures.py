"""``python -m tests.pictures``: takes the pictures that the documentation shows anew."""

import tempfile
from pathlib import Path

from tests.support import pictures
from tests.support.browser import tab
from tests.support.chromium import browsing
from tests.support.servers import serving


def main() -> None:
    """Start the app, look at Home, and write its picture into ``docs``."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "runs") as server, browsing() as browser, \
            tab(browser) as page:
        pictures.HOME.write_bytes(pictures.home(page, server.url))
        page.goto("about:blank")  # before the server ends, so that its silence is no error
    print(f"{pictures.HOME.name}: {pictures.HOME.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
