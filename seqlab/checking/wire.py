"""What passes between a page and the process that runs a person's code: plain words and float64 arrays, never a pickle.

A message is two lengths, a header in JSON and the bytes of its arrays, one after another. A reader trusts nothing: an
array is made only where the bytes that came are exactly those that its shape needs.
"""

import json
import math
import struct
from io import BufferedIOBase
from typing import Any

import numpy as np

_LENGTHS = struct.Struct("<IQ")
LONGEST_HEADER = 2**20
MOST_AXES = 8


def pack(header: dict[str, Any], arrays: list[np.ndarray]) -> bytes:
    """Make a message of a header and arrays; the arrays become float64."""
    shapes = [list(array.shape) for array in arrays]
    words = json.dumps(header | {"shapes": shapes}).encode()
    payload = b"".join(np.ascontiguousarray(array, dtype=np.float64).tobytes() for array in arrays)
    return _LENGTHS.pack(len(words), len(payload)) + words + payload


def read(stream: BufferedIOBase) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Read one message that is known to be complete; raises ValueError for anything else."""
    found = unpack(stream.read())
    if found is None or found[2]:
        raise ValueError("not one message")
    return found[0], found[1]


def unpack(data: bytes | bytearray) -> tuple[dict[str, Any], list[np.ndarray], bytes] | None:
    """Take the first message off ``data``; returns its header, its arrays and the rest, or None while it is not whole.

    Raises ValueError for bytes that are no message.
    """
    if len(data) < _LENGTHS.size:
        return None
    words, payload = _LENGTHS.unpack_from(data)
    if words > LONGEST_HEADER:
        raise ValueError("a header of that length is no header")
    start, end = _LENGTHS.size + words, _LENGTHS.size + words + payload
    if len(data) < end:
        return None
    header = json.loads(data[_LENGTHS.size:start])
    if not isinstance(header, dict):
        raise ValueError("a header is an object")
    return header, _arrays(header.pop("shapes", None), bytes(data[start:end])), bytes(data[end:])


def flatten(value: Any, arrays: list[np.ndarray]) -> Any:
    """Put the arrays of nested lists and tuples into ``arrays``; returns the same nesting with numbers for them."""
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return len(arrays) - 1
    return {type(value).__name__: [flatten(part, arrays) for part in value]}


def restore(form: Any, arrays: list[np.ndarray]) -> Any:
    """Undo ``flatten``."""
    if isinstance(form, int):
        return arrays[form].copy()
    (kind, parts), = form.items()
    found = [restore(part, arrays) for part in parts]
    return tuple(found) if kind == "tuple" else found


def _arrays(shapes: Any, payload: bytes) -> list[np.ndarray]:
    if not isinstance(shapes, list):
        raise ValueError("a message says the shapes of its arrays")
    arrays, start = [], 0
    for shape in shapes:
        if not isinstance(shape, list) or len(shape) > MOST_AXES or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError("a shape is a list of sizes")
        end = start + 8 * math.prod(shape)
        if end > len(payload):
            raise ValueError("fewer numbers than the shape needs")
        arrays.append(np.frombuffer(payload[start:end], np.float64).reshape(shape))
        start = end
    if start != len(payload):
        raise ValueError("more numbers than the shapes need")
    return arrays
