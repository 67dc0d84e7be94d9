"""Whether every link of a built site leads somewhere, and whether it asks nothing of any other machine."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "srcset", "object": "data"}
_IN_STYLE = re.compile(r"(?:url\(|@import)\s*['\"]?([^'\")\s]+)")


class _Page(HTMLParser):
    """What a page names: its anchors, where its links lead, and what a browser loads with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors, self.links, self.loads = set[str](), list[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif LOADED.get(tag) in given:
            self.loads.append(given[LOADED[tag]])


def faults(folder: Path) -> list[str]:
    """Every link that leads nowhere, and everything that would be loaded from elsewhere, each as a line."""
    pages = sorted(folder.rglob("*.html"))
    return [f"{page.relative_to(folder)}: {fault}" for page in pages for fault in _wrong(page)] + [
        f"{style.relative_to(folder)}: {address} is loaded from elsewhere" for style in sorted(folder.rglob("*.css"))
        for address in _IN_STYLE.findall(style.read_text(encoding="utf-8")) if urlsplit(address).netloc]


def count(folder: Path) -> int:
    """How many links all its pages have."""
    return sum(len(_read(page).links) + len(_read(page).loads) for page in folder.rglob("*.html"))


@cache
def _read(path: Path) -> _Page:
    return _Page(path.read_text(encoding="utf-8"))


def _wrong(page: Path) -> Iterator[str]:
    for address in _read(page).loads:
        if urlsplit(address).netloc:
            yield f"{address} is loaded from elsewhere"
        elif not _leads(page, address):
            yield f"{address} is not there"
    yield from (f"{address} leads nowhere" for address in _read(page).links if not _leads(page, address))


def _leads(page: Path, address: str) -> bool:
    """Whether a link is sound; of one that leads outside only its form can be known."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return parts.scheme in ("mailto", "data") or (parts.scheme in ("http", "https") and "." in parts.netloc
                                                      and not re.search(r"\s", address))
    target = page if not parts.path else (page.parent / unquote(parts.path)).resolve()
    if not target.is_file():
        return False
    return not parts.fragment or target.suffix != ".html" or unquote(parts.fragment) in _read(target).anchors
