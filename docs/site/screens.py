"""The document of the pages with the picture of each, which the tests take."""

import re
from pathlib import Path
from textwrap import dedent

from seqlab.ui.shell.navigation import pages

PICTURES = Path(__file__).parents[1] / "pages"
_ITEM = re.compile(r"^- \*\*(.+?)\*\*[:,]? ((?:.*\n)(?:  .*\n)*)", re.MULTILINE)


def with_pictures(text: str) -> str:
    """Make every page's item a section with its picture; what is said of all pages has a section of its own."""
    names = {page.title: name for name, page in pages().items()}
    last = [*_ITEM.finditer(text)][-1].end()

    def section(item: re.Match[str]) -> str:
        first, _, rest = item[2].partition("\n")
        said = f"{first[0].upper()}{first[1:]}\n{dedent(rest)}"
        return f"## {item[1]}\n\n[![{item[1]}](pages/{names[item[1]]}.webp)](pages/{names[item[1]]}.webp)\n\n{said}\n"
    return _ITEM.sub(section, text[:last]) + "\n## On every page\n" + text[last:]
