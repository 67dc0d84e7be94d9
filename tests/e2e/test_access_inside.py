"""Sections of pages as people meet them who use a keyboard, a screen reader or another theme, as in test_access.py."""

from collections.abc import Iterator
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Page

from seqlab import paths
from seqlab.training.run import Run
from seqlab.ui.lenses.view import lens_views
from seqlab.ui.studios.cells.sections import SECTIONS as CELLS
from seqlab.ui.studios.reading.sections import SECTIONS as READING
from tests.support import axe
from tests.support.access import findings
from tests.support.browser import tab
from tests.support.labels import without_sentence
from tests.support.servers import Server

# But for the section that scores three whole books before it rests, whose tables stand on other pages too.
SECTIONS = {"cells": list(CELLS)[1:], "reading": [name for name in list(READING)[1:] if name != "Another book"]}
# Their pages are looked at in the dark already.
INSIDE = [(f"{name}?show={quote_plus(section)}", ("light",)) for name, all in SECTIONS.items() for section in all]
# Each section beside a word, on the first of these pages whose network offers it.
SHIPPED = {"echo": "echo-variable-gru", "grammar": "grammar-ndfa"}
BESIDE = [(f"{next(page for page, id in SHIPPED.items() if view.offered(Run(paths.checkpoints() / id)))}?ask={name}",
           ("light", "dark")) for name, view in lens_views().items()]


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[Page]:
    """One tab for all sections: it has loaded Streamlit once."""
    with tab(browser) as page:
        yield page


@pytest.mark.skipif(not axe.SCRIPT.exists(), reason="axe-core is not here: `npm ci` installs it")
@pytest.mark.parametrize(("address", "schemes"), BESIDE + INSIDE)
def test_a_section_has_no_serious_finding(server: Server, shown: Page, address: str, schemes: tuple[str, ...]) -> None:
    assert not findings(shown, f"{server.url}/{address}", schemes)
    assert not without_sentence(shown)
