"""Every symbol that a page draws, from the one place that names them."""

import math

from seqlab import notation

_HEAD = "| | in a trace | what it is | axes | range |\n|---|---|---|---|---|\n"


def document() -> str:
    """All symbols as a table."""
    rows = (f"| ${symbol.latex}$ | `{key}` | **{symbol.name}**: {symbol.meaning} | {'&nbsp;'.join(symbol.axes)} "
            f"| {_range(*symbol.bounds)} |" for key, symbol in notation.SYMBOLS.items())
    return f"# Symbols\n\n{_HEAD}" + "\n".join(rows) + "\n"


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return "any"
    return f"from {low:g}" if math.isinf(high) else f"{low:g} … {high:g}"
