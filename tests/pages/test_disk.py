"""The Runs page and the disk: what goes is said before, what is pinned stays, an emptied trash is empty."""

import os
import time
from pathlib import Path

from seqlab.training import settings, storage
from seqlab.training.library import TRASH
from seqlab.training.settings import Settings
from seqlab.ui.shell.services import library
from tests.support.pages import healthy, opened, words
from tests.support.runs import remove_run, tiny_run


def test_what_goes_is_named_and_the_trash_is_emptied(folder: Path) -> None:
    root = library().root
    run, away = tiny_run(root, name="*old* one"), tiny_run(root)
    library().delete(away)
    then = time.time() - 40 * storage.DAY
    os.utime(run.path / "status.json", (then, then))
    settings.write(root, Settings(keep_days=30))
    try:
        app = opened("runs")
        healthy(app, warnings=True)
        assert "go within the next minutes" in words(app, "warning")
        assert "*old* one" in [text.value for text in app.text]
        app.button(key="disk").click().run()
        healthy(app, warnings=True)
        app.button(key="empty-trash").click().run()
        assert storage.size(root / TRASH) == 0
    finally:
        (root / settings.FILE).unlink()
        remove_run(run)
