"""A QR code is drawn module by module: what is in the picture and in the terminal is the same code."""

import re
import xml.etree.ElementTree as ET

import pytest
import segno

from seqlab.figures.qr import LONGEST, QUIET, qr_blocks, qr_svg

TEXT = "http://192.168.1.7:8501/sub/path/join?code=KLMNPQ"
HALVES = {" ": (1, 1), "█": (0, 0), "▀": (0, 1), "▄": (1, 0)}  # a light module is drawn


def modules() -> list[list[int]]:
    return [[int(module) for module in row] for row in segno.make_qr(TEXT, error="m").matrix]


def test_the_terminal_shows_every_module() -> None:
    rows = [list(row) for line in qr_blocks(TEXT, coloured=False).splitlines()
            for row in zip(*(HALVES[character] for character in line), strict=True)]
    inner = [row[2:-2] for row in rows[2:2 + len(modules())]]
    assert inner == modules()
    assert qr_blocks(TEXT, coloured=True).count("\033[97;40m") == len(qr_blocks(TEXT, coloured=True).splitlines())


def test_the_picture_shows_every_module_and_says_what_it_is() -> None:
    svg = ET.fromstring(qr_svg(TEXT, 'Scan <it> & "join"'))
    assert (svg.get("role"), svg.get("aria-label")) == ("img", 'Scan <it> & "join"')
    side = len(modules()) + 2 * QUIET
    assert svg.get("viewBox") == f"0 0 {side} {side}"
    (dark,) = (part for part in svg.iter() if part.get("stroke"))
    assert drawn(dark.get("d") or "") == {(x + QUIET, y + QUIET) for y, row in enumerate(modules())
                                          for x, module in enumerate(row) if module}


def drawn(path: str) -> set[tuple[int, int]]:
    """Every module that a path of horizontal strokes covers."""
    x, y, covered = 0.0, 0.0, set()
    for kind, numbers in re.findall(r"([MmhH])([-\d. ]+)", path):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if kind in "Mm":
            x, y = (values[0], values[1]) if kind == "M" else (x + values[0], y + values[1])
        else:
            covered |= {(int(x) + place, int(y)) for place in range(int(values[0]))}
            x += values[0]
    return covered


def test_what_no_camera_could_read_is_refused() -> None:
    with pytest.raises(ValueError, match="afar"):
        qr_svg("x" * (LONGEST + 1), "")
