"""What a text is made of, as HTML and as a chart: its characters, the parts that train and validate, and lengths.

What trains has the colour of a curve's line, what validates that of its dots.
"""

from collections.abc import Callable, Mapping
from html import escape

import numpy as np
from jaxtyping import Int

from seqlab.figures.plot import Axis, Panel, Plot, Series, steps
from seqlab.figures.theme import palette

MOST_BARS = 60
BINS = 50


def bars(counts: Mapping[str, int], visible: Callable[[str], str], *, dark: bool, unit: str = "character") -> str:
    """Draw each symbol with its count as a bar, the most frequent first; at most ``MOST_BARS`` of them.

    The longest bar is the most frequent symbol; ``visible`` gives a space and its like a sign.
    """
    total, most = sum(counts.values()), max(counts.values(), default=1)
    shown = sorted(counts.items(), key=lambda item: -item[1])[:MOST_BARS]
    rows = "".join(
        f'<div title="{escape(_name(character))}: {count / total:.2%}"><code>{escape(visible(character))}</code>'
        f'<span class="lane"><i style="width:{max(0.5, 100 * count / most):.2f}%"></i></span>'
        f'<span class="count">{count:,}</span></div>' for character, count in shown)
    rest = len(counts) - len(shown)
    more = f'<div class="rest">and {rest:,} more, each rarer</div>' if rest else ""
    return (f'<div class="corpus-bars" role="img" aria-label="{len(counts):,} {unit}s by how often they come" '
            f'style="{_colours(dark)}">{rows}{more}</div>')


def _colours(dark: bool) -> str:
    colours = palette(dark)
    named = {"line": colours.accent, "dots": colours.right, "empty": colours.surface, "edge": colours.border,
             "quiet": colours.muted}
    return ";".join(f"--{name}:{colour}" for name, colour in named.items())


def _name(character: str) -> str:
    code = f" (U+{ord(character):04X})" if len(character) == 1 else ""
    return {" ": "space", "\n": "line end", "\t": "tab"}.get(character, f"{character}{code}")


def division(length: int, training: range, validation: range, reach: int, *, dark: bool) -> str:
    """Draw which places of a text train and which validate: the whole text, and magnified where the two meet.

    The magnified piece is three windows of ``reach`` characters, from one window before the validating part on.
    """
    near = range(max(0, validation.start - reach), min(length, validation.start + 2 * reach))
    both = max(0, min(training.stop, validation.stop) - max(training.start, validation.start))
    description = (f"Characters 0 to {training.stop:,} train, {validation.start:,} to {validation.stop:,} validate, "
                   f"{f'{both:,} do both' if both else 'none does both'}.")
    parts = {"trains": training, "validates": validation}
    strips = _strip("the whole text", range(length), parts) + _strip("where they meet, magnified", near, parts)
    return f'<div class="corpus-parts" role="img" aria-label="{description}" style="{_colours(dark)}">{strips}</div>'


def _strip(name: str, view: range, parts: Mapping[str, range]) -> str:
    lanes = "".join(f'<div class="{what}"><span>{what}</span><span class="lane">{_piece(view, part)}</span></div>'
                    for what, part in parts.items())
    return (f'{lanes}<div class="ends"><span>{view.start:,}</span><span>{name}</span><span>{view.stop:,}</span></div>')


def _piece(view: range, part: range) -> str:
    start, stop = max(part.start, view.start), min(part.stop, view.stop)
    if stop <= start:
        return ""
    left, width = 100 * (start - view.start) / len(view), 100 * (stop - start) / len(view)
    return f'<i style="left:{left:.3f}%;width:{width:.3f}%"></i>'


def lengths(characters: Int[np.ndarray, " sentence"]) -> Plot:
    """Chart how many sentences have how many characters, in at most ``BINS`` steps."""
    top = int(characters.max()) + 1
    width = max(1, -(-top // BINS))
    counts = np.bincount(characters // width)
    places, edge_counts = np.arange(len(counts) + 1) * width, np.append(counts, 0)
    y = Axis(0, float(counts.max()) * 1.05, "", ((0, "0"), (float(counts.max()), f"{counts.max():,}")), word="count")
    x = Axis(0, float(places[-1]), "characters", steps(int(places[-1])), word="from")
    stairs = Series(np.repeat(places, 2)[1:], np.repeat(edge_counts, 2)[:-1].astype(float), "accent", "sentences",
                    "band")
    return Plot("How long the sentences are", (Panel(x, y, "Sentences by their length", (stairs,)),), 190)
