"""Automata as graphs: the start on the left, each state as far right as it is steps away, and a table that says it."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from seqlab.figures.theme import FONT, Palette, palette
from seqlab.figures.truth import shown
from seqlab.reference.automata import Automaton

MOST_DRAWN = 24  # states of a picture
RADIUS, ROW, MARGIN = 13.0, 66.0, 42.0  # pixels
NARROW, WIDE, LETTER = 74, 220, 7.2  # between two columns; of a letter of a label
FEW = 2  # symbols that a label names
BENT = 0.32  # how far what bends an edge lies beside it, as a share of its length
SWEEPS = 4  # over the columns, in which states are put near those that lead to them

Point = tuple[float, float]


def graph(automaton: Automaton, tokens: Sequence[str], name: str, *, dark: bool, marked: int | None = None) -> str:
    """Draw an automaton, as HTML: the states nearest to its start, one of them ``marked`` as where it differs.

    A state in which the end is possible has two rings. What leads to states that are not drawn ends in a dot.
    """
    colours, drawn = palette(dark), _nearest(automaton)
    labels = _labels(automaton, tokens, drawn)
    places = _places(automaton, drawn, max((len(label) for label in labels.values()), default=1))
    width = max(x for x, _ in places.values()) + 2 * MARGIN
    height = max(y for _, y in places.values()) + MARGIN
    parts = [*_edges(labels, places, colours), *_stubs(automaton, places, colours),
             *(_node(automaton, state, places[state], colours, state == marked) for state in drawn)]
    start = places[0]
    parts.append(f'<path d="M{start[0] - 30:.0f} {start[1]:.0f}h12" {_stroke(colours.text)} '
                 'marker-end="url(#head)"/>')
    image = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
             f'font-family="{escape(FONT)}" font-size="13" text-anchor="middle">'
             f'<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
             f'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="{colours.muted}"/></marker></defs>'
             + "".join(parts) + "</svg>")
    coded = b64encode(image.encode(errors="replace")).decode()
    few = f" (the first {len(drawn)} of {len(automaton)} are drawn)" if len(drawn) < len(automaton) else ""
    alt = escape(f"{name}: {described(automaton)}{few}.", quote=True)
    return (f'<div style="overflow-x:auto" tabindex="0" role="group" aria-label="{escape(name, quote=True)}">'
            f'<img src="data:image/svg+xml;base64,{coded}" width="{width:.0f}" height="{height:.0f}" alt="{alt}" '
            'style="display:block;max-width:none"></div>')


def described(automaton: Automaton) -> str:
    """Say how large an automaton is."""
    states, edges = len(automaton), int((automaton.next >= 0).sum())
    return (f"{states} state{'s' * (states != 1)}, {edges} transition{'s' * (edges != 1)}, "
            f"{int(automaton.ends.sum())} where the end is possible")


def table(automaton: Automaton, tokens: Sequence[str]) -> str:
    """Write an automaton as a table, as HTML: each state, a shortest string that leads to it, and what may come."""
    rows = []
    for state, word in enumerate(automaton.access()):
        leads = [f"{escape(shown(tokens[symbol]))} → {target if target >= 0 else '?'}"
                 for symbol, target in enumerate(automaton.next[state].tolist()) if target != -1]
        ends = ["END"] if automaton.ends[state] else []
        reached = "".join(escape(shown(tokens[symbol])) for symbol in word) or "(the start)"
        rows.append(f"<tr><th scope=row>{state}</th><td>{reached}</td><td>{', '.join(leads + ends) or '–'}</td></tr>")
    return ('<table style="width:100%;overflow-wrap:anywhere"><thead><tr><th>state</th><th>reached by</th>'
            f'<th>what may come → state</th></tr></thead><tbody>{"".join(rows)}</tbody></table>')


def _nearest(automaton: Automaton) -> list[int]:
    """The states nearest to the start."""
    return sorted(range(len(automaton)), key=lambda state: len(automaton.access()[state]))[:MOST_DRAWN] \
        if len(automaton) > MOST_DRAWN else list(range(len(automaton)))


def _labels(automaton: Automaton, tokens: Sequence[str], drawn: Sequence[int]) -> dict[tuple[int, int], str]:
    """What stands on the edge from a state to another: the symbols that lead there."""
    symbols: dict[tuple[int, int], list[str]] = {}
    for state in drawn:
        for symbol, target in enumerate(automaton.next[state].tolist()):
            if target in drawn:
                symbols.setdefault((state, target), []).append(shown(tokens[symbol]))
    return {edge: " ".join(some[:FEW]) + (f" +{len(some) - FEW}" if len(some) > FEW else "")
            for edge, some in symbols.items()}


def _places(automaton: Automaton, drawn: Sequence[int], longest: int) -> dict[int, Point]:
    """Put states into columns by their distance from the start, and in each near those that lead to them."""
    distance = [len(word) for word in automaton.access()]
    columns: dict[int, list[int]] = {}
    for state in drawn:
        columns.setdefault(distance[state], []).append(state)
    step = min(WIDE, max(NARROW, 2 * RADIUS + 22 + LETTER * longest))
    most, rows = max(map(len, columns.values())), dict[int, float]()
    for _ in range(SWEEPS):
        for column, states in sorted(columns.items()):
            states.sort(key=lambda state: _middle(automaton, state, columns.get(column - 1, ()), rows))
            rows |= {state: (most - len(states)) / 2 + place for place, state in enumerate(states)}
    return {state: (float(MARGIN + step * column), float(MARGIN + ROW * rows[state]))
            for column, states in columns.items() for state in states}


def _middle(automaton: Automaton, state: int, before: Sequence[int], rows: dict[int, float]) -> float:
    """The mean row of the states before it that lead to a state."""
    leading = [rows[one] for one in before if one in rows and state in automaton.next[one]]
    return float(np.mean(leading)) if leading else rows.get(state, 0.0)


def _edges(labels: dict[tuple[int, int], str], places: dict[int, Point], colours: Palette) -> Iterator[str]:
    """Draw the edges: loops above, straight ones to the next column, and others bent around what lies between."""
    columns = sorted({x for x, _ in places.values()})
    step = columns[1] - columns[0] if len(columns) > 1 else NARROW
    for (state, target), label in labels.items():
        (x0, y0), (x1, y1) = places[state], places[target]
        if state == target:
            path, at = f"M{x0 - 7:.1f} {y0 - 11:.1f}C{x0 - 20:.1f} {y0 - 40:.1f} {x0 + 20:.1f} {y0 - 40:.1f} " \
                       f"{x0 + 7:.1f} {y0 - 12:.1f}", (x0, y0 - 31.0)
        else:
            length = float(np.hypot(x1 - x0, y1 - y0))
            straight = 0 < x1 - x0 < 1.5 * step and (target, state) not in labels
            bend = 0.0 if straight else BENT * length
            across = (y1 - y0) / length, -(x1 - x0) / length
            middle = (x0 + x1) / 2 + bend * across[0], (y0 + y1) / 2 + bend * across[1]
            begin, end = _towards((x0, y0), middle, RADIUS), _towards((x1, y1), middle, RADIUS + 2)
            path = f"M{begin[0]:.1f} {begin[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
            at = ((x0 + x1) / 4 + middle[0] / 2, (y0 + y1) / 4 + middle[1] / 2)
        yield (f'<path d="{path}" fill="none" {_stroke(colours.muted)} marker-end="url(#head)"/>'
               f'<text x="{at[0]:.1f}" y="{at[1] + 4:.1f}" fill="{colours.text}" stroke="{colours.background}" '
               f'stroke-width="4" paint-order="stroke">{escape(label)}</text>')


def _towards(point: Point, other: Point, far: float) -> Point:
    """The point that lies so far from one in the direction of another."""
    length = float(np.hypot(other[0] - point[0], other[1] - point[1])) or 1.0
    return point[0] + far * (other[0] - point[0]) / length, point[1] + far * (other[1] - point[1]) / length


def _stubs(automaton: Automaton, places: dict[int, Point], colours: Palette) -> Iterator[str]:
    """Draw dots behind states from which something leads to where nothing is drawn."""
    for state, (x, y) in places.items():
        targets = automaton.next[state]
        if any(target != -1 and target not in places for target in targets.tolist()):
            yield f'<text x="{x + RADIUS + 11:.1f}" y="{y - 8:.1f}" fill="{colours.muted}">…</text>'


def _node(automaton: Automaton, state: int, at: Point, colours: Palette, marked: bool) -> str:
    edge, thick = (colours.wrong, 3.0) if marked else (colours.text, 1.3)
    ring = (f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{RADIUS - 3.5}" fill="none" {_stroke(edge, 1.3)}/>'
            if automaton.ends[state] else "")
    return (f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{RADIUS:g}" fill="{colours.surface}" '
            f'{_stroke(edge, thick)}/>{ring}'
            f'<text x="{at[0]:.1f}" y="{at[1] + 4:.1f}" font-size="11" fill="{colours.text}">{state}</text>')


def _stroke(colour: str, width: float = 1.3) -> str:
    return f'stroke="{colour}" stroke-width="{width:g}"'
