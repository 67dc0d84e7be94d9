"""What a person's own program answered, as pasted numbers or in a file of JSON: ids, and the logits that it gave."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from seqlab.errors import Fault
from seqlab.files import parse_json
from seqlab.numerals import counted
from seqlab.tasks.opened import OpenedConfig

MOST_NUMBERS, LONGEST = 100_000, 4096  # logits; symbols
MOST_BYTES = 40 * 2**20
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w])")
_WORDS = re.compile(r"(?<![\w.])[A-Za-z_][\w.]*(?:\s*=\s*[^,)\]]+)?")  # dtype=torch.float32, tensor, array
_NO_NUMBER = re.compile(r"\b(?:nan|inf|infinity)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Expected:
    """What a program read and answered: ``logits`` are rows of (time, the first few numbers there).

    ``decimals`` is how many digits after the point the numbers have; beyond them lies the rounding of who wrote them.
    """

    ids: Int[np.ndarray, "1 time"]
    condition: int | None
    logits: tuple[tuple[int, Float[np.ndarray, " _"]], ...]
    decimals: int


def read(content: str | bytes, config: OpenedConfig, file: str = "") -> Expected:
    """Read a JSON file of answers, or the part of it that is this network's; raises Fault.

    It has ``ids``, perhaps a ``condition`` (or ``delay``), and either ``logits`` (of every time, or of the last one)
    or the first few of them at the first and last time, ``logits_first`` and ``logits_last``. A file may hold such
    parts for several networks, by the name of the ``file`` that each was opened from.
    """
    content = content.encode(errors="replace") if isinstance(content, str) else content
    if len(content) > MOST_BYTES:
        raise Fault(f"These answers are larger than {MOST_BYTES // 2**20} MB; give fewer of them.")
    try:
        value = parse_json(content)
    except ValueError:
        raise Fault('The answers are no JSON; write {"ids": [...], "logits": [...]}.') from None
    part = _part(value, file)
    given = part.get("condition", part.get("delay"))
    if given is not None and (not isinstance(given, int) or isinstance(given, bool)):
        raise Fault("The condition of these answers must be a whole number.")
    ids = _ids(part["ids"], config)
    if "logits" in part:
        return _expected(ids, given, _flat(part["logits"]), config)
    ends = [np.array(_flat(part[name])) for name in ("logits_first", "logits_last") if name in part]
    if len(ends) != 2:
        raise Fault("These answers have ids but no logits; add them as logits, of every time or of the last one.")
    last = ids.shape[1] - 1
    first = last if config.answers == "class" else 0
    return _few(Expected(ids, given, ((first, ends[0]), (last, ends[1])), _decimals(ends)), config)


def pasted(ids: str, logits: str, condition: int | None, config: OpenedConfig) -> Expected:
    """Read ids and logits as a program prints them, with brackets, commas or ``tensor(…)`` around; raises Fault."""
    for text, what in ((ids, "ids"), (logits, "logits")):
        if not text.strip():
            raise Fault(f"Paste the {what} too: those that your program {'read' if what == 'ids' else 'gave'}.")
        if "..." in text or "…" in text:
            raise Fault(f"The {what} were cut short in printing (…); print them all, such as by .tolist().")
        if _NO_NUMBER.search(text):
            raise Fault(f"The {what} hold NaN or infinity, so there is nothing to compare.")
    return _expected(_ids([_whole(one) for one in _numbers(ids)], config), condition,
                     [float(one) for one in _numbers(logits)], config)


def _part(value: object, file: str) -> Mapping[str, Any]:
    """The answers that are meant: the value itself, or the part under the name of the run's file."""
    if isinstance(value, dict) and "ids" in value:
        return value
    parts = {name: part for name, part in value.items() if isinstance(part, dict) and "ids" in part} \
        if isinstance(value, dict) else {}
    if not parts:
        raise Fault('The answers hold no ids; write {"ids": [...], "logits": [...]}.')
    if file not in parts and len(parts) > 1:
        raise Fault(f"The file holds answers of {len(parts)} networks, but none of {file[:80]!r}; give its part alone.")
    return parts[file] if file in parts else next(iter(parts.values()))


def _ids(value: object, config: OpenedConfig) -> Int[np.ndarray, "1 time"]:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if not isinstance(value, list) or not value or not all(isinstance(one, int) and not isinstance(one, bool)
                                                           for one in value):
        raise Fault("The ids must be one list of whole numbers, those of one sequence.")
    ids = np.array([value], np.int64)
    outside = ids[(ids < 0) | (ids >= config.count)]
    if outside.size:
        raise Fault(f"Ids must be from 0 to {config.count - 1}, not {outside[0]}.")
    most = config.longest or LONGEST
    if ids.shape[1] > most:
        raise Fault(f"These are {ids.shape[1]:,} symbols; give at most {most:,}.")
    return ids


def _expected(ids: Int[np.ndarray, "1 time"], condition: int | None, logits: Sequence[float],
              config: OpenedConfig) -> Expected:
    """Lay numbers out as logits of every time, or of the last one."""
    time, width = ids.shape[1], config.outputs
    values = np.array(logits)
    if values.size == time * width:
        rows = tuple(enumerate(values.reshape(time, width)))
    elif values.size == width:
        rows = ((time - 1, values),)
    else:
        raise Fault(f"There are {counted(values.size, 'logit')}; expected {width}, those of the last time, or "
                    f"{time * width:,}, {width} for each of the {counted(time, 'id')}.")
    return _few(Expected(ids, condition, rows, _decimals([values])), config)


def _few(given: Expected, config: OpenedConfig) -> Expected:
    """Pass answers that can be compared; raises Fault for too many logits at a time, or a condition out of range."""
    if any(len(row) > config.outputs for _, row in given.logits):
        raise Fault(f"This network gives {config.outputs} logits at a time; more were given.")
    if not config.conditions:
        return replace(given, condition=None)
    if given.condition is None or not 0 <= given.condition < config.conditions:
        raise Fault(f"This network is given a condition as an input, a number from 0 to {config.conditions - 1}; say "
                    "which it was.")
    return given


def _flat(value: object) -> list[float]:
    if isinstance(value, list):
        numbers = [number for part in value for number in (_flat(part) if isinstance(part, list) else [part])]
        if 0 < len(numbers) <= MOST_NUMBERS and all(isinstance(one, int | float) and np.isfinite(one)
                                                    for one in numbers):
            return [float(one) for one in numbers]
    raise Fault("The logits must be lists of finite numbers.")


def _numbers(text: str) -> list[str]:
    if len(text) > MOST_BYTES:
        raise Fault("That is more than a page can take; give fewer numbers, or a file of them.")
    numbers = _NUMBER.findall(_WORDS.sub(" ", text))
    if not numbers:
        raise Fault(f"There are no numbers in {text.strip()[:40]!r}.")
    return numbers


def _whole(number: str) -> int:
    if not re.fullmatch(r"\d+\.?", number):
        raise Fault(f"Ids are whole numbers from 0 on, not {number[:20]}.")
    return int(number.rstrip("."))


def _decimals(rows: Sequence[np.ndarray]) -> int:
    texts = (f"{number:.12f}".rstrip("0").partition(".")[2] for row in rows for number in row.ravel()[:1000].tolist())
    return max(map(len, texts), default=0)
