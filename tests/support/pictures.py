"""Pictures of the app that the documentation shows, taken as a person would see them, and whether they still are so."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

from tests.support.browser import SECONDS, proved
from tests.support.data import ROOT

FOLDER, TRAIL = ROOT / "docs" / "pages", ROOT / "docs" / "trail.webp"
STAGED = ("classroom", "opened")  # a class with people, a network of one's own: empty pages show nothing
OUTLINES = FOLDER / "outlines.json"
SCREEN: ViewportSize = {"width": 1280, "height": 720}
LETTERS = 8  # of the word on Home; one frame each
LASTS = 800  # milliseconds of a frame
CELLS = (48, 27)  # a picture's cells, over which it is compared; fonts differ from one machine to the next
NEAR = 16.0  # mean difference of cells, of 255; another passage of a book makes 13
PATIENCE = 6  # looks at a page, a second apart, before its picture is called old
# Headings and controls in the order of the page, without numbers, and how many of them are seen in the picture.
OUTLINE = """(height) => {
  const main = document.querySelector("[data-testid=stMain]");
  const named = [...main.querySelectorAll("h1, h2, h3, h4, summary, button, label, [role=tab]")]
    .filter((node) => node.checkVisibility())
    .map((node) => [node.getBoundingClientRect().bottom, (node.getAttribute("aria-label") || node.innerText).trim()])
    .filter(([, name]) => name)
    .map(([bottom, name]) => [bottom, name.replace(/\\s+/g, " ").replace(/\\d[\\d.,]*/g, "#")]);
  const seen = named.findLastIndex(([bottom]) => bottom < height) + 1;
  return [named.map(([, name]) => name), seen];
}"""


def plain() -> list[str]:
    """The pages whose picture shows them as they are when nobody has done anything yet."""
    return [path.stem for path in sorted((ROOT / "pages").glob("*.py")) if path.stem not in STAGED]


def take(page: Page, name: str) -> None:
    """Keep the picture of a page that is drawn, and the outline of what it shows."""
    shot, earlier = page.screenshot(), b""
    while shot != earlier:  # what is drawn late is drawn
        page.wait_for_timeout(1.5 * SECONDS)
        shot, earlier = page.screenshot(), shot
    names, seen = page.evaluate(OUTLINE, SCREEN["height"])
    known = outlines() | {name: names[:seen]}
    OUTLINES.write_text(json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _image(shot).save(FOLDER / f"{name}.webp", quality=80, method=6)


def old(page: Page, name: str) -> str:
    """What the kept picture of a page does not show as the page now does, once it is drawn; nothing where it is fresh.

    A picture is old when a heading or a control that it shows is called otherwise, is gone, or has a new one before it,
    or when its colours stand elsewhere; what a font or a single pixel changes makes none old.
    """
    for _ in range(PATIENCE):
        if not (fault := _differing(page, name)):
            break
        page.wait_for_timeout(SECONDS)
    return fault


def _differing(page: Page, name: str) -> str:
    kept, (names, _) = outlines().get(name), page.evaluate(OUTLINE, SCREEN["height"])
    if kept is None:
        return "there is no picture"
    differing = [(was, now) for was, now in zip(kept, [*names, *[""] * len(kept)], strict=False) if was != now]
    if differing:
        return "the picture has {!r}, the page {!r}".format(*differing[0])
    far = apart(page.screenshot(), FOLDER / f"{name}.webp")
    return f"the picture looks otherwise by {far:.1f}" if far > NEAR else ""


def outlines() -> dict[str, list[str]]:
    """What each picture shows: headings and controls."""
    known: dict[str, list[str]] = json.loads(OUTLINES.read_text(encoding="utf-8")) if OUTLINES.exists() else {}
    return known


def trail(page: Page, url: str) -> None:
    """Keep the animated picture of Home, where one letter after another is pointed at."""
    opened(page, url)
    frames = [_image(pointed(page, place)) for place in range(LETTERS)]
    frames[0].save(TRAIL, save_all=True, append_images=frames[1:], duration=LASTS, loop=0, quality=80, method=6)


def opened(page: Page, url: str) -> None:
    """Open Home, and wait until it is proved and at rest."""
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size(SCREEN)
    page.goto(url)
    expect(page.locator(".explorer")).to_have_attribute("data-lit", "6", timeout=60 * SECONDS)  # calm: its last letter
    proved(page)


def pointed(page: Page, place: int) -> bytes:
    """Home while a letter of its word is pointed at."""
    letter = page.locator("[data-view=strip] .in").nth(place)
    letter.hover()
    expect(page.locator(".explorer .main header b")).to_have_text(f"trail of {letter.inner_text()}")
    return page.screenshot()


def frame(place: int) -> Image.Image:
    """A frame of the animated picture."""
    moving = Image.open(TRAIL)
    moving.seek(place)
    return moving.convert("RGB")


def apart(first: Path | bytes | Image.Image, second: Path | bytes | Image.Image) -> float:
    """How far two pictures are apart: the mean difference of their cells, of 255."""
    one, other = (np.asarray(_image(part).resize(CELLS, Image.Resampling.BOX), dtype=float) for part in (first, second))
    return float(np.abs(one - other).mean())


def _image(picture: Any) -> Image.Image:
    if isinstance(picture, Image.Image):
        return picture
    return Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture).convert("RGB")
