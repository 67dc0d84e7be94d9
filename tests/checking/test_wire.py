"""Messages between a page and the process that runs code: what goes in comes out, and nothing else gets in."""

import io
import json
import struct

import numpy as np
import pytest

from seqlab.checking import wire


def test_what_is_packed_is_read_bit_by_bit() -> None:
    value = ([np.arange(6.0).reshape(2, 3), np.array(np.nan)], (np.zeros((0, 4)), np.array([-0.0, np.inf])))
    arrays: list[np.ndarray] = []
    form = wire.flatten(value, arrays)
    header, unpacked = wire.read(io.BytesIO(wire.pack({"form": form}, arrays)))
    restored = wire.restore(header["form"], unpacked)
    assert (type(restored), type(restored[0])) == (tuple, list)
    for sent, received in zip((*value[0], *value[1]), (*restored[0], *restored[1]), strict=True):
        assert (sent.shape, sent.tobytes()) == (received.shape, received.tobytes())


def test_each_call_gets_arrays_of_its_own() -> None:
    arrays = [np.ones(2)]
    wire.restore(0, arrays)[0] = 7
    assert arrays[0][0] == 1


def test_messages_come_one_after_another_and_in_pieces() -> None:
    data = wire.pack({"n": 1}, [np.ones(3)]) + wire.pack({"n": 2}, [])
    header, arrays, rest = wire.unpack(data)
    assert (header["n"], arrays[0].sum()) == (1, 3)
    assert all(wire.unpack(rest[:end]) is None for end in range(len(rest)))
    assert wire.unpack(rest)[0]["n"] == 2


def message(words: bytes, payload: bytes = b"") -> bytes:
    return struct.pack("<IQ", len(words), len(payload)) + words + payload


@pytest.mark.parametrize("data", [
    b"x" * 40, message(b"no json"), message(b"[]"), message(b"{}"), message(b'{"shapes": 3}'),
    message(b'{"shapes": [3]}'), message(b'{"shapes": [[-1]]}'), message(b'{"shapes": [[1.5]]}'),
    message(b'{"shapes": [[true]]}', b"x" * 8), message(b'{"shapes": [[2]]}', b"x" * 8),
    message(b'{"shapes": []}', b"x"),
    message(b'{"shapes": [[1000000000000]]}', b"x" * 8), message(json.dumps({"shapes": [[1] * 40]}).encode(), b"x" * 8),
    struct.pack("<IQ", 2**31, 0), message(b"[" * 20_000),
], ids=range(15))
def test_what_is_no_message_makes_no_array(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (any of its kinds)
        wire.unpack(data)


def test_more_than_one_message_is_not_one() -> None:
    with pytest.raises(ValueError, match="not one"):
        wire.read(io.BytesIO(2 * wire.pack({}, [])))
