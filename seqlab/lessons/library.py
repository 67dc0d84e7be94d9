"""The lessons that there are: those shipped, those of a folder that is named, and a person's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from seqlab import paths
from seqlab.errors import Fault
from seqlab.files import refusal, write_aside
from seqlab.lessons.lesson import Lesson, Origin
from seqlab.lessons.reading import MOST_BYTES, read

SHIPPED = Path(__file__).with_name("shipped")
FOLDER, MOST_OWN = ".lessons", 20  # of a person's place (no run, so hidden): their own lessons, and the most of them


@dataclass(frozen=True)
class Shelf:
    """Lessons by name, the shipped ones first, and a sentence for each file that is none."""

    lessons: dict[str, Lesson]
    faults: tuple[str, ...] = ()

    def get(self, name: str) -> Lesson:
        """Find a lesson by its name, wherever that came from; raises Fault."""
        if name not in self.lessons:
            raise Fault(f"There is no lesson {name[:60]!r} here; choose one from the list of lessons.")
        return self.lessons[name]

    def after(self, lesson: Lesson) -> Lesson | None:
        """The lesson that comes next; None after the last one."""
        names = list(self.lessons)
        place = names.index(lesson.name) + 1 if lesson.name in self.lessons else len(names)
        return self.lessons[names[place]] if place < len(names) else None


def shelf(own: Path | None = None) -> Shelf:
    """All lessons; ``own`` is where a person has what is theirs. Of two with one name the first stays, and it is said.

    A file that cannot be read as a lesson takes no other with it.
    """
    known, faults = dict[str, Lesson](), list[str]()
    for path, origin in _files(own):
        try:
            lesson = read_file(path, origin)
        except Fault as fault:
            faults.append(str(fault))
            continue
        if lesson.name in known:
            faults.append(f"{path.name}: there is a {known[lesson.name].origin} lesson {lesson.name} already, which "
                          "stays; give this file another name.")
        else:
            known[lesson.name] = lesson
    return Shelf(known, tuple(faults))


def read_file(path: Path, origin: Origin = "folder") -> Lesson:
    """Read the lesson in a file; raises Fault where it cannot be read, LessonFault where it is none."""
    try:
        found = path.stat()
        return _read(path, origin, found.st_mtime_ns, found.st_size)
    except OSError as error:
        raise Fault(f"{path.name} cannot be read: {refusal(error)}.") from None


def add(own: Path, name: str, content: bytes) -> Lesson:
    """Keep an uploaded lesson with what is a person's own; one of their own of this name is replaced. Raises Fault."""
    lesson = read(content, name, "uploaded")
    taken = shelf().lessons
    if lesson.name in taken:
        raise Fault(f"There is a {taken[lesson.name].origin} lesson {lesson.name} already, which stays; give your file "
                    "another name.")
    mine = {path.name for path in _markdown(own / FOLDER)}
    if name not in mine and len(mine) >= MOST_OWN:
        raise Fault(f"You have {len(mine)} lessons of your own, the most there can be; delete one first.")
    try:
        (own / FOLDER).mkdir(parents=True, exist_ok=True)
        for path in _markdown(own / FOLDER):
            if path.name != lesson.file and _name_of(path) == lesson.name:
                path.unlink(missing_ok=True)
        write_aside(own / FOLDER / lesson.file, lesson.source.encode())
    except OSError as error:
        raise Fault(f"The lesson cannot be kept: {refusal(error)}.") from None
    return lesson


def remove(own: Path, lesson: Lesson) -> None:
    """Delete an uploaded lesson; raises Fault for any other."""
    if lesson.origin != "uploaded":
        raise Fault(f"The lesson {lesson.name} is not one that you uploaded, so it stays.")
    try:
        (own / FOLDER / lesson.file).unlink(missing_ok=True)
    except OSError as error:
        raise Fault(f"The lesson cannot be deleted: {refusal(error)}.") from None


def _files(own: Path | None) -> Iterator[tuple[Path, Origin]]:
    yield from ((path, "shipped") for path in _markdown(SHIPPED))
    named = paths.lessons()
    if named is not None:
        yield from ((path, "folder") for path in _markdown(named))
    if own is not None:
        yield from ((path, "uploaded") for path in _markdown(own / FOLDER))


def _markdown(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".md" and not path.name.startswith("."))
    except OSError:
        return []


def _name_of(path: Path) -> str:
    return path.stem.lstrip("0123456789").removeprefix("-")


@lru_cache(maxsize=256)
def _read(path: Path, origin: Origin, stamp: int, size: int) -> Lesson:
    with path.open("rb") as file:
        return read(file.read(MOST_BYTES + 1), path.name, origin)
