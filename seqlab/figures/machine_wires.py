"""Cards and wires of a machine in pixels: wires run between rows and columns of cards and cross none of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seqlab.figures.machine_layout import GridCell, placed
from seqlab.reference.formulas.flow import MachinePart

WIDE, HIGH = 96.0, 52.0  # a card
LANE, EDGE = 7.0, 8.0  # between two wires side by side, and between a wire and a card
OUT = 28.0  # on the right, for what leaves
SPREAD = 16.0  # between two wires into the same side of a card

Point = tuple[float, float]


@dataclass(frozen=True)
class CardBox:
    """The rectangle of a part, by its upper left corner."""

    x: float
    y: float
    width: float = WIDE
    height: float = HIGH


@dataclass(frozen=True)
class Wire:
    """What leads from one part to another, or out of the picture where ``end`` is empty: the corners of its way."""

    start: str
    end: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class MachineDrawing:
    """A machine in pixels."""

    width: float
    height: float
    cards: Mapping[str, CardBox]
    wires: Sequence[Wire]


@dataclass(frozen=True)
class _Route:
    """A wire before its pixels: the side by which it leaves and enters, the channels between rows that it takes.

    Channel k lies above row k, the gutter k on the left of column k. No channel: a straight way.
    """

    start: str
    end: str
    leaves: str = "right"
    enters: str = "left"
    channels: tuple[int, ...] = ()
    gutter: int | None = None


@dataclass
class _Lanes:
    """Which wires run in a channel or a gutter: those of one part share a lane."""

    users: dict[int, list[str]] = field(default_factory=dict)

    def take(self, number: int, name: str) -> None:
        users = self.users.setdefault(number, [])
        if name not in users:
            users.append(name)

    def width(self, number: int) -> float:
        return 2 * EDGE + LANE * max(0, len(self.users.get(number, ())) - 1)

    def offset(self, number: int, name: str) -> float:
        return EDGE + LANE * self.users[number].index(name)


def drawing(parts: Sequence[MachinePart]) -> MachineDrawing:
    """Lay a machine out and lead its wires; what the layer carries on or gives leaves on the right."""
    cells = placed(parts)
    routes = [_route(part, name, cells, parts) for part in parts for name in part.reads]
    carried = {part.symbol for part in parts if part.name.endswith("before")} | {parts[-1].symbol}
    return _Plan(cells, routes, [part.name for part in parts if part.name in carried]).drawing()


def _route(part: MachinePart, read: str, cells: Mapping[str, GridCell], parts: Sequence[MachinePart]) -> _Route:
    start, end = cells[read], cells[part.name]
    between = {GridCell(column, end.row) for column in range(start.column + 1, end.column)}
    free = start.row == end.row and not between & set(cells.values())
    bus = start.column == 0 and part.kind == "map"  # boxes take what comes in from below
    if free and not bus:
        return _Route(read, part.name)
    if start.column == 0:
        return _Route(read, part.name, "right", "bottom", (end.row + 1,), 1)
    if start.row == end.row:
        return _Route(read, part.name, "top", "top", (end.row,))
    up = start.row > end.row
    between = {GridCell(end.column, row) for row in range(end.row + 1, start.row)}
    if up and start.column == end.column and not between & set(cells.values()):
        return _Route(read, part.name, "top", "bottom")
    channels = (start.row, end.row + 1) if up else (start.row + 1, end.row)
    direct = channels[0] == channels[1]
    return _Route(read, part.name, "top" if up else "bottom", "bottom" if up else "top",
                  channels[:1] if direct else channels, None if direct else end.column)


class _Plan:
    def __init__(self, cells: Mapping[str, GridCell], routes: Sequence[_Route], gives: Sequence[str]) -> None:
        self.cells = cells
        self.gives = gives
        self.routes = routes
        self.channels, self.gutters = _Lanes(), _Lanes()
        for route in sorted(routes, key=lambda route: cells[route.start].column):
            for channel in route.channels:
                self.channels.take(channel, route.start)
            if route.gutter is not None:
                self.gutters.take(route.gutter, route.start)
        self.columns = 1 + max(cell.column for cell in cells.values())
        self.rows = 1 + max(cell.row for cell in cells.values())

    def drawing(self) -> MachineDrawing:
        """All of it; the channels above and below and the gutter on the left have their room only where used."""
        cards = {name: CardBox(self.left(cell.column), self.above(cell.row)) for name, cell in self.cells.items()}
        wires = [Wire(route.start, route.end, tuple(self.points(route, cards))) for route in self.routes]
        width = self.left(self.columns - 1) + WIDE + OUT
        height = self.above(self.rows - 1) + HIGH + self.channels.width(self.rows)
        return MachineDrawing(width, height, cards, [*wires, *self.leaving(cards, width)])

    def leaving(self, cards: Mapping[str, CardBox], width: float) -> Iterator[Wire]:
        """Lead what goes on to the next time, or comes out of the layer, to the right edge, where the way is free."""
        for name in self.gives:
            card, cell = cards[name], self.cells[name]
            if all(other.row != cell.row or other.column <= cell.column for other in self.cells.values()):
                y = card.y + HIGH / 2
                yield Wire(name, "", ((card.x + WIDE, y), (width, y)))

    def left(self, column: int) -> float:
        """Where the cards of a column begin."""
        return sum((self.gutters.width(gutter) for gutter in range(1, column + 1)), EDGE) + WIDE * column

    def above(self, row: int) -> float:
        """Where the cards of a row begin."""
        return sum(self.channels.width(channel) for channel in range(row + 1)) + HIGH * row

    def points(self, route: _Route, cards: Mapping[str, CardBox]) -> Iterator[Point]:
        """Every corner of a wire's way."""
        (x, y), (to_x, to_y) = self.exit(route, cards), self.entry(route, cards)
        yield x, y
        if route.gutter is not None:
            across = self.left(route.gutter) - self.gutters.width(route.gutter) + self.gutters.offset(
                route.gutter, route.start)
            levels = [self.level(channel, route.start) for channel in route.channels]
            if route.leaves != "right":
                yield x, levels[0]
                y = levels[0]
            yield across, y
            yield across, levels[-1]
            yield to_x, levels[-1]
        elif route.channels:
            level = self.level(route.channels[0], route.start)
            yield x, level
            yield to_x, level
        yield to_x, to_y

    def level(self, channel: int, name: str) -> float:
        """How far down a part's lane in a channel lies."""
        return self.above(channel) - self.channels.width(channel) + self.channels.offset(channel, name)

    def exit(self, route: _Route, cards: Mapping[str, CardBox]) -> Point:
        """Where a wire leaves its card: in the middle of a side; below, beside what enters there."""
        card = cards[route.start]
        if route.leaves == "right":
            return card.x + WIDE, card.y + HIGH / 2
        if route.leaves == "top":
            return card.x + WIDE / 2, card.y
        entered = any((other.end, other.enters) == (route.start, "bottom") for other in self.routes)
        return card.x + WIDE / 2 + SPREAD * entered, card.y + HIGH

    def entry(self, route: _Route, cards: Mapping[str, CardBox]) -> Point:
        """Where it enters the other one: beside the others that enter there, and beside what leaves by that side."""
        card = cards[route.end]
        if route.enters == "left":
            return card.x, card.y + HIGH / 2
        beside = [other for other in self.routes if (other.end, other.enters) == (route.end, route.enters)]
        beside.sort(key=lambda other: -self.cells[other.start].column)
        above = route.enters == "top"
        straight = beside[0].channels == () and not above
        leaves = any((other.start, other.leaves) == (route.end, "top") for other in self.routes)
        aside = leaves if above else not straight
        x = card.x + WIDE / 2 - SPREAD * beside.index(route) - SPREAD / 2 * aside
        return x, card.y + (0.0 if above else HIGH)
