"""The figures of an exercise as tables, its texts, and where and when they were measured."""

from collections.abc import Mapping
from html import escape

from seqlab.numerals import duration
from seqlab.studies import results
from seqlab.studies.chapter.exercise import Exercise
from seqlab.studies.figure import Figure
from seqlab.studies.results import COLUMNS, Result, StoredResult, compared
from seqlab.ui.shell.services import library

PROGRAM, OURS, TUNED = map(COLUMNS.index, ("its program here", "ours", "ours, tuned"))


def figures(exercise: Exercise, values: Mapping[str, float]) -> str:
    """Write the figures of an exercise as tables: those in columns by what they are compared with, and the grid."""
    return (_compared([figure for figure in exercise.figures if not figure.column], values)
            + (_grid([figure for figure in exercise.figures if figure.column], values) if values else ""))


def _compared(figures: list[Figure], values: Mapping[str, float]) -> str:
    """Write a row for each figure that is known from anywhere, and a column for each origin that any has."""
    rows = [(figure, numbers) for figure, numbers in compared(figures, values, library().shipped)
            if any(number is not None for number in numbers)]
    origins = [place for place in range(len(COLUMNS)) if any(numbers[place] is not None for _, numbers in rows)]
    body = ""
    for figure, numbers in rows:
        cells = (cell(figure, place, numbers[place]) for place in origins)
        body += f"<tr><td>{escape(figure.label)}</td>{''.join(cells)}</tr>"
    head = _head("Figure", *(COLUMNS[place].capitalize() for place in origins))
    return f"<table class='exercises small'>{head}<tbody>{body}</tbody></table>" if rows else ""


def cell(figure: Figure, origin: int, value: float | None) -> str:
    """Write a number of a figure from one of the origins; an aim is that of the tuned version, or of ours without."""
    style = mark(figure, value) if origin == (TUNED if figure.tuned else OURS) else "plain"
    seeds = _seeds(figure) if origin == PROGRAM and value is not None else ""
    return f"<td class={style}{seeds}>{figure.formatted(value)}</td>"


def _seeds(figure: Figure) -> str:
    """Write what each seed gave where the program's number is a median, to be read under the pointer."""
    shown = ", ".join(map(figure.formatted, results.program_seeds(figure.source, library().shipped)))
    return f" title='median of seeds: {escape(shown)}'" if shown else ""


def _grid(cells: list[Figure], values: Mapping[str, float]) -> str:
    columns = list(dict.fromkeys(figure.column for figure in cells))
    rows = ""
    for row in dict.fromkeys(figure.row for figure in cells):
        parts = {figure.column: _cell(figure, values) for figure in cells if figure.row == row}
        rows += f"<tr><td>{escape(row)}</td>{''.join(parts.get(column, '<td></td>') for column in columns)}</tr>"
    table = f"<table class='exercises small'>{_head('', *columns)}<tbody>{rows}</tbody></table>"
    return f"<div class=exercise-grid role=group tabindex=0 aria-label=Figures>{table}</div>" if cells else ""


def _head(*names: str) -> str:
    return f"<thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in names)}</tr></thead>"


def _cell(figure: Figure, values: Mapping[str, float]) -> str:
    return f"<td class={mark(figure, values.get(figure.key))}>{figure.formatted(values.get(figure.key))}</td>"


def mark(figure: Figure, value: float | None) -> str:
    """Name the style of a figure: whether it reaches its aim."""
    if value is None or figure.aim is None:
        return "plain"
    return "ok" if figure.meets_aim(value) else "no"


def texts(result: Result) -> str:
    """Write the texts of a result, each under what it was drawn with."""
    parts = "".join(f"<strong>{escape(_drawn(key))}</strong><span>{_text(key, text)}</span>"
                    for key, text in result.texts.items())
    return f"<div class=exercise-texts>{parts}</div>"


def _drawn(key: str) -> str:
    return f"α = {key}" if key.isdecimal() else key if key == "likeliest" else ""


def _text(key: str, text: str) -> str:
    given = len(key) if text.startswith(key) else 0
    return f"<b>{escape(text[:given])}</b>{escape(text[given:])}"


def origin(stored: StoredResult) -> str:
    """Say where and when a result was measured."""
    result = stored.result
    where = "Measured here" if stored.origin == "own" else "Shipped with seqlab, measured"
    spent = f" · {duration(result.seconds)} of training" if result.seconds else ""
    versions = ", ".join(f"{name} {result.versions[name]}" for name in ("seqlab", "torch") if name in result.versions)
    missing = "" if all(_here(run) for run in result.runs.values()) else " · its runs are not here"
    return f"{where} on {result.day} · {result.machine} · {versions}{spent}{missing}"


def _here(run: str) -> bool:
    return (library().root / run).is_dir() or (library().shipped / run).is_dir()
