"""Pictures of the Reading page: a text coloured by surprise, loss against context, and what an embedding knows."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from jaxtyping import Bool, Float, Int

from seqlab.data.vocabulary import UNKNOWN
from seqlab.figures.film import pack
from seqlab.figures.order import clusters
from seqlab.figures.plot import Axis, Guide, Map, Panel, Plot, Series
from seqlab.figures.stacked import cell
from seqlab.reference.activations import softmax

TOP = 10  # symbols that a distribution shows
WORST = 8  # places that are listed
APART = 3  # characters between two places that are listed
VOWELS = "aeiou"
NAMES = {" ": "␣", "\n": "↵", "\t": "⇥", UNKNOWN: "unknown"}


def shown(symbol: str) -> str:
    """Write a symbol so that it can be seen: a space as ␣."""
    return "".join(NAMES.get(character, character) for character in symbol)


@dataclass(frozen=True)
class ScoredText:
    """A text with the network's predictions: its characters as people see them, and the logits for each.

    ``ids`` are those of the characters, ``scored`` says which of them were predicted at all; ``logits`` and
    ``surprise`` (nats) have a row for each of these, in order. ``symbols`` are those of the network's alphabet.
    """

    characters: Sequence[str]
    ids: Int[np.ndarray, " character"]
    scored: Bool[np.ndarray, " character"]
    logits: Float[np.ndarray, "scored vocab"]
    surprise: Float[np.ndarray, " scored"]
    symbols: Sequence[str]
    end: str = ""  # what stands for the end of a sentence

    @property
    def right(self) -> float:
        """Share of characters that were the most probable one."""
        return float(np.mean(self.logits.argmax(-1) == self.ids[self.scored]))

    def worst(self, count: int = WORST) -> list[int]:
        """Places of the most surprising characters, the worst first, none close to another."""
        chosen: list[int] = []
        places = np.flatnonzero(self.scored)
        for place in places[np.argsort(-self.surprise, kind="stable")].tolist():
            if all(abs(place - other) >= APART for other in chosen):
                chosen.append(place)
            if len(chosen) == count:
                break
        return chosen


def reading_bytes(text: ScoredText) -> bytes:
    """Pack a text, each character's surprise and its distribution, for ``ui.widgets.reading``.

    Arrays: ``ids`` uint16 and ``surprise`` float32 for each character (-1 where it was not predicted), ``rank`` uint16
    (0 is the most probable), and for the ``TOP`` likeliest symbols of each ``top`` uint16 and ``p`` float32.
    """
    size, keep = len(text.ids), min(TOP, len(text.symbols))
    spread, top = np.zeros((size, keep), np.float32), np.zeros((size, keep), np.uint16)
    surprise, rank = np.full(size, -1, np.float32), np.zeros(size, np.uint16)
    p = softmax(text.logits.astype(np.float64))
    order, targets = np.argsort(-p, axis=-1, kind="stable")[:, :keep], text.ids[text.scored]
    top[text.scored], spread[text.scored] = order, np.take_along_axis(p, order, -1)
    surprise[text.scored] = text.surprise
    rank[text.scored] = (p > np.take_along_axis(p, targets[:, None], -1)).sum(-1)
    header = {"characters": list(text.characters), "symbols": [shown(symbol) for symbol in text.symbols], "keep": keep,
              "worst": text.worst(), "end": text.end, "guess": float(np.log(len(text.symbols)))}
    arrays: dict[str, np.ndarray] = {"ids": text.ids.astype(np.uint16), "surprise": surprise, "rank": rank,
                                     "top": top, "p": spread}
    return pack(header, [({"name": name}, array) for name, array in arrays.items()])


def reading_csv(text: ScoredText) -> str:
    """Write each character, its probability, its surprise in nats, and what was expected instead."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(("character", "surprise", "probability", "expected", "its probability"))
    p, row = softmax(text.logits.astype(np.float64)), 0
    for character, scored in zip(text.characters, text.scored.tolist(), strict=True):
        if not scored:
            out.writerow((character, "", "", "", ""))
            continue
        best, surprise = int(p[row].argmax()), float(text.surprise[row])
        out.writerow((character, f"{surprise:.6g}", f"{np.exp(-surprise):.6g}", text.symbols[best],
                      f"{p[row, best]:.6g}"))
        row += 1
    return file.getvalue()


@dataclass(frozen=True)
class ContextCurve:
    """How the loss of a network depends on how much it could see: mean surprise in nats for each length of context."""

    name: str
    lengths: Int[np.ndarray, " length"]
    loss: Float[np.ndarray, " length"]
    trained: int  # characters of a window in training
    carried: bool | None  # None: it has no state

    def enough(self, share: float = 0.01) -> int | None:
        """The shortest context after which no longer one makes the perplexity smaller by ``share``; None: none yet."""
        best_later = np.minimum.accumulate(self.loss[::-1])[::-1]
        gain = 1 - np.exp(np.append(best_later[1:], np.inf) - self.loss)
        enough_at = np.flatnonzero(gain[:-1] < share)
        return int(self.lengths[enough_at[0]]) if enough_at.size else None

    @property
    def best(self) -> int:
        """Where it is smallest."""
        return int(self.lengths[self.loss.argmin()])


_COLOURS = ("symbols.h", "symbols.n")


def context_curves(curves_by_network: Sequence[ContextCurve], note: str) -> Plot:
    """Draw loss against the length of the context, a curve for each network, and what it was trained on."""
    low = min(float(np.floor(2 * one.loss.min())) / 2 for one in curves_by_network)
    high = max(float(np.ceil(2 * one.loss.max())) / 2 for one in curves_by_network)
    lengths = max((one.lengths for one in curves_by_network), key=len)
    doubled = tuple((int(length), str(length)) for length in lengths.tolist() if length & (length - 1) == 0)
    halves = tuple((k / 2, f"{k / 2:g}") for k in range(round(2 * low), round(2 * high) + 1))
    series: list[Series] = []
    rules: dict[int, list[str]] = {}
    for colour, one in zip(_COLOURS, curves_by_network, strict=False):
        series += [Series(one.lengths, one.loss, colour, one.name), Series(one.lengths, one.loss, colour, kind="dots",
                                                                           width=3)]
        if lengths[0] <= one.trained <= lengths[-1]:
            states = rules.setdefault(one.trained, [])
            states += [] if one.carried is None else ["carried on" if one.carried else "not carried"]
    panel = Panel(Axis(0.9, 1.1 * float(lengths[-1]), "characters that it could see", doubled, log=True,
                       word="context"),
                  Axis(low, high, "mean loss (nats)", halves),
                  "Mean loss against the number of characters of context.", tuple(series),
                  tuple(Guide("x", length, "muted", _windows(length, states), 1.5, (4, 3))
                        for length, states in rules.items()),
                  name=" ")
    return Plot("Loss by the length of the context", (panel,), 400, note)


def _windows(length: int, states: Sequence[str]) -> str:
    return ", ".join(filter(None, (f"windows of {length}", " and ".join(dict.fromkeys(states)))))


def likeness(cosine: Float[np.ndarray, "symbols symbols"], symbols: Sequence[str], title: str) -> Plot:
    """Draw which characters have similar rows: cosines from -1 to 1, in the order given."""
    size = len(symbols)
    ticks = tuple((float(place), shown(symbol)) for place, symbol in enumerate(symbols))
    bar = ((-1.0, "\u22121 opposite"), (0.0, "0"), (1.0, "1 alike"))
    panel = Panel(Axis(-0.5, size - 0.5, "", ticks), Axis(size - 0.5, -0.5, "", ticks),
                  "Cosine similarity of the rows of every two characters.",
                  map=Map(cosine.astype(np.float64).round(3), -1.0, 1.0, "diverging", scale=bar,
                          names=tuple(map(shown, symbols))))
    return Plot(title, (panel,), max(360, 15 * size + 110))


def alike(rows: Float[np.ndarray, "symbols width"]) -> Int[np.ndarray, " symbols"]:
    """Order symbols so that those with similar rows stand together."""
    return clusters(rows.T)


def vowels_first(symbols: Sequence[str]) -> Int[np.ndarray, " symbols"]:
    """Order symbols: vowels, other letters, all else."""
    def rank(symbol: str) -> int:
        return 0 if symbol.lower() in VOWELS else 1 if symbol.isalpha() else 2
    return np.array(sorted(range(len(symbols)), key=lambda place: (rank(symbols[place]), place)), dtype=np.int64)


def between(cosine: Float[np.ndarray, "symbols symbols"], symbols: Sequence[str]) -> tuple[float, float] | None:
    """Mean cosine of two different vowels, and of a vowel and a consonant; None where there are too few of either."""
    vowel = np.array([symbol.lower() in VOWELS for symbol in symbols])
    consonant = np.array([symbol.isalpha() and symbol.isascii() for symbol in symbols]) & ~vowel
    if vowel.sum() < 2 or not consonant.any():
        return None
    pairs = np.triu(np.outer(vowel, vowel), 1)
    return float(cosine[pairs].mean()), float(cosine[np.outer(vowel, consonant)].mean())


def sum_table(weights: Float[np.ndarray, " symbols"], chosen: int, symbols: Sequence[str]) -> str:
    """Write one number of the product of a one-hot code and a matrix as the sum that it is, with every term."""
    rows = []
    for place, (symbol, weight) in enumerate(zip(symbols, weights.tolist(), strict=True)):
        here = int(place == chosen)
        rows.append(f'<tr{" class=chosen" if here else ""}><th scope=row>{escape(shown(symbol))}</th><td>{here}</td>'
                    f"<td>× {_number(weight)}</td><td>= {_number(weight * here) if here else '0'}</td></tr>")
    total = _number(float(weights[chosen]))
    heads = "".join(f"<th scope=col>{head}</th>" for head in ("symbol", "one-hot", "column of W", "product"))
    return ('<div class="sum" role="group" tabindex="0" aria-label="The product, number by number"><table>'
            f"<thead><tr>{heads}</tr></thead>"
            f"<tbody>{''.join(rows)}</tbody><tfoot><tr><th scope=row colspan=3>sum</th><td>{total}</td></tr>"
            "</tfoot></table></div>")


def codes(product: Float[np.ndarray, " width"], row: Float[np.ndarray, " width"], place: int, title: str) -> Plot:
    """Lay the product of a one-hot code and W over the row of W: all their numbers, one of them marked."""
    unit = np.arange(len(row))
    most = max(0.5, float(np.ceil(2 * np.abs(row).max()) / 2))
    hop = max(1, 8 * (len(row) // 64)) if len(row) > 16 else 1
    ticks = tuple((float(k), str(k)) for k in range(0, len(row), hop))
    panel = Panel(Axis(-0.5, len(row) - 0.5, "number of the code", ticks, word="number"),
                  Axis(-most, most, "", ((-most, f"\u2212{most:g}"), (0.0, "0"), (most, f"{most:g}"))),
                  "The numbers of the product and of the row, one after another.",
                  (Series(unit, product, "muted", "one-hot × W", width=9, alpha=0.4),
                   Series(unit, row, "symbols.h", "row of W")),
                  (Guide("x", place, "accent", "", 1.5, (2, 3)),), name=" ")
    return Plot(title, (panel,), 300)


def _number(value: float) -> str:
    return f"{value:.4f}".replace("-", "\u2212")


def tallies(rows: Sequence[Mapping[str, str]], columns: Sequence[tuple[str, str]]) -> str:
    """Write a table of texts: for each the cells of its columns, given as pairs of a key and a head; as HTML."""
    head = "".join(f"<th>{escape(name)}</th>" for _, name in columns)
    body = "".join(f"<tr><th scope=row>{escape(row['name'])}<small>{escape(row['note'])}</small></th>" + "".join(
        cell(name, escape(row.get(key, ""))) for key, name in columns) + "</tr>"
        for row in rows)
    return f'<table class="tallies"><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>'
