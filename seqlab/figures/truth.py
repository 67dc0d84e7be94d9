"""A string's true quantities and distributions beside those of a network, position by position.

Column t of every picture stands after t tokens have been read: the state then, and what it expects next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np
from jaxtyping import Float

from seqlab.data.vocabulary import BEGIN, END
from seqlab.figures.plot import Axis, Guide, Map, Number, Panel, Plot, Series, Ticks, steps
from seqlab.figures.stacked import cell
from seqlab.numerals import number

ROW, WIDE_ROW, FEW = 14, 20, 8  # pixels of a token's row, and those where there are few tokens
MOST_UNITS = 40  # rows of a state
SEEN = 0.01  # probability from which a token that cannot come has a row
_SPACE = "␣"


@dataclass(frozen=True)
class GrammarString:
    """A string with its tokens and the index at which it leaves the language (None: it is valid)."""

    tokens: tuple[str, ...]
    left: int | None

    @property
    def axis(self) -> Axis:
        """Time: below each column the token read last, and under it the one that comes."""
        read, comes = [BEGIN, *map(shown, self.tokens)], [*map(shown, self.tokens), END]
        ticks = tuple((t, f"{one}\n{other}") for t, (one, other) in enumerate(zip(read, comes, strict=True)))
        return Axis(-0.5, len(read) - 0.5, "above: the token read last · below: the one that comes", ticks)

    @property
    def rules(self) -> tuple[Guide, ...]:
        """Where the string leaves the language."""
        return () if self.left is None else (Guide("x", self.left, "wrong", "", 2, (4, 3)),)


def shown(token: str) -> str:
    """Write a token so that a space can be seen."""
    return _SPACE if token == " " else token


def quantity(string: GrammarString, name: str, true: Float[np.ndarray, " token"],
             read: Float[np.ndarray, " time"] | None, unit: Float[np.ndarray, " time"] | None, unit_name: str,
             span: tuple[Number, Number]) -> Plot:
    """Draw the true values of a quantity, a probe's reading of the state, and the unit that follows it best.

    ``true`` has a value after each token; ``read`` and ``unit``, which is brought to the quantity's scale, one at every
    column. ``span`` are the ends of its axis where it has no values.
    """
    t = np.arange(len(true) + 1)
    lines = [Series(t[1:], _gaps(true), "text", f"{name}: the truth", width=3.5, alpha=0.35),
             Series(t[1:], _gaps(true), "text", kind="dots", width=2.5)]
    if read is not None:
        lines.append(Series(t, read.round(3), "accent", "read off all units", width=2))
    if unit is not None:
        lines.append(Series(t, unit.round(3), "symbols.n", f"{unit_name} alone", width=1.5, dash=(5, 3)))
    known = true[np.isfinite(true)] if np.isfinite(true).any() else np.array(span)
    low, high = float(known.min()), float(known.max())
    high = high if high > low else low + 1
    room = 0.2 * (high - low)
    ticks: Ticks = tuple((value, f"{value:g}") for value in dict.fromkeys((low, high)))
    panel = Panel(_bare(string.axis), Axis(low - room, high + room, "", ticks),
                  f"{name} after each of {len(true)} tokens, and what is read off the network.", tuple(lines),
                  string.rules)
    return Plot("", (panel,), 150)


def state_map(string: GrammarString, states: Float[np.ndarray, "time unit"], order: Sequence[int], label: str,
              colours: str, span: tuple[Number, Number]) -> Plot:
    """Draw states as rows of units in an ``order``, the first ``MOST_UNITS`` of them."""
    order = order[:MOST_UNITS]
    values = states[:, list(order)].T.round(3)
    names: Ticks = tuple((row, str(unit)) for row, unit in enumerate(order[:1])) if len(order) else ()
    panel = Panel(_bare(string.axis), Axis(len(order) - 0.5, -0.5, "unit", names),
                  f"{label}: {len(order)} units after each of {len(string.tokens)} tokens.",
                  map=Map(values, *span, "diverging" if colours == "diverging" else "sequential"), rules=string.rules)
    return Plot("", (panel,), 70 + min(240, max(90, 6 * len(order))))


def expectations(string: GrammarString, tokens: Sequence[str], true: Float[np.ndarray, "time next"],
                 model: Float[np.ndarray, "time next"]) -> Plot:
    """Draw what may come next, and how probably: the truth above, the model below; the end is a token too.

    Rows are the tokens that can come somewhere in the string, or to which the model gives some probability.
    """
    rows = np.flatnonzero((true.max(0) > 0) | (model.max(0) >= SEEN))
    names = [*map(shown, tokens), END]
    ticks: Ticks = tuple((row, names[place]) for row, place in enumerate(rows))
    panels = tuple(Panel(_bare(string.axis), Axis(len(rows) - 0.5, -0.5, "", ticks),
                         f"{name} distribution of the next token at each of {len(true)} places.",
                         map=Map(p[:, rows].T.round(4), 0, 1, "sequential"), rules=string.rules, name=name)
                   for name, p in (("the truth", true), ("the model", model)))
    return Plot("", panels, 2 * ((WIDE_ROW if len(rows) <= FEW else ROW) * len(rows) + 48))


def divergences(string: GrammarString, nats: Float[np.ndarray, " time"]) -> Plot:
    """Draw KL(true ‖ model) at every position, under the string."""
    nats = nats[np.isfinite(nats)]  # behind the place where the string leaves the language nothing is true
    t, most = np.arange(len(nats)), float(np.max(nats, initial=0.02))
    top = 1.08 * most
    panel = Panel(string.axis, Axis(0, top, "", ((0, "0"), (most, f"{number(most, 2)}"))),
                  f"KL of the truth from the model at {len(nats)} places; the largest is {number(most)} nats.",
                  (Series(t, _gaps(nats), "wrong", kind="band", alpha=0.25),
                   Series(t, _gaps(nats), "wrong", "KL(truth ‖ model), nats", width=2)), string.rules)
    return Plot("", (panel,), 150)


def beyond(parts: Sequence[Mapping[str, Number]], at: str, trained: Number, label: str) -> Plot:
    """Draw how a network does by the length or the depth of strings, with the end of what it was trained on.

    ``at`` names what they are drawn over; where that is ``length``, the middle of ``low`` and ``high``.
    """
    x = np.array([(part["low"] + part["high"]) / 2 if at == "length" else part[at] for part in parts])
    kl, allowed = (np.array([part[name] for part in parts]) for name in ("kl", "allowed"))
    high = float(max(x.max(), trained)) * 1.03
    axis = Axis(float(min(x.min(), 0)) - 0.02 * high, high, label, steps(int(high) + 1), word=at)
    rule = Guide("x", trained, "muted", "trained up to here", 1.5, (4, 3), True)
    most, least = float(max(kl.max(), 0.01)), float(min(allowed.min(), 0.9))
    return Plot("", (
        Panel(axis, Axis(0, 1.1 * most, "", ((0, "0"), (most, number(most, 2)))), f"KL in nats per token by {label}.",
              (Series(x, kl, "wrong", "KL(truth ‖ model), nats per token", width=2),
               Series(x, kl, "wrong", kind="dots", width=3.5)), (rule,)),
        Panel(axis, Axis(least - 0.02, 1.02, "", ((least, f"{least:.0%}"), (1, "100%"))),
              f"Share of its probability on what can stand there by {label}.",
              (Series(x, allowed, "right", "probability on what is allowed", width=2, dash=(6, 3)),
               Series(x, allowed, "right", kind="dots", width=3.5)), (replace(rule, text=""),))), 340)


def marked(string: GrammarString, could: Sequence[str]) -> str:
    """Write a string with the first token that cannot stand there marked, and say what could; as HTML."""
    text = "".join(f"<span>{escape(shown(token)) if token.strip() else '&nbsp;'}</span>" for token in string.tokens)
    if string.left is None:
        return f'<p class="spelt">{text}</p><p class="verdict right">✓ in the language</p>'
    spelt = [f"<span{' class=wrong' if place == string.left else ''}>{escape(shown(token))}</span>"
             for place, token in enumerate(string.tokens)]
    if string.left == len(string.tokens):
        spelt.append(f"<span class=wrong>{END}</span>")
    problem = ("it ends too early" if string.left == len(string.tokens) else
               f"<b>{escape(shown(string.tokens[string.left]))}</b>, token {string.left + 1}, cannot stand there")
    listed = " ".join(f"<b>{escape(shown(token))}</b>" for token in could)
    return (f'<p class="spelt">{"".join(spelt)}</p><p class="verdict wrong">✗ leaves the language: {problem}. '
            f"Possible: {listed}</p>")


def probe_table(rows: Sequence[Mapping[str, str | float]], chosen: str) -> str:
    """Write the results of probes: R² of each quantity on held-out and on longer strings, of all units and of the best.

    A row has ``name``, ``unit`` (its name), ``r2``, ``r2_longer``, ``unit_r2`` and ``unit_r2_longer``; as HTML.
    """
    head = "".join(f"<th>{text}</th>" for text in ("held out", "longer", "best unit", "held out", "longer"))
    body = "".join(
        f'<tr{" class=chosen" if row["name"] == chosen else ""}><th scope=row>{escape(str(row["name"]))}</th>'
        f'{_cell(row["r2"], "all units, held out")}{_cell(row["r2_longer"], "all units, longer")}'
        f'{cell("best unit", escape(str(row["unit"])))}{_cell(row["unit_r2"], "alone, held out")}'
        f'{_cell(row["unit_r2_longer"], "alone, longer")}</tr>' for row in rows)
    return ('<table class="probes"><thead><tr><th></th><th colspan=2>all units</th><th></th><th colspan=2>that unit '
            f"alone</th></tr><tr><th>R² of</th>{head}</tr></thead><tbody>{body}</tbody></table>")


def _cell(value: str | float, head: str) -> str:
    number = float(value)
    text = "–" if np.isnan(number) else f"{number:.2f}" if number > -1 else "&lt; −1"
    share = 0 if np.isnan(number) else min(max(number, 0), 1)
    return cell(head, text.replace("-", "−"), f' style="--share:{share:.3f}"')


def _gaps(values: Float[np.ndarray, " time"]) -> Float[np.ndarray, " time"]:
    return values.round(4)


def _bare(axis: Axis) -> Axis:
    """The same axis without its texts: they stand under the last picture."""
    return Axis(axis.low, axis.high)
