"""Changes as text: short enough for an address, plain enough to be typed in Python.

    h.0[5,7]=0        units 5 and 7 of h in layer 0 are 0
    z.1@3-6*0.5       all units of z in layer 1 are halved at t = 3 to 6
    h.0@-1+1          1 is added to the initial state
    h.0[2]<4,0,1,4    unit 2 is what it is where the network reads the symbols 4 0 1 4

Several stand behind one another, with ``;`` between them.
"""

import re
from collections.abc import Iterable, Sequence

from seqlab.errors import Fault
from seqlab.reference.intervention import Action, Intervention

SIGNS: dict[str, Action] = {"=": "set", "*": "scale", "+": "add", "<": "patch"}
LONGEST, MOST_NUMBERS = 4000, 2000  # characters of all changes, numbers of one list
_CHANGE = re.compile(r"(?P<quantity>[a-z]\w*(?:\.\w+)?)(?:\[(?P<units>[\d,-]+)\])?(?:@(?P<times>[\d,-]+))?"
                     r"(?P<sign>[=*+<])(?P<value>.+)", re.ASCII)
_PART = re.compile(r"(-1|\d{1,6})(?:-(\d{1,6}))?", re.ASCII)


def write(change: Intervention) -> str:
    """Write one change."""
    units = "" if change.units is None else f"[{listed(change.units)}]"
    times = "" if change.times is None else f"@{listed(change.times)}"
    sign = next(sign for sign, action in SIGNS.items() if action == change.action)
    value = f"{change.value:.9g}" if change.source is None else ",".join(map(str, change.source))
    return f"{change.quantity}{units}{times}{sign}{value}"


def read(text: str) -> tuple[Intervention, ...]:
    """Read changes; raises Fault for what is none."""
    if len(text) > LONGEST:
        raise Fault(f"Changes are written in at most {LONGEST:,} characters, not {len(text):,}; remove some.")
    return tuple(_read(part.strip()) for part in text.split(";") if part.strip())


def changes_of(given: "str | Intervention | Iterable[str | Intervention]") -> tuple[Intervention, ...]:
    """Take changes as objects or as text, one or several. Raises Fault."""
    if isinstance(given, Intervention):
        return (given,)
    if isinstance(given, str):
        return read(given)
    return tuple(change for part in given for change in changes_of(part))


def _read(text: str) -> Intervention:
    match = _CHANGE.fullmatch(text)
    if match is None:
        raise Fault(f"{text[:40]!r} is no change; write for example h.0[5]=0 (unit 5 of h in layer 0 is 0).")
    action, value = SIGNS[match["sign"]], match["value"]
    units, times = (None if match[name] is None else numbers_of(match[name], text) for name in ("units", "times"))
    if action == "patch":
        return Intervention(match["quantity"], action, 0.0, units, times, numbers_of(value, text))
    try:
        return Intervention(match["quantity"], action, float(value), units, times)
    except ValueError:
        raise Fault(f"{value[:20]!r} in a change is no number; write for example h.0[5]=0.") from None


def numbers_of(text: str, change: str) -> tuple[int, ...]:
    """Read a list such as 3,7-9; raises Fault."""
    numbers: list[int] = []
    for part in text.split(","):
        match = _PART.fullmatch(part)
        first, last = (0, -1) if match is None else (int(match[1]), int(match[2] or match[1]))
        if match is None or last < first or len(numbers) + last - first >= MOST_NUMBERS:
            raise Fault(f"{text[:30]!r} in the change {change[:40]!r} is no list of numbers; write 3 or 3,7-9.")
        numbers += range(first, last + 1)
    return tuple(numbers)


def listed(numbers: Sequence[int]) -> str:
    """Write a list, neighbours as a range."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1 and parts[-1][0] >= 0:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ",".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)
