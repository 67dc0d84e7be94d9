"""Which labels of a page that is drawn have no sentence: axes, curves, scales, heads of tables, numbers."""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from seqlab.ui.finding.said import said

NAME = re.compile(r"unit [\d.]+( alone)?|.*: the truth|.*[·=].*")  # of a unit, a quantity, a network
LOOKS = 700  # milliseconds between two looks of the frame into what changes: words.js
SEEN = """() => {
  const roots = [document], labels = [];
  for (const root of roots) {
    roots.push(...[...root.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? []));
    labels.push(...root.querySelectorAll("[data-of]:not([data-said], [data-of=''])"));
  }
  return labels.filter((label) => label.checkVisibility() && label.getClientRects().length)
    .map(({ dataset }) => dataset.of);
}"""
HEAD = re.compile(r"<th\b([^>]*)>(.*?)</th>", re.DOTALL)


def unsaid(app: AppTest) -> list[str]:
    """Labels on a page that are no names of things and say nothing of themselves."""
    return unsaid_of(labels(app))


def unsaid_of(written: Iterable[str]) -> list[str]:
    """Those of some labels that are no names of things and say nothing of themselves."""
    return sorted({label for label in written if label.strip() and not NAME.fullmatch(label) and not said(label)})


def labels(app: AppTest) -> Iterator[str]:
    """Every label of the pictures, tables and numbers that a page was given, whoever draws it."""
    for element in app.get("plotly_chart"):
        yield from _plotly(json.loads(element.proto.spec))
    for part in app.get("bidi_component"):
        data = json.loads(part.proto.json or "null")
        for picture in data if isinstance(data, list) else []:
            if isinstance(picture, dict) and "panels" in picture:
                yield from _panels(picture["panels"])
    for element in app.get("html"):
        yield from _html(element.proto.body)
    for element in app.dataframe:
        told = json.loads(element.proto.columns or "{}")
        yield from (name for name in element.value.columns if not told.get(name, {}).get("help"))
        if len(element.value.columns) and not any(part.proto.popover.label == "Columns" for part in app.get("popover")):
            yield "a table that tells its columns to a pointer alone"


def without_sentence(page: Page) -> list[str]:
    """Labels that are seen on a page in Chromium, whoever wrote them, that say nothing; the page has come to rest."""
    page.wait_for_timeout(2 * LOOKS)
    return [label for label in page.evaluate(SEEN) if not NAME.fullmatch(label)]


def _plotly(spec: dict[str, Any]) -> Iterator[str]:
    layout = spec["layout"]
    for name, part in layout.items():
        if re.fullmatch(r"[xy]axis\d*|coloraxis\d*", name):
            yield _text(part)
            yield _text(part.get("colorbar", {}))
    shown = layout.get("showlegend", True)
    for trace in spec["data"]:
        yield _text(trace.get("colorbar", {}))
        if shown and trace.get("showlegend", True) and len(spec["data"]) > 1:
            yield trace.get("name") or ""


def _text(part: dict[str, Any]) -> str:
    return str((part.get("title") or {}).get("text") or "")


def _panels(panels: list[dict[str, Any]]) -> Iterator[str]:
    for panel in panels:
        if isinstance(panel, dict) and "x" in panel and isinstance(panel["x"], dict):
            yield from (panel[axis].get("label") or "" for axis in "xy")
            yield from (series.get("name") or "" for series in panel["series"])


def _html(body: str) -> Iterator[str]:
    """The heads of tables and the small print below numbers; a head with a title has its sentence there.

    A cell of a head that is none is one without a sentence.
    """
    body = re.sub(r"<table[^>]*data-names.*?</table>", "", body, flags=re.DOTALL)
    above = re.findall(r"<thead>.*?</thead>", body, re.DOTALL)
    yield from (_text_of(text) for part in above for text in re.findall(r"<td\b[^>]*>(.*?)</td>", part, re.DOTALL))
    yield from map(_text_of, re.findall(r"<span class=over>(.*?)</span>", body))
    heads = [head for part in above for head in HEAD.findall(part)]
    heads += [head for head in HEAD.findall(body) if "scope=col" in head[0].replace('"', "")]
    yield from (_text_of(text) for facts, text in heads if "title=" not in facts and "scope=row" not in facts)
    for tiles in re.findall(r'<div class="tiles">.*?</div>', body, re.DOTALL):
        yield from map(_text_of, re.findall(r"<small>(.*?)</small>", tiles))


def _text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))
