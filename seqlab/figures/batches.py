"""Batches as pictures: each string a row, what is real and what fills it up."""

from base64 import b64encode
from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

from seqlab.figures.film import evenly
from seqlab.figures.presented import growing
from seqlab.figures.theme import palette

WIDTH, HEIGHT = 120, 76  # pixels of a batch
MOST_ROWS = 300  # that are drawn of a batch
TYPE = growing("font-size:12.5px;line-height:1.35")


def batches(lengths: Sequence[Int[np.ndarray, " _"]], *, packed: bool = False, dark: bool = False) -> str:
    """Draw batches side by side, as HTML, all on the scale of the longest of their strings.

    The strings of a batch stand in its rows, as long as they are; what fills them up is in the colour of what is wrong,
    or only outlined where it is left out by packing.
    """
    longest = max(int(batch.max()) for batch in lengths)
    parts = "".join(_batch(batch, longest, packed, dark) for batch in lengths)
    return f'<div style="display:flex;flex-wrap:wrap;gap:10px 16px">{parts}</div>'


def _batch(lengths: Int[np.ndarray, " _"], longest: int, packed: bool, dark: bool) -> str:
    """A picture, and below it how many strings it has, up to how long, and how much of it fills them up."""
    colours, most = palette(dark), int(lengths.max())
    share = 1 - lengths.sum() / (len(lengths) * most)
    size = f"{len(lengths):,} × {most}"
    waste = f"{share:.0%} left out" if packed else f"{share:.0%} padding"
    drawn = lengths[evenly(len(lengths), MOST_ROWS)]
    filled = 'fill="none"' if packed else f'fill="{colours.wrong}" fill-opacity=".55"'
    image = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
             f'<rect width="{WIDTH * most / longest:.2f}" height="{HEIGHT}" {filled} stroke="{colours.border}"/>'
             f'<path d="{_outline(drawn, WIDTH / longest)}" fill="{colours.accent}"/></svg>')
    coded = b64encode(image.encode()).decode()
    return (f'<div style="width:{WIDTH}px;{TYPE}">'
            f'<img src="data:image/svg+xml;base64,{coded}" width="{WIDTH}" height="{HEIGHT}" '
            f'alt="{size} tokens, {waste}" style="display:block;margin-bottom:3px">'
            f'<b style="font-weight:600">{size}</b><br><span style="opacity:0.8">{waste}</span></div>')


def _outline(lengths: Int[np.ndarray, " _"], scale: float) -> str:
    """The edge of the real tokens: down along the ends of the rows."""
    row, points = HEIGHT / len(lengths), ["M0 0"]
    for last in [*np.flatnonzero(np.diff(lengths)).tolist(), len(lengths) - 1]:
        points.append(f"H{lengths[last] * scale:.2f}V{(last + 1) * row:.2f}")
    return "".join(points) + "H0Z"
