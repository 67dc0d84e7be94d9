"""The words of a lesson: Markdown without HTML, without pictures, and with links that only lead to pages."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from seqlab.errors import Fault

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")  # HTML is looked for, so that its line can be named
_PARSER.validateLink = lambda url: True  # type: ignore[method-assign]  # a link that leads nowhere is told, not shown


class WordsFault(Fault):
    """What is wrong with words, and at which line of them, from 0 on."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def blocks(text: str) -> list[Token]:
    """The blocks of a text in Markdown."""
    return _PARSER.parse(text)


def check_words(text: str) -> None:
    """Refuse what words may not hold; raises WordsFault."""
    for token, line in _all(blocks(text)):
        if token.type in ("html_block", "html_inline"):
            raise WordsFault(line, f"HTML is not shown in a lesson ({token.content.strip()!r:.40}); write Markdown, "
                                   "and put code between `backticks`.")
        if token.type == "image":
            raise WordsFault(line, "A lesson has no pictures of its own; open the page that draws it instead.")
        if token.type == "link_open" and not _leads(str(token.attrGet("href") or "")):
            raise WordsFault(line, "A link leads to a page (/echo?delay=3) or to https://…; write one of these.")


def _all(tokens: list[Token], above: int = 0) -> Iterator[tuple[Token, int]]:
    """Every token, also those inside of lines, with its line; that of one inside is counted by the breaks before it."""
    for token in tokens:
        line = token.map[0] if token.map else above
        yield token, line
        inside = line
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                inside += 1
            yield child, inside


def _leads(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") or (not parts.scheme and not parts.netloc)
