"""Names that a person gives to units, in a file of the run: what unit 15 of c in layer 0 is for.

``units.json`` has the quantity, the unit's number and its name: ``{"c.0": {"15": "bracket depth"}}``. Those of a run
that came with seqlab, which nobody changes, lie beside a person's own runs; where several people share a server each
has a ``place`` for theirs.
"""

import json
from functools import lru_cache
from pathlib import Path

from seqlab import notation, paths
from seqlab.errors import Fault
from seqlab.files import parse_json, refusal, write_aside
from seqlab.training.run import Run

FILE = "units.json"
FOLDER = ".units"  # among a person's own runs
MOST, LONGEST, MOST_BYTES = 2000, 60, 500_000  # names of a run, characters of one, bytes of a file

Names = dict[str, dict[int, str]]  # by quantity and unit


def file(run: Run, place: Path | None = None) -> Path:
    """Where the names of a run's units lie; ``place`` is the folder of a person's own runs."""
    shipped = run.path.parent.resolve() == paths.checkpoints().resolve()
    return (place or paths.runs()) / FOLDER / f"{run.id}.json" if shipped else run.path / FILE


def read(run: Run, place: Path | None = None) -> Names:
    """Give the names of a run's units; none where nobody gave any, or where the file cannot be used."""
    try:
        facts = file(run, place).stat()
        return _read(file(run, place), facts.st_mtime_ns, facts.st_size)
    except (OSError, ValueError):
        return {}


def name(run: Run, quantity: str, unit: int, name: str, place: Path | None = None) -> None:
    """Name a unit, or take its name away where there is none; raises Fault where it cannot be written."""
    words = "".join(filter(str.isprintable, " ".join(name.encode(errors="replace").decode().split())))
    if len(words) > LONGEST:
        raise Fault(f"The name of a unit has at most {LONGEST} characters.")
    known = {key: dict(units) for key, units in read(run, place).items()}
    if words:
        known.setdefault(quantity, {})[unit] = words
    else:
        known.get(quantity, {}).pop(unit, None)
    if sum(map(len, known.values())) > MOST:
        raise Fault(f"A run has names for at most {MOST:,} units; take one away first.")
    try:
        target = file(run, place)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_aside(target, json.dumps({key: units for key, units in known.items() if units}, ensure_ascii=False,
                                       indent=1).encode())
    except OSError as error:
        raise Fault(f"The name cannot be written: {refusal(error)}.") from None


@lru_cache(maxsize=64)
def _read(file: Path, stamp: int, size: int) -> Names:
    if size > MOST_BYTES:
        raise ValueError("it is larger than any list of names")
    return parse(file.read_bytes())


def parse(content: bytes) -> Names:
    """Read names; raises ValueError, in a few plain words, for what are none."""
    table = parse_json(content)
    if not isinstance(table, dict) or not all(isinstance(units, dict) for units in table.values()):
        raise ValueError("it is not a table of units by quantity")
    if sum(map(len, table.values())) > MOST:
        raise ValueError(f"it names more than {MOST:,} units")
    return {quantity: {_unit(number): _name(word) for number, word in units.items()}
            for quantity, units in table.items() if _quantity(quantity)}


def _quantity(name: str) -> bool:
    key, dot, layer = name.partition(".")
    if key not in notation.SYMBOLS or not dot or not (layer.isascii() and layer.isdigit() and len(layer) < 5):
        raise ValueError("it names a quantity that no network has")
    return True


def _unit(number: str) -> int:
    if not (number.isascii() and number.isdigit() and len(number) < 8):
        raise ValueError("it names a unit that has no number")
    return int(number)


def _name(word: object) -> str:
    if not isinstance(word, str) or not 0 < len(word) <= LONGEST or not word.isprintable():
        raise ValueError(f"the name of a unit must be 1 to {LONGEST} characters")
    return word
