"""What is counted in the code."""

import re
from collections import Counter
from pathlib import Path

from tests.house.circles import circles
from tests.house.lists import kept_lists, type_tests
from tests.house.sources import files, text

WINDOW = 6  # lines that stand together before they count as standing twice
RENAMED = ("told", "found", "unsaid", "UNJUDGED", "foretell", "foretold", "judge", "judged", "judging", "bent",
           "strange", "opinion", "verdict", "ours", "theirs", "coins", "heard")
ONE_FILE_ONE_NAME = ("Line", "Drawn", "Place", "Found", "Asked", "Look")


def measures(root: Path) -> dict[str, int]:
    """Every figure of a tree of the product, by what it counts."""
    ui = [path for suffix in (".py", ".js") for path in files(root, suffix) if path.is_relative_to(root / "seqlab/ui")]
    top = [path for path in (root / "seqlab/ui").iterdir() if path.is_file()]
    figures = {
        "files in seqlab/ui itself (without __init__.py)": len([path for path in top if path.name != "__init__.py"]),
        "hand-kept lists of tasks, cells, pages": len(kept_lists(root)),
        "places that ask for the type of a network": len(type_tests(root)),
        "Any in seqlab": sum(len(re.findall(r"\bAny\b", text(path))) for path in files(root, ".py")
                             if path.is_relative_to(root / "seqlab")),
        "lines of Python in seqlab/ui": _lines(ui, ".py"),
        "lines of JavaScript in seqlab/ui": _lines(ui, ".js"),
        "JavaScript files over 250 lines": sum(_lines([path], ".js") > 250 for path in ui),
        "JavaScript lines over 120 characters": sum(len(line) > 120 for path in ui if path.suffix == ".js"
                                                    for line in text(path).splitlines()),
        "Python lines that stand twice": twice(files(root, ".py")),
        "JavaScript lines that stand twice": twice(files(root, ".js")),
        "import circles": len(circles(root)),
    }
    return figures | {f"the word {word!r}": count for word, count in words(root).items()} | {
        f"classes named {name}": count for name, count in classes(root).items()}


def _lines(paths: list[Path], suffix: str) -> int:
    return sum(len(text(path).splitlines()) for path in paths if path.suffix == suffix)


def words(root: Path) -> dict[str, int]:
    """How often each renamed word stands in Python and JavaScript, as a word or as a part of a name."""
    whole = "\n".join(text(path) for suffix in (".py", ".js") for path in files(root, suffix))
    return {word: len(re.findall(rf"(?<![A-Za-z]){word}(?![A-Za-z])", whole)) for word in RENAMED}


def classes(root: Path) -> dict[str, int]:
    """How many classes there are of each name that several once shared."""
    whole = "\n".join(text(path) for path in files(root, ".py"))
    return {name: len(re.findall(rf"^class {name}\b", whole, re.MULTILINE)) for name in ONE_FILE_ONE_NAME}


def twice(paths: tuple[Path, ...]) -> int:
    """Lines in stretches of ``WINDOW`` lines of code that stand elsewhere too; blank lines and imports are not code."""
    code = {path: _code(path) for path in paths}
    windows = Counter(hash(window) for lines in code.values() for window in _windows(lines))
    return sum(len({line for start, window in enumerate(_windows(lines)) if windows[hash(window)] > 1
                    for line in range(start, start + WINDOW)}) for lines in code.values())


def _code(path: Path) -> list[str]:
    stripped = (line.strip() for line in text(path).splitlines())
    return [line for line in stripped if len(line) > 1 and not line.startswith(("import ", "from ", "#", "//"))]


def _windows(lines: list[str]) -> list[tuple[str, ...]]:
    return [tuple(lines[start:start + WINDOW]) for start in range(len(lines) - WINDOW + 1)]
