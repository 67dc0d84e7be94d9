"""What the site is built from: the repository's documents where they stand, and those that are generated."""

import re
import shutil
from pathlib import Path

from docs.site import commands, lessons, modules, screens, symbols

ROOT = Path(__file__).parents[2]
START = "index.md"  # what README.md is called there
_LINK = re.compile(r"\]\(([^)#\s:]+)[)#]")
_LINKED = re.compile(r"(?<!!)\[([^\]\n]+)\]\(([^)#\s:]+)\)")
_MENU = {
    "Learn": ["lessons/index", "docs/PAGES", "docs/symbols"],
    "Use": ["docs/python", "api/seqlab", "docs/open", "docs/record", "docs/CLI", "docs/commands"],
    "Teach": ["docs/teaching", "docs/lessons", "docs/deployment"],
    "Look inside": ["docs/ARCHITECTURE", "api/index", "CONTRIBUTING", "CHANGELOG"],
}


def gather(folder: Path) -> None:
    """Lay everything into an empty folder; links lead there as they do in the repository."""
    texts = _documents() | lessons.documents() | modules.documents() | {
        "docs/commands.md": commands.document(), "docs/symbols.md": symbols.document()}
    texts["docs/PAGES.md"] = screens.with_pictures(texts["docs/PAGES.md"])
    texts[START] += _menu()
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_without_folders(name, text), encoding="utf-8")
        _lay_linked(folder, name, text)


def _documents() -> dict[str, str]:
    written = [ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in written}
    return {START: (ROOT / "README.md").read_text(encoding="utf-8")} | texts


def _without_folders(name: str, text: str) -> str:
    """A document that keeps only the words of a link to a folder of the repository, which a site has none of."""
    here = (ROOT / name).parent
    return _LINKED.sub(lambda link: link[1] if here.joinpath(link[2]).is_dir() else link[0], text)


def _lay_linked(folder: Path, name: str, text: str) -> None:
    """Copy the files of the repository that a document links to; documents are there already."""
    for link in _LINK.findall(text):
        file = (ROOT / name).parent / link
        if file.is_file() and file.suffix != ".md":
            target = folder / file.resolve().relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _menu() -> str:
    heads = (f":caption: {head}\n:hidden:\n\n" + "\n".join(names) for head, names in _MENU.items())
    return "".join(f"\n```{{toctree}}\n{entries}\n```\n" for entries in heads)
