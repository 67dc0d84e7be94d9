"""Pictures of the app that the documentation shows, taken as a person would see them."""

import io
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS, proved
from tests.support.data import ROOT

HOME = ROOT / "docs" / "home.png"
CELLS = (48, 30)  # a picture's cells, over which it is compared; fonts differ from one machine to the next


def home(page: Page, url: str) -> bytes:
    """Home, at rest, while the sixth letter of its word is pointed at."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(url)
    expect(page.locator(".explorer")).to_have_attribute("data-lit", "6", timeout=60 * SECONDS)  # calm: its last letter
    proved(page)
    page.locator("[data-view=strip] .in").nth(5).hover()
    expect(page.locator(".explorer .main header b")).to_have_text("trail of b")
    return page.screenshot()


def apart(first: Path | bytes, second: Path | bytes) -> float:
    """How far two pictures are apart: the mean difference of their cells, of 255."""
    one, other = (np.asarray(Image.open(io.BytesIO(part) if isinstance(part, bytes) else part).convert("RGB").resize(
        CELLS, Image.Resampling.BOX), dtype=float) for part in (first, second))
    return float(np.abs(one - other).mean())
