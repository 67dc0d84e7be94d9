"""Reads TensorBoard's event files by the format alone: records with checksums, and protocol buffers in them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

POLYNOMIAL = 0x82F63B78  # CRC-32C, Castagnoli, bits reversed


@dataclass
class ReadEvent:
    """An event: when, at which step, the format's version if it says one, scalars and texts by their tags."""

    wall_time: float = 0.0
    step: int = 0
    version: str = ""
    scalars: dict[str, float] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def read_events(path: Path) -> list[ReadEvent]:
    """All events of a file; raises AssertionError for a checksum that is wrong."""
    return [_event(record) for record in _records(path.read_bytes())]


def _records(content: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(content):
        header = content[place:place + 8]
        (size,), (check,) = struct.unpack("<Q", header), struct.unpack("<I", content[place + 8:place + 12])
        assert check == _masked(header)
        record = content[place + 12:place + 12 + size]
        (check,) = struct.unpack("<I", content[place + 12 + size:place + 16 + size])
        assert check == _masked(record)
        yield record
        place += 16 + size


def _masked(content: bytes) -> int:
    rest = 0xFFFFFFFF
    for byte in content:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (POLYNOMIAL if rest & 1 else 0)
    rest ^= 0xFFFFFFFF
    return ((rest >> 15 | rest << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and raw content of every field of a message; numbers of variable length come as 8 bytes."""
    place = 0
    while place < len(message):
        key, place = _number(message, place)
        kind = key & 7
        if kind == 0:
            value, place = _number(message, place)
            yield key >> 3, value.to_bytes(8, "little")
            continue
        size = {1: 8, 5: 4}.get(kind)
        if size is None:
            size, place = _number(message, place)
        yield key >> 3, message[place:place + size]
        place += size


def _number(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte, place = message[place], place + 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, place


def _event(record: bytes) -> ReadEvent:
    event = ReadEvent()
    for number, content in _fields(record):
        if number == 1:
            (event.wall_time,) = struct.unpack("<d", content)
        elif number == 2:
            event.step = int.from_bytes(content, "little")
        elif number == 3:
            event.version = content.decode()
        elif number == 5:
            for _, value in _fields(content):
                _value(dict(_fields(value)), event)
    return event


def _value(value: dict[int, bytes], event: ReadEvent) -> None:
    """Tag (1), and either a scalar (2) or a tensor (8) of one string (8) for the plugin of texts."""
    tag = value[1].decode()
    if 2 in value:
        (event.scalars[tag],) = struct.unpack("<f", value[2])
    else:
        assert b"text" in value[9]
        event.texts[tag.removesuffix("/text_summary")] = dict(_fields(value[8]))[8].decode()
