"""Messages between a page and the process that runs a person's code: JSON and float64 arrays, never a pickle.

A message is two lengths, a header in JSON and the bytes of its arrays, one after another. A reader trusts nothing: an
array is made only where the message has exactly the bytes that its shape needs.
"""

import json
import math
import struct
from collections.abc import Callable, Mapping
from hashlib import blake2b
from hmac import compare_digest
from io import BufferedIOBase, BytesIO
from typing import Any, TypedDict

import numpy as np

Header = dict[str, Any]  # a JSON object, whose reader checks each value
Nested = np.ndarray | int | float | list["Nested"] | tuple["Nested", ...]
# The same nesting: "list" or "tuple" with its parts, the number of an array of floats, "whole" with that of one of
# whole numbers, "value" with a plain number.
Form = int | dict[str, Any]


class Request(TypedDict):
    """What the process is to run: source code, the name of a function, its arguments by case, and limits.

    ``secret`` signs what it answers, in hexadecimal; the code never gets to see it.
    """

    secret: str
    source: str
    function: str
    cases: list[Form]
    cpu: int
    memory: int


class CodeError(TypedDict):
    """An error of a person's code: its type, message and line, and which kind it is.

    ``memory``: it asked for too much; ``refused``: by the guard; ``wrong``: the return value cannot be compared;
    ``syntax``: it is not Python.
    """

    error: str
    text: str
    line: int | None
    memory: bool
    refused: bool
    wrong: bool
    syntax: bool


_LENGTHS = struct.Struct("<IQ")
LONGEST_HEADER = 2**20
SIGNATURE = 32  # bytes
MOST_AXES = 8


def pack(header: Mapping[str, object], arrays: list[np.ndarray]) -> bytes:
    """Make a message of a header and arrays; the arrays become float64."""
    shapes = [list(array.shape) for array in arrays]
    words = json.dumps({**header, "shapes": shapes}).encode()
    payload = b"".join(np.ascontiguousarray(array, dtype=np.float64).tobytes() for array in arrays)
    return _LENGTHS.pack(len(words), len(payload)) + words + payload


def read(stream: BufferedIOBase) -> tuple[Header, list[np.ndarray]]:
    """Read one message that is known to be complete; raises ValueError for anything else."""
    message = unpack(stream.read())
    if message is None or message[2]:
        raise ValueError("not one message")
    return message[0], message[1]


def signing(secret: bytes) -> Callable[[bytes], bytes]:
    """Make the function that puts a signature in front of a message; it looks nothing up that could be replaced."""
    def sign(message: bytes, *, secret: bytes = secret, digest: type[blake2b] = blake2b,
             size: int = SIGNATURE) -> bytes:
        return digest(message, digest_size=size, key=secret).digest() + message
    return sign


def unpack_signed(data: bytes | bytearray, secret: bytes) -> tuple[Header, list[np.ndarray], bytes] | None:
    """Take the first message off ``data``, as ``unpack`` does; raises ValueError also where it is not signed."""
    if len(data) < SIGNATURE:
        return None
    length = _length(data[SIGNATURE:])
    if length is None or len(data) < SIGNATURE + length:
        return None
    message = bytes(data[SIGNATURE:SIGNATURE + length])
    if not compare_digest(signing(secret)(message)[:SIGNATURE], bytes(data[:SIGNATURE])):
        raise ValueError("not signed")
    header, arrays = read(BytesIO(message))
    return header, arrays, bytes(data[SIGNATURE + length:])


def unpack(data: bytes | bytearray) -> tuple[Header, list[np.ndarray], bytes] | None:
    """Take the first message off ``data``; returns its header, its arrays and the rest, or None while it is not whole.

    Raises ValueError for bytes that are no message.
    """
    end = _length(data)
    if end is None or len(data) < end:
        return None
    start = _LENGTHS.size + int(_LENGTHS.unpack_from(data)[0])
    try:
        header = json.loads(data[_LENGTHS.size:start])
    except RecursionError:
        raise ValueError("a header is not so deep") from None
    if not isinstance(header, dict):
        raise ValueError("a header is an object")
    return header, _arrays(header.pop("shapes", None), bytes(data[start:end])), bytes(data[end:])


def _length(data: bytes | bytearray) -> int | None:
    """How long the message is that ``data`` begins with, or None where too little of it is there."""
    if len(data) < _LENGTHS.size:
        return None
    words, payload = _LENGTHS.unpack_from(data)
    if words > LONGEST_HEADER:
        raise ValueError("a header of that length is no header")
    return int(_LENGTHS.size + words + payload)


def flatten(value: Nested, arrays: list[np.ndarray]) -> Form:
    """Put the arrays of nested lists and tuples into ``arrays``; returns the same nesting with numbers for them."""
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"whole": len(arrays) - 1} if value.dtype.kind == "i" else len(arrays) - 1
    if isinstance(value, int | float):
        return {"value": value}
    return {type(value).__name__: [flatten(part, arrays) for part in value]}


def restore(form: Form, arrays: list[np.ndarray]) -> Nested:
    """Undo ``flatten``."""
    if isinstance(form, int):
        return arrays[form].copy()
    (kind, parts), = form.items()
    if kind == "value":
        return float(parts) if isinstance(parts, float) else int(parts)
    if kind == "whole":
        return arrays[parts].astype(np.int64)
    values = [restore(part, arrays) for part in parts]
    return tuple(values) if kind == "tuple" else values


def _arrays(shapes: object, payload: bytes) -> list[np.ndarray]:
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
