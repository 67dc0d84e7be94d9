"""Every page in every state of seqlab: no run at all, a run seconds old, a full run, and as it is shipped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seqlab.training import status
from seqlab.training.run import Run, create
from seqlab.ui.shell.navigation import HOME, pages
from tests.pages.conftest import library_of
from tests.support.data import ROOT
from tests.support.labels import unsaid
from tests.support.pages import healthy, opened, pictures, started, unreadable, words
from tests.support.runs import remove_run, stop_run, tiny_config, tiny_run

STATES = ("no run", "a run that never began", "a run seconds old", "a full run", "as shipped")
NEED_NO_RUN = {"cells", "check", "exercises", "hello", "lessons"}  # they make their own networks, or need none


@contextmanager
def state_of(name: str, folder: Path) -> Iterator[Run | None]:
    """Bring a state about; gives the run that is there, where it is one that an address can name."""
    if name == "a run seconds old":
        run = started(tiny_config(steps=1_000_000, name="young one"))
        try:
            yield run
        finally:
            stop_run(run)
    elif name == "a run that never began":
        run = create(folder, tiny_config(name="waited in vain"))
        os.utime(run.path / status.FILE, (0, 0))  # its server was killed
        yield run
        remove_run(run)
    else:
        yield tiny_run(folder, name="full one") if name == "a full run" else None


@pytest.fixture(scope="module", params=STATES)
def state(request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    """A state's name and its run; brought about once for all pages, which change nothing in it."""
    shipped = ROOT / "checkpoints" if request.param == "as shipped" else tmp_path_factory.mktemp("none")
    with library_of(folder, shipped), state_of(request.param, folder) as run:
        yield request.param, run


@pytest.mark.parametrize("page", list(pages()))
def test_a_page_opens(state: tuple[str, Run | None], page: str) -> None:
    name, run = state
    app = opened(page, **({"run": run.id} if run else {}))
    healthy(app, warnings=True)
    assert not unreadable(app)
    assert not unsaid(app)
    assert app.title[0].value == ("Look inside a network that remembers" if page == HOME else pages()[page].title)
    if name == "no run" and page not in NEED_NO_RUN:
        assert "rain" in words(app, "info")  # Train one / train a network
    if run and page == "echo":
        assert ({"Pause", "Stop"} <= {button.label for button in app.button}) is run.status.active
    if page == "echo" and name == "a run that never began":
        assert "Start it" in {button.label for button in app.button}
    if page in (HOME, "echo") and name in ("a full run", "as shipped"):
        assert pictures(app) >= 2  # the explorer and its badge
