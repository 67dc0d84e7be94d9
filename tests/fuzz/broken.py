"""Ways to break bytes, JSON and text, drawn from a seed."""

import json
from random import Random
from typing import Any

HOSTILE: tuple[Any, ...] = (
    1e300, -1e300, 1e-320, 10**30, 10**400, -1, 0, 2**63, 1.5, float("nan"), float("inf"), True, None, "", "x" * 10_000,
    "\ud800", "\u202e", "\0", "[x](http://evil.example)", "<img src=e>", "../../etc/passwd", [], {}, [[]], {"a": {}},
    [1] * 5000, {str(place): place for place in range(500)}, "1e999", "NaN", "é" * 200, "\n", "1 2")
PIECES = (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n" * 500, b'"', b"\x1a", b"\xed\xa0\x80", b"[" * 3000,
          b"{" * 3000, b"9" * 5000, b"\\ud800", b",", b"\t", b"e999", b"-", b" " * 2000, b"\x85", b"\xe2\x80\xa8")


def deep(levels: int) -> Any:
    """Lists within lists."""
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def in_bytes(random: Random, data: bytes) -> bytes:
    """Change, cut, repeat or insert a few pieces."""
    broken = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 5, 30))):
        at = random.randrange(len(broken) + 1)
        way = random.randrange(5)
        if way == 0 and broken:
            broken[at % len(broken)] = random.randrange(256)
        elif way == 1:
            broken[at:at] = random.choice(PIECES)
        elif way == 2:
            del broken[at:at + random.choice((1, 4, 100, len(broken)))]
        elif way == 3:
            broken[at:at] = broken[:random.choice((1, 10, 1000))]
        else:
            broken[at:at] = random.randbytes(random.choice((1, 4, 50)))
    return bytes(broken)


def in_json(random: Random, value: Any) -> Any:
    """Replace, drop or add something somewhere inside a value."""
    if isinstance(value, dict) and value and random.random() < 0.85:
        key = random.choice(list(value))
        way = random.random()
        if way < 0.1:
            return {name: part for name, part in value.items() if name != key}
        if way < 0.2:
            return value | {str(random.choice(HOSTILE))[:50]: random.choice(HOSTILE)}
        return value | {key: in_json(random, value[key])}
    if isinstance(value, list) and value and random.random() < 0.7:
        place = random.randrange(len(value))
        return [*value[:place], in_json(random, value[place]), *value[place + 1:]]
    return deep(random.choice((50, 400))) if random.random() < 0.05 else random.choice(HOSTILE)


def in_file(random: Random, content: bytes) -> bytes:
    """Break a file of JSON, one value or one a line: what it says, or its bytes."""
    if random.random() < 0.3:
        return in_bytes(random, content)
    lines = content.splitlines() if content.count(b"}\n{") else [content]
    place = random.randrange(len(lines))
    lines[place] = json.dumps(in_json(random, json.loads(lines[place]))).encode()
    return b"\n".join(lines) + b"\n"
