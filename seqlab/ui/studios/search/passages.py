"""The passages that the Search page shows: where each unit is strongest, and a stretch of the text."""

from dataclasses import dataclass

import numpy as np

from seqlab import notation
from seqlab.figures.search import ColouredPassage, FollowingUnit, Search
from seqlab.reference.core import span
from seqlab.reference.selectivity import Selectivity, strongest
from seqlab.ui.shell.acting import names_of_units
from seqlab.ui.studios.search.rules import Rule, labels
from seqlab.ui.studios.search.states import ShownRows, TextStates

LISTED, PASSAGES = 10, 6  # units; passages of each
BEFORE, AFTER = 32, 18  # symbols of a passage around its strongest one
WORDS_BEFORE, WORDS_AFTER = 7, 6  # where they are words: a line has room for so many
SHOWN = 420  # symbols of the text
PROVED = 3  # passages
LEAD = 40  # symbols before the first place where the rule holds


@dataclass(frozen=True)
class ShownSearch:
    """What is drawn, the position of the text's first symbol, and the positions of each unit's passages."""

    search: Search
    text_first: int
    text_last: int
    positions: dict[int, list[int]]


def picture(states: TextStates, rule: Rule, result: Selectivity | None, chosen: int) -> ShownSearch:
    """Collect the passages of the best units and of the chosen one; raises Fault."""
    values, true = states.values(), labels(states, rule)
    order = result.order[:LISTED].tolist() if result is not None else []
    units = [*order, *([] if chosen in order else [chosen])]
    known = names_of_units(states.snapshot.run).get(states.quantity, {})
    positions: dict[int, list[int]] = {}
    listed = []
    for unit in units:
        sign = 1 if result is None else int(result.sign[unit])
        positions[unit] = strongest(values[unit], sign, PASSAGES, BEFORE)
        listed.append(FollowingUnit(unit, float("nan") if result is None else float(result.held_out[unit]), sign,
                                    known.get(unit, ""), [_passage(states, values, true, unit, place)
                                                          for place in positions[unit]]))
    first, last = _stretch(states, rule, true)
    symbol, core = notation.symbol(states.quantity), states.snapshot.run.core
    search = Search("" if result is None else rule.label, symbol.key,
                    "" if result is None else result.measure, span(core, states.quantity), symbol.colour,
                    states.searched.gap, listed, _text(states, values, true, units, first, last), chosen)
    return ShownSearch(search, first, last, positions)


def _passage(states: TextStates, values: np.ndarray, true: np.ndarray, unit: int, place: int) -> ColouredPassage:
    text = states.searched
    around = (WORDS_BEFORE, WORDS_AFTER) if text.level == "word" else (BEFORE, AFTER)
    first, last = text.around(place, *around)
    whole = text.around(place, len(text), len(text))
    return ColouredPassage(text.symbols[first:last], np.asarray(values[unit, first:last])[None], true[first:last],
                           place - first, (first > whole[0], last < whole[1]))


def _text(states: TextStates, values: np.ndarray, true: np.ndarray, units: list[int], first: int,
          last: int) -> ColouredPassage:
    text = states.searched
    breaks = [int(start) - first for start in text.starts if first < start < last]
    return ColouredPassage(text.symbols[first:last], np.asarray(values[units, first:last]), true[first:last],
                           cut=(first > 0, last < len(text)), breaks=breaks)


def _stretch(states: TextStates, rule: Rule, true: np.ndarray) -> tuple[int, int]:
    """The stretch of the text that is shown: around the mark, or from before the first place where the rule holds."""
    count = len(states.searched)
    if rule.mark is not None:
        middle = min(count, sum(rule.mark) // 2)
        first = middle - middle % (SHOWN // 2) - (SHOWN // 2 if middle % (SHOWN // 2) < SHOWN // 4 else 0)
    else:
        places = np.flatnonzero(np.nan_to_num(true) > 0)
        place = max(0, (int(places[0]) if len(places) else 0) - LEAD)
        first = place - place % (SHOWN // 2)
    first = max(0, min(first, count - SHOWN))
    return first, min(count, first + SHOWN)


def shown_rows(states: TextStates, drawn: ShownSearch, unit: int) -> ShownRows:
    """What the network reads to come to the text shown and to the strongest passages of a unit."""
    text = states.searched
    passages = [text.around(place, BEFORE, AFTER) for place in drawn.positions[unit][:PROVED]]
    rows = [row for passage in ((drawn.text_first, drawn.text_last), *passages) for row in text.reads(*passage)]
    return ShownRows(states.snapshot, states.quantity, tuple(tuple(row.tolist()) for row in rows))
