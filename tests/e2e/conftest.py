"""A real server and a real browser; both are started here and end with the session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import PHONE, SECONDS, tab
from tests.support.servers import Server, serving

# Nearly all that is expected of a page is the answer of a server that shares its cores with other tests.
expect.set_options(timeout=20 * SECONDS)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that need nothing of their own from it."""
    with serving(tmp_path_factory.mktemp("e2e") / "runs") as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser tab; a test that leaves an error in its console has failed."""
    with tab(browser) as page:
        yield page


@pytest.fixture
def scheme() -> str:
    """The colours of the device; a test that wants both is parametrised by this name."""
    return "light"


@pytest.fixture
def phone(browser: Browser, scheme: str) -> Iterator[Page]:
    """A fresh tab on a phone."""
    with tab(browser, PHONE, color_scheme=scheme) as page:
        yield page
