"""What stands beside a formula, as HTML: the largest terms of its sums, the letters, the state before and after.

HTML and not Plotly: it must follow a held arrow key. ``ui/stepper.css`` holds its style; texts are escaped here.
"""

import base64
import re
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np
from jaxtyping import Float

from seqlab.figures.theme import palette
from seqlab.reference.formulas.expression import Dot, Value
from seqlab.reference.formulas.operands import Quantity
from seqlab.reference.formulas.reductions import Softmax
from seqlab.reference.formulas.spot import HEADS, Pass, Spot

MOST_TERMS = 6
# What the columns of a sum of products say, whose heads are letters of the formula.
WEIGHTS = "What each number of the vector is multiplied with: a row of the weights."
VECTOR = "The numbers that are multiplied and added, or of which the softmax makes shares."
_ACCENTS = {"bar": "\u0304", "tilde": "\u0303", "hat": "\u0302", "check": "\u030c"}  # combining, after the letter
_SMALL = {"b": str.maketrans("tj", "\u209c\u2c7c"), "p": str.maketrans("(i)", "\u207d\u2071\u207e")}  # of a sub, a sup
Label = Callable[[int], str]


def number(value: float) -> str:
    """Write a number for a table: four decimals with a real minus sign, an exponent where it is tiny or huge."""
    if value == round(value, 0) and abs(value) < 1e6:
        return f"{value:.0f}".replace("-", "−")
    plain = f"{value:.4f}" if value == 0 or 1e-4 <= abs(value) < 1e4 else f"{value:.1e}"
    return plain.replace("-", "−")


def contributions(value: Value, run: Pass, spot: Spot, label: Label, *, dark: bool = False) -> str:
    """Draw a table of the largest terms of a sum, each with a bar: to the right what adds, to the left what takes off.

    ``label`` names a place of the vector. Bars of one table have one scale. Raises ValueError where there are no terms.
    """
    if value.terms is None or value.vector is None:
        raise ValueError("this part of the formula has no terms")
    shown = [place for place in value.largest(MOST_TERMS) if value.terms[place] != 0]
    rest, zeros = int((value.terms != 0).sum()) - len(shown), int((value.terms == 0).sum())
    left, right = _names(value, spot)
    body = []
    for place in shown:
        row = "" if value.rows is None else f"<td>{number(value.rows[place])}</td>"
        body.append(f"<tr><th>{escape(label(place))}</th>{row}<td>{number(value.vector[place])}</td>"
                    f"{_bar(float(value.terms[place]), value, dark)}</tr>")
    if rest or zeros:
        span, left_over = (2 if value.rows is None else 3), float(np.delete(value.terms, shown).sum())
        remaining = ", ".join([*([f"{rest} more"] if rest else []), *([f"{zeros} are 0"] if zeros else [])])
        body.append(f'<tr class="rest"><th colspan="{span}">{remaining}</th><td>{number(left_over)}</td><td></td></tr>')
    heads = "".join(f'<th scope=col title="{says}"><code>{escape(head)}</code></th>'
                    for head, says in ((left, WEIGHTS), (right, VECTOR)) if head)
    adds = "share" if isinstance(value.node, Softmax) else "product"
    return (f'<table class="terms"><thead><tr><th>largest</th>{heads}<th colspan="2">{adds}</th></tr></thead>'
            f"<tbody>{''.join(body)}</tbody></table>")


def place_label(value: Value, run: Pass, tokens: Sequence[str], symbols: Sequence[str]) -> Label:
    """Say how to name the places of the vector of a sum: by unit, by head and feature, by position, or by symbol."""
    operand = value.node.parts[1] if isinstance(value.node, Dot) else value.node.parts[0]
    along = operand.along if isinstance(operand, Quantity) else ()
    if along == ("key",):
        return lambda place: f"{place} {tokens[place]}"
    if along == ("vocab",):
        return lambda place: symbols[place]
    if along == HEADS:
        return lambda place: f"head {place // run.features}, {place % run.features}"
    return lambda place: f"[{place}]"


def strip(tokens: Sequence[str], predicted: Sequence[str], target: Sequence[str], time: int, *,
          dark: bool = False) -> str:
    """Draw the input symbols above the prediction after each, with the time step marked.

    Scored predictions are marked ✓ or ✗; a target of ``·`` is not scored.
    """
    colours, cells = palette(dark), []
    for place, (token, prediction) in enumerate(zip(tokens, predicted, strict=True)):
        scored = target[place] != "·"
        good = prediction == target[place]
        colour = (colours.right if good else colours.wrong) if scored else colours.muted
        mark = ("✓" if good else "✗") if scored else ""
        here = f' class="here" style="--mark:{colours.accent}"' if place == time else ""
        cells.append(f'<span{here} title="t = {place}"><small>{place}</small><b>{escape(token)}</b>'
                     f'<i style="color:{colour}">{escape(prediction)}{mark}</i></span>')
    return f'<div class="steps-strip">{"".join(cells)}</div>'


def overview(rows: Sequence[tuple[str, str, str, bool]]) -> str:
    """Draw a table of all lines: each symbol (LaTeX), its name, its number, and whether it is the open one."""
    body = []
    for latex, name, shown, here in rows:
        kind, mark = (' class="open"', "▸") if here else ("", "")
        body.append(f"<tr{kind}><td>{mark}</td><td>{symbol_html(latex)}</td><td>{escape(name)}</td>"
                    f"<td>{shown}</td></tr>")
    return f'<table class="overview"><tbody>{"".join(body)}</tbody></table>'


def symbol_text(latex: str) -> str:
    """Write a symbol of notation as plain text, which is read aloud: accents above, small letters of Unicode."""
    text = re.sub(r"<su([bp])>(.*?)</su[bp]>", lambda match: match[2].translate(_SMALL[match[1]]), symbol_html(latex))
    return re.sub("<.*?>", "", text)


def symbol_html(latex: str) -> str:
    """Write a symbol of notation without LaTeX, which takes a browser longer: an accent above, small letters."""
    text = re.sub(r"\\(bar|tilde|hat|check)\{(\w)\}", lambda match: match[2] + _ACCENTS[match[1]], latex)
    text = re.sub(r"\\mathrm\{(\w+)\}", r"\1", text)
    text = text.replace(r"\alpha", "α").replace(r"\Sigma", "Σ")
    text = re.sub(r"_\{?(\w+)\}?", r"<sub>\1</sub>", text)
    text = re.sub(r"\^\{([^}]*)\}", r"<sup>\1</sup>", text)
    return f"<i>{text}</i>"


def states(rows: Mapping[str, Float[np.ndarray, " unit"]], unit: int | None, limits: tuple[float, float], *,
           dark: bool = False) -> str:
    """Draw each named vector as one row of colours on one fixed scale, with the unit marked on all of them."""
    colours, body = palette(dark), []
    for name, vector in rows.items():
        mark = ""
        if unit is not None and unit < len(vector):
            left, width = 100 * unit / len(vector), 100 / len(vector)
            mark = (f'<u style="left:{left:.3f}%;width:{width:.3f}%;border-color:{colours.text}" '
                    f'title="unit {unit}: {number(float(vector[unit]))}"></u>')
        image = _png(_coloured(vector, limits, colours.diverging))
        body.append(f'<div class="state"><small>{name}</small><p><img alt="{len(vector)} units" src="{image}">{mark}'
                    "</p></div>")
    return f'<div class="states">{"".join(body)}</div>'


def _names(value: Value, spot: Spot) -> tuple[str, str]:
    names = [part.named(spot) for part in value.node.parts if hasattr(part, "named")]
    return ("", names[0]) if len(names) == 1 else (names[0], names[1])


def _bar(term: float, value: Value, dark: bool) -> str:
    """Two cells: the number and its bar; a share starts on the left, a product in the middle."""
    colours = palette(dark)
    assert value.terms is not None
    size = abs(term) / (float(np.abs(value.terms).max()) or 1.0)
    if isinstance(value.node, Softmax):
        left, width, colour = 0.0, 100 * abs(term), colours.sequential[4]
    else:
        width = 50 * size
        left, colour = (50.0, colours.diverging[-2]) if term >= 0 else (50 - width, colours.diverging[1])
    if not width:
        return f'<td>{number(term)}</td><td class="bar"></td>'
    return (f'<td>{number(term)}</td><td class="bar"><s style="left:{left:.2f}%;width:{width:.2f}%;'
            f'background:{colour}"></s></td>')


def _coloured(vector: Float[np.ndarray, " unit"], limits: tuple[float, float],
              stops: Sequence[str]) -> np.ndarray:
    """Give each number its colour, 3 bytes a unit; NaN is grey."""
    channels = np.array([[int(stop[place:place + 2], 16) for place in (1, 3, 5)] for stop in stops])
    low, high = limits
    at = np.clip((vector - low) / (high - low), 0, 1) * (len(stops) - 1)
    mixed = np.stack([np.interp(at, np.arange(len(stops)), channel) for channel in channels.T], axis=-1)
    return np.where(np.isfinite(vector)[:, None], mixed, 128).astype(np.uint8)


def _png(row: np.ndarray) -> str:
    """Pack one row of pixels as a PNG in an address."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", len(row), 1, 8, 2, 0, 0, 0)
    packed = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" + row.tobytes()))
              + chunk(b"IEND", b""))
    return f"data:image/png;base64,{base64.b64encode(packed).decode()}"
