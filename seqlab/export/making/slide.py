"""The explorer's pictures as one SVG in the size of a slide: with a caption, the settings, the link and the proof.

Numbers are coloured as on the page, over the same fixed ends. A map is a PNG within the SVG, a texture of one small
rectangle for each number, so that any program that draws an SVG draws it alike.
"""

import base64
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from jaxtyping import Float, UInt8

from seqlab import notation
from seqlab.export.exports import Leaving
from seqlab.export.making import proofs
from seqlab.figures.order import strongest
from seqlab.figures.theme import FONT, LIGHT
from seqlab.reference.core import span
from seqlab.trace import Trace

WIDTH, HEIGHT, EDGE, GUTTER = 1600, 900, 48, 24
TOP, BOTTOM = 214, 100  # pixels for the heading with the letters, and for the proof and the link
MOST_LETTERS = 60
Pixels = int | float
PIXELS = 8  # of the texture for each number, at most


@dataclass(frozen=True)
class Box:
    """A place on the slide, in pixels."""

    left: Pixels
    top: Pixels
    width: Pixels
    height: Pixels


def slide(leaving: Leaving) -> str:
    """Draw the newest layer's pictures over time; raises Fault where the pass cannot be proved."""
    (trace,), (frame,) = proofs.passes(leaving, [leaving.step])
    names = [f"{key}.{trace.layers - 1}" for key in leaving.run.core.views]
    heights = (HEIGHT - TOP - BOTTOM - GUTTER) / 2
    wide = Box(EDGE, TOP, WIDTH - 2 * EDGE, heights if names[1:] else 2 * heights)
    parts = [*_heading(leaving, trace, wide), *_map(names[0], trace, leaving, wide)]
    each = (wide.width - GUTTER * (len(names) - 2)) / max(1, len(names) - 1)
    for number, name in enumerate(names[1:]):
        parts += _map(name, trace, leaving, Box(EDGE + number * (each + GUTTER), TOP + heights + GUTTER, each, heights))
    parts += [_text(EDGE, HEIGHT - 52, 17, f"{proofs.words(frame)} {proofs.witnesses()}", LIGHT.muted),
              _text(EDGE, HEIGHT - 26, 17, leaving.link or f"seqlab, run {leaving.run.id}", LIGHT.muted)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{escape(FONT)}"><title>{_words(leaving.run.name)}</title>'
            f'<rect width="100%" height="100%" fill="{LIGHT.background}"/>{"".join(parts)}</svg>\n')


def _heading(leaving: Leaving, trace: Trace, wide: Box) -> Iterator[str]:
    """The name, the settings, and the letters that go in and come out."""
    run, given, network = leaving.run, leaving.given, leaving.run.config.network
    facts = [run.core.label, f"hidden size {network.hidden}", *([f"layer {trace.layers - 1}"] * (trace.layers > 1)),
             run.config.task_spec.label, f"step {leaving.step:,}"]
    facts += [] if given.condition is None else [f"condition {given.condition}"]
    yield _text(EDGE, 66, 34, run.name, LIGHT.text, "font-weight='600'")
    yield _text(EDGE, 100, 20, " · ".join(facts), LIGHT.muted)
    answers = [given.letters_out[best] for best in trace["p"][0].argmax(-1)]
    for row, (label, letters) in enumerate((("in", given.letters_in), ("out", answers))):
        yield _text(EDGE - 8, 142 + 30 * row, 15, label, LIGHT.muted, "text-anchor='end'")
        yield from _letters(letters, wide, 142 + 30 * row, 24)


def _letters(letters: Sequence[str], box: Box, row: Pixels, size: int) -> Iterator[str]:
    if len(letters) > MOST_LETTERS:
        return
    column = box.width / len(letters)
    for place, letter in enumerate(letters):
        size_here = min(size, 1.6 * column / max(1, len(letter)))
        yield _text(box.left + (place + 0.5) * column, row, round(size_here, 1), letter, LIGHT.text,
                    "text-anchor='middle'")


def _map(name: str, trace: Trace, leaving: Leaving, box: Box) -> Iterator[str]:
    """A quantity with its title, over the fixed ends of its colours."""
    symbol, (low, high) = notation.symbol(name), span(leaving.run.core, name)
    stops = LIGHT.sequential if low >= 0 or symbol.colour == "sequential" else LIGHT.diverging
    head, foot = 28, 22 * (len(leaving.given.letters_in) <= MOST_LETTERS)
    ends = f"{low:g} to {high:g}".replace("-", "−")
    yield _text(box.left, box.top + 19, 19, f"{symbol.key}  {symbol.name}, {ends}", LIGHT.text)
    units = strongest(trace[f"h.{trace.layers - 1}"][0])  # as the page orders them at first
    values = trace[name][0].T
    picture = png(coloured(values[units] if len(values) == len(units) else values, low, high, stops), box)
    yield (f'<image x="{box.left:.1f}" y="{box.top + head:.1f}" width="{box.width:.1f}" '
           f'height="{box.height - head - foot:.1f}" preserveAspectRatio="none" style="image-rendering: pixelated" '
           f'href="data:image/png;base64,{base64.b64encode(picture).decode()}"/>')
    yield from _letters(leaving.given.letters_in, box, box.top + box.height - 4, 16)


def coloured(values: Float[np.ndarray, "row column"], low: Pixels, high: Pixels,
             stops: Sequence[str]) -> UInt8[np.ndarray, "row column 3"]:
    """Give numbers their colours between two fixed ends; what is no number is grey."""
    colours = np.array([[int(stop[at:at + 2], 16) for at in (1, 3, 5)] for stop in stops], float)
    share = np.clip((np.nan_to_num(values.astype(float)) - low) / (high - low), 0, 1) * (len(stops) - 1)
    mixed = np.stack([np.interp(share, range(len(stops)), channel) for channel in colours.T], axis=-1)
    mixed[~np.isfinite(values)] = 128
    pixels: UInt8[np.ndarray, "row column 3"] = np.rint(mixed).astype(np.uint8)
    return pixels


def png(pixels: UInt8[np.ndarray, "row column 3"], box: Box) -> bytes:
    """Write pixels as a PNG, each several times, so that a program that smooths it leaves its edges sharp."""
    down = int(np.clip(box.height / len(pixels), 1, PIXELS))
    across = int(np.clip(box.width / pixels.shape[1], 1, PIXELS))
    large = pixels.repeat(down, axis=0).repeat(across, axis=1)
    rows = np.concatenate((np.zeros((len(large), 1), np.uint8), large.reshape(len(large), -1)), axis=1)
    header = struct.pack(">IIBBBBB", large.shape[1], len(large), 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks)


def _text(left: Pixels, base: Pixels, size: Pixels, words: str, colour: str, more: str = "") -> str:
    return f'<text x="{left:.1f}" y="{base:.1f}" font-size="{size}" fill="{colour}" {more}>{_words(words)}</text>'


def _words(text: str) -> str:
    """Words that may stand in XML: escaped, without characters that it has no room for."""
    return escape("".join(letter if letter.isprintable() else "\ufffd" for letter in text))
