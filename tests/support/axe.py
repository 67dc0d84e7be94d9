"""What axe-core finds on a page in Chromium: its script comes with the browser's tools in node_modules."""

from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.support.data import ROOT

SCRIPT = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}
RUN = """async (rules) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag253"];
  const runOnly = rules.length ? { type: "rule", values: rules } : { type: "tag", values: tags };
  const { violations } = await axe.run(document, { resultTypes: ["violations"], runOnly });
  return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ html, any, all, none }) =>
    ({ rule: id, impact, html: html.slice(0, 200), why: [...any, ...all, ...none][0]?.message ?? "" })));
}"""


@dataclass(frozen=True)
class Finding:
    """One element that breaks a rule, and how much that matters."""

    rule: str
    impact: str
    html: str
    why: str


def load(page: Page) -> None:
    """Put axe-core into a page."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))


def serious(page: Page, rules: Iterable[str] = ()) -> list[Finding]:
    """Serious and critical findings of a page as it stands, of some rules or of all."""
    return [Finding(**found) for found in page.evaluate(RUN, list(rules)) if found["impact"] in SERIOUS]
