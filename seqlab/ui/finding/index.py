"""All that can be found, as plain data for the browser, which searches it at every letter."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from seqlab import glossary, paths
from seqlab.lessons import library
from seqlab.notation import SYMBOLS
from seqlab.tasks import tasks
from seqlab.training.config import plain_name
from seqlab.training.library import Library
from seqlab.training.run import Run
from seqlab.training.setting_words import fields
from seqlab.ui.finding.places import ELSEWHERE, LENSES, SETTINGS, TERMS, Place
from seqlab.ui.lenses.view import ADDRESS as ASK
from seqlab.ui.lenses.view import lens_views
from seqlab.ui.lessons.opened import OpenStep
from seqlab.ui.runs.opens import ANY
from seqlab.ui.shell.navigation import HOME, lab_of, pages


@dataclass(frozen=True)
class Entry:
    """Something that can be found: its ``kind`` and name, what else it is called, its sentence, and where it is.

    ``teachers``: the page is the teacher's alone.
    """

    kind: str
    name: str
    text: str
    page: str
    query: dict[str, str] = field(default_factory=dict)
    part: str = ""
    also: tuple[str, ...] = ()
    teachers: bool = False


def index(own: Path | None = None) -> tuple[Entry, ...]:
    """Everything that can be found, in the order in which equals are shown; ``own`` is where a person's lessons lie."""
    return (*_built_in(), *_lessons(own))


@cache
def _built_in() -> tuple[Entry, ...]:
    """All that comes with seqlab, which is the same for everybody."""
    return (*_symbols(), *_terms(), *_pages(), *_settings(), *_recipes())


def plain(own: Path | None = None, *, leads: bool = False) -> list[dict[str, Any]]:
    """Return the index as JSON has it, with the teacher's pages for who ``leads`` a class."""
    return [{name: value for name, value in asdict(entry).items() if value} for entry in index(own)
            if leads or not entry.teachers]


def _symbols() -> Iterator[Entry]:
    """Each symbol leads to its formula, in a shipped network that has it."""
    runs = Library(paths.checkpoints(), paths.checkpoints()).runs()
    runs.sort(key=lambda run: (run.id != ANY.prefers, run.id))
    for symbol in SYMBOLS.values():
        run = next((run for run in runs if symbol.key in {"x", "logits", "p", *_written(run)}), None)
        place = Place("stepper", {"run": run.id, "line": symbol.key}) if run else Place("stepper")
        cores = sorted({run.core.label for run in runs if symbol.key in run.core.symbols})
        yield Entry("symbol", symbol.key, f"{symbol.name}: {symbol.meaning}", place.page, place.query,
                    also=(symbol.name, *cores))


def _written(run: Run) -> set[str]:
    """The symbols of a run whose formulas are written out."""
    return {line.symbol for line in run.core.lines()}


def _terms() -> Iterator[Entry]:
    for name, term in glossary.TERMS.items():
        place = TERMS[name]
        yield Entry("term", name, term.meaning, place.page, place.query, place.part, term.also)


def _pages() -> Iterator[Entry]:
    for page in pages().values():
        more = (page.card.heading, page.card.text) if page.card else ()
        yield Entry("page", page.title, _unmarked(page.caption), page.name, also=(page.name, *more),
                    teachers=page.teachers)
        for name, sentence in page.sections.items():
            yield Entry("section", name[0].upper() + name[1:], sentence, page.name, {"show": name}, also=(page.title,))
    for lens in lens_views().values():
        yield Entry("section", lens.label, lens.tells, LENSES.get(lens.name, "echo"), {ASK: lens.name},
                    also=("ask the network",))


def _settings() -> Iterator[Entry]:
    first = lab_of("echo").name
    for path in fields():
        if path not in ELSEWHERE:
            place = SETTINGS.get(path) or Place(first, part=_key(path))
            yield _setting(path, "", place)
    for task in (name for name, known in tasks().items() if known.recipes):
        for path in fields(task):
            if path.startswith("task.") and path not in ELSEWHERE:
                yield _setting(path, task, Place(lab_of(task).name, part=_key(path)))


def _setting(path: str, task: str, place: Place) -> Entry:
    name = plain_name(path)
    return Entry("setting", f"{name[0].upper()}{name[1:]}", fields(task)[path].description or "", place.page,
                 place.query, place.part, (path.rpartition(".")[2], *((tasks()[task].label,) if task else ())))


def _key(path: str) -> str:
    """The key of a setting's field as the page has it, up to the name of its recipe."""
    return path.replace(".", "-")


def _lessons(own: Path | None) -> Iterator[Entry]:
    for lesson in library.shelf(own).lessons.values():
        for number, step in enumerate(lesson.steps, 1):
            opened = OpenStep(lesson, number)
            text = lesson.summary if number == 1 else f"Step {number} of the lesson “{lesson.title}”."
            yield Entry("lesson", lesson.title if number == 1 else step.title, text, step.page or HOME, opened.query,
                        also=(step.title, lesson.title))


def _recipes() -> Iterator[Entry]:
    for name, task in tasks().items():
        lab = lab_of(name)
        for key, recipe in task.recipes.items():
            named = lab.form.recipe.format(task=name, recipe=key) if lab.form else ""
            query = {"recipe": named} if named else {}
            yield Entry("recipe", recipe.label, _unmarked(recipe.note), lab.name, query, "settings", (task.label,))


def _unmarked(text: str) -> str:
    return text.replace("**", "")
