"""Numbers and counts as people read them: no exponent of a program, no more digits than mean something."""

import math
from typing import SupportsFloat

_SMALL = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOTHING = "–"
HUGE, TINY = 1e6, 1e-4  # beyond these a number is written as a power of ten
LARGEST = 700.0  # nats whose exponential a float can hold


def number(value: SupportsFloat | None, digits: int = 3) -> str:
    """Write a number with so many digits that count: 0.0123, 27.9, 1,234, 9.76 × 10²⁶; a dash where there is none."""
    if value is None or math.isnan(float(value)):
        return _NOTHING
    exact = float(value)
    if math.isinf(exact):
        return "∞" if exact > 0 else "−∞"
    size = abs(exact)
    if size == 0:
        return "0"
    if size >= HUGE or size < TINY:
        text = _power(size, digits)
    else:
        places = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{size:,.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"−{text}" if exact < 0 else text


def perplexity(loss: SupportsFloat, places: int = 2) -> str:
    """Write e to a loss in nats: with decimals while they mean something, as a power of ten where it is huge."""
    exact = float(loss)
    if math.isnan(exact):
        return _NOTHING
    if exact > LARGEST:
        return "over 10³⁰⁰"
    value = math.exp(exact)
    return f"{value:.{places}f}" if value < 1000 else number(value)


def counted(count: int, noun: str, several: str = "") -> str:
    """Write so many things: 1 update, 2 updates; ``several`` is the plural where an s does not make it."""
    return f"{count:,} {noun if count == 1 else several or f'{noun}s'}"


def duration(seconds: float | int) -> str:
    """Write a time: ``40 s``, ``12 min``, ``1 h 20 min``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _power(size: float, digits: int) -> str:
    mantissa, _, power = f"{size:.{max(0, digits - 1)}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa} × 10{str(int(power)).translate(_SMALL)}"
