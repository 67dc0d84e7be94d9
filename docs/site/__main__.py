"""``python -m docs.site [FOLDER]``: builds the site; a warning, or a link that leads nowhere, fails it."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from sphinx.cmd.build import build_main

from docs.site import links, sources

HERE = Path(__file__).parent


def build(folder: Path) -> list[str]:
    """Build the site into a folder and return what is wrong with it, each fault a line."""
    if (folder / ".buildinfo").exists():  # a site that was built before
        shutil.rmtree(folder)
    with tempfile.TemporaryDirectory() as gathered, tempfile.TemporaryDirectory() as kept:
        sources.gather(Path(gathered))
        warned = Path(kept) / "warnings"
        failed = build_main(["-q", "-W", "--keep-going", "-b", "html", "-c", str(HERE), "-d", kept, "-w", str(warned),
                             gathered, str(folder)])
        said = warned.read_text(encoding="utf-8").replace(gathered + os.sep, "").splitlines()
    return (said or ["Sphinx failed"]) if failed else links.faults(folder)


def main() -> None:
    """Build, say what is wrong, and close with the numbers."""
    folder, start = Path(sys.argv[1] if len(sys.argv) > 1 else "build/site"), time.monotonic()
    faults = build(folder)
    print(*faults, sep="\n", end="\n" if faults else "")
    pages = len(list(folder.rglob("*.html")))
    print(f"{folder}/index.html: {pages} pages, {links.count(folder)} links, {len(faults)} faults, "
          f"{time.monotonic() - start:.0f} s")
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
