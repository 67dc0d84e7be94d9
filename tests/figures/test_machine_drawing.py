"""The drawing of every core: nothing covers anything, and the memory runs along the top."""

from itertools import combinations, pairwise

import pytest

from seqlab.figures.machine_layout import carried
from seqlab.figures.machine_wires import CardBox, drawing
from seqlab.reference.core import cores
from seqlab.reference.formulas.flow import MachinePart, machine


def parts_of(name: str) -> tuple[MachinePart, ...]:
    return machine([line for line in cores()[name].lines() if line.place == "layer"])


def covers(card: CardBox, box: tuple[float, float, float, float]) -> bool:
    """Whether a box reaches into a card."""
    left, top, right, bottom = box
    return (left < card.x + card.width and right > card.x and top < card.y + card.height and bottom > card.y)


@pytest.mark.parametrize("name", cores())
def test_no_card_and_no_wire_covers_a_card(name: str) -> None:
    parts, picture = parts_of(name), drawing(parts_of(name))
    assert set(picture.cards) == {part.name for part in parts}
    for one, other in combinations(picture.cards.values(), 2):
        assert not covers(one, (other.x, other.y, other.x + other.width, other.y + other.height))
    read = {(wire.start, wire.end) for wire in picture.wires if wire.end}
    assert read == {(name, part.name) for part in parts for name in part.reads}
    for wire in picture.wires:
        for (x, y), (to_x, to_y) in pairwise(wire.points):
            assert x == to_x or y == to_y, "wires have right angles"
            assert 0 <= min(x, to_x) <= max(x, to_x) <= picture.width
            assert 0 <= min(y, to_y) <= max(y, to_y) <= picture.height
            for part, card in picture.cards.items():
                assert not covers(card, (min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))), (wire, part)


@pytest.mark.parametrize(("name", "way"), [
    ("lstm", ("c before", "c:0", "c")), ("gru", ("h before", "h:2", "h")), ("mgu", ("h before", "h:1", "h")),
    ("transformer", ("h below", "mid", "h")), ("rnn_tanh", ())])
def test_what_is_carried_runs_along_the_top(name: str, way: tuple[str, ...]) -> None:
    picture = drawing(parts_of(name))
    assert carried(parts_of(name)) == way
    assert {picture.cards[part].y for part in way} <= {min(card.y for card in picture.cards.values())}
