"""A QR code: an address that a phone's camera reads, as a picture for a page and as characters for a terminal."""

import io
from html import escape

import segno

QUIET = 4  # modules that stay light around the code, or a camera does not see where it ends
LONGEST = 1000  # characters: more make modules that a phone cannot see from the last row
_BRIGHT_ON_DARK, _AS_BEFORE = "\033[97;40m", "\033[0m"


def qr_svg(text: str, label: str) -> str:
    """Draw a text as an SVG that fills its place, dark on white in both themes; ``label`` says in words what it is.

    Raises ValueError for a text that is longer than ``LONGEST``.
    """
    code = _code(text)
    side = code.symbol_size(border=QUIET)[0]
    modules = code.svg_inline(border=QUIET, omitsize=True, dark="#000", light="#fff", svgclass=None)
    inside = modules[modules.index(">") + 1:]
    return (f'<svg viewBox="0 0 {side} {side}" role="img" aria-label="{escape(label)}" shape-rendering="crispEdges" '
            f'style="display:block;width:100%;height:auto;background:#fff">{inside}')


def qr_blocks(text: str, *, coloured: bool) -> str:
    """Draw a text with half blocks, two modules a character; ``coloured`` for a terminal whose ground may be light.

    Raises ValueError for a text that is longer than ``LONGEST``.
    """
    out = io.StringIO()
    _code(text).terminal(out, border=2, compact=True)
    lines = out.getvalue().splitlines()
    return "\n".join(f"{_BRIGHT_ON_DARK}{line}{_AS_BEFORE}" if coloured else line for line in lines)


def _code(text: str) -> segno.QRCode:
    if len(text) > LONGEST:
        raise ValueError(f"a QR code of {len(text)} characters cannot be read from afar")
    return segno.make_qr(text, error="m")
