"""How the bytes of a file became characters: the encodings that can be chosen, and which one a file seems to have."""

import codecs
import io
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from charset_normalizer import from_bytes

from seqlab.data.reader.changes import Tally, clipped
from seqlab.errors import Fault

ENCODINGS: Mapping[str, str] = MappingProxyType({
    "utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16, big-endian", "cp1252": "Windows-1252 (Western)",
    "latin-1": "Latin-1", "cp1250": "Windows-1250 (Central European)", "cp1251": "Windows-1251 (Cyrillic)",
    "gb18030": "GB 18030 (Chinese)", "big5": "Big5 (Chinese)", "cp932": "Shift JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)", "cp949": "EUC-KR (Korean)"})
REPLACED = "\ufffd"

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_DETECTED = ["cp1250", "cp1251", "cp1252", "gb18030", "big5", "cp932", "euc_jp", "cp949"]
_PACKED = {b"PK\x03\x04": "a ZIP archive or an Excel workbook; take the file out of it, or save it as CSV",
           b"\x1f\x8b": "packed with gzip; unpack it first", b"%PDF": "a PDF; save it as plain text",
           b"\xd0\xcf\x11\xe0": "an old Office document; save it as CSV or as plain text"}
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SAMPLE = 100_000  # bytes or characters that a guess looks at
_CHUNK = 1 << 18
_STRETCH = 2000
_FOREIGN = 0.3  # of its letters outside ASCII: a text in Latin letters has fewer


def detect(data: bytes) -> str:
    """Say which of ``ENCODINGS`` a file has: by its mark, as valid UTF-8, or else by the statistics of its bytes."""
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return name
    if wide := _wide(data):
        return wide
    valid, broken = _as_utf8(data)
    if not broken or valid > 10 * broken:
        return "utf-8"
    sample = _with_high_bytes(data)
    high = len(_HIGH.findall(sample))
    if high < _FOREIGN * (high + len(_LETTER.findall(sample))):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=_DETECTED).best()
    return {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}.get(
        best.encoding, best.encoding) if best and best.encoding in _DETECTED else "cp1252"


def checked_bytes(data: bytes, most: int, kind: str) -> None:
    """Raise Fault for a file that is too large, or is of a kind that is no text."""
    if len(data) > most:
        raise Fault(f"The {kind} has {len(data) / 1e6:.0f} MB; take one of at most {most // 1_000_000} MB.")
    for start, what in _PACKED.items():
        if data.startswith(start):
            raise Fault(f"This file is no plain text but {what}.")


def checked_text(start: str, encoding: str) -> None:
    """Raise Fault where the beginning of a file has no text in an encoding: an image is full of control characters."""
    if len(_CONTROL.findall(start)) > len(start) / 200:
        raise Fault(f"This file is no plain text in {ENCODINGS[encoding]}; take a text or a table, or another "
                    "encoding.")


def opened(data: bytes, encoding: str) -> io.TextIOWrapper:
    """Open bytes as lines that end in a line feed alone, without a mark at their beginning; nothing is copied."""
    if encoding not in ENCODINGS:
        raise Fault(f"There is no encoding {encoding!r:.30}; take one of {', '.join(ENCODINGS)}.")
    stream = io.BytesIO(data)
    stream.seek(next((len(mark) for mark, name in _MARKS.items() if name == encoding and data.startswith(mark)), 0))
    return io.TextIOWrapper(stream, encoding, errors="replace", newline=None)


class Broken:
    """Counts what could not be read in an encoding while lines go by."""

    def __init__(self, data: bytes, encoding: str) -> None:
        name = ENCODINGS[encoding]
        self.tally = Tally("lost", f"character cannot be read in {name} and became {REPLACED}",
                           f"characters cannot be read in {name} and became {REPLACED}")
        self._written = data.count(REPLACED.encode()) if encoding == "utf-8" else 0  # the mark itself, in the file

    def watch(self, lines: Iterator[str]) -> Iterator[str]:
        """Give the lines on as they are."""
        for number, line in enumerate(lines, 1):
            if REPLACED in line:
                here = line.count(REPLACED)
                known = min(here, self._written)
                self._written -= known
                if here > known:
                    self.tally.add(number, clipped(line, line.index(REPLACED)), here - known)
            yield line


def _wide(data: bytes) -> str:
    """Tell UTF-16 without a mark by the zeros beside its ASCII characters ("" for anything else)."""
    sample = data[:_SAMPLE & ~1]
    zeros = [sample[first::2].count(0) for first in (0, 1)]
    if len(sample) < 4 or max(zeros) < len(sample) / 5 or min(zeros) > max(zeros) / 10:
        return ""
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _as_utf8(data: bytes) -> tuple[int, int]:
    """How many characters outside ASCII a file has as UTF-8, and how many places that are none."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    outside = lost = 0
    for first in range(0, len(data), _CHUNK):
        text = decoder.decode(data[first:first + _CHUNK], first + _CHUNK >= len(data))
        if not text.isascii():
            outside += len(text) - len(text.encode("ascii", "ignore"))
            lost += text.count(REPLACED)
    broken = max(0, lost - data.count(REPLACED.encode()))
    return outside - broken, broken


def _with_high_bytes(data: bytes) -> bytes:
    """Collect stretches of a file that have bytes outside ASCII, up to the size of a sample."""
    parts, place = list[bytes](), 0
    while len(parts) * _STRETCH < _SAMPLE and (match := _HIGH.search(data, place)):
        place = match.start() + _STRETCH
        parts.append(data[max(0, match.start() - _STRETCH // 10):place])
    return b"\n".join(parts)
