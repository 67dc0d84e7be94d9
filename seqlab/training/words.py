"""The words that a run's network knows, in a file beside its config, for they are too many to stand in it.

``words.txt`` holds one word a line, in the order of their ids, without the marks that come before them. With it a run
can be asked about any text, wherever it came from and whether its data is at hand or not.
"""

from functools import lru_cache
from pathlib import Path

from seqlab.data.vocabulary import MARKS, Vocabulary
from seqlab.errors import Fault
from seqlab.files import write_aside
from seqlab.training.config import RunConfig

FILE = "words.txt"
LONGEST = 200  # characters of a word


def keep(folder: Path, config: RunConfig) -> None:
    """Write the words of a run whose task reads words; raises Fault where it knows others already, or OSError."""
    find = config.task_spec.vocabulary
    if find is None:
        return
    content = "".join(f"{word}\n" for word in find(config.task_config).symbols[len(MARKS):]).encode()
    file = folder / FILE
    if not file.exists():
        write_aside(file, content)
    elif file.read_bytes() != content:
        raise Fault(f"Run {folder.name} learned from other texts than those that are here now, so it cannot go on; "
                    "train a new one.")


def read(folder: Path, config: RunConfig) -> Vocabulary:
    """Give the words that a run's network knows, behind the marks; raises Fault where there are none."""
    file = folder / FILE
    try:
        return _read(file, file.stat().st_mtime_ns, room(config))
    except OSError:
        raise Fault(f"Run {folder.name} has no list of words, so no text can be read with it.") from None
    except ValueError as problem:
        raise Fault(f"The list of words of run {folder.name} cannot be used: {problem}.") from None


@lru_cache(maxsize=64)
def _read(file: Path, stamp: int, room: int) -> Vocabulary:
    return parse(file.read_bytes(), room)


def room(config: RunConfig) -> int:
    """How many words the network of a config may know at most; 0 where its task reads none."""
    spec = config.task_spec
    return spec.dimensions(config.task_config).symbols - len(MARKS) if spec.vocabulary else 0


def parse(content: bytes, room: int) -> Vocabulary:
    """Read a list of at most ``room`` words; raises ValueError, in a few plain words, for one that cannot be."""
    try:
        lines = content.count(b"\n")
        words = [] if lines > room + 1 else content.decode().removesuffix("\n").split("\n") if content else []
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    if max(lines, len(words)) > room:
        raise ValueError(f"it has {max(lines, len(words)):,} words, and the network knows at most {room:,}")
    if len(set(words)) < len(words) or set(words) & set(MARKS):
        raise ValueError("it has a word twice, or a mark among its words")
    if any(word.split() != [word] or len(word) > LONGEST for word in words):
        raise ValueError(f"each line must be one word of at most {LONGEST} characters")
    return Vocabulary.of_tokens(words, "word")
