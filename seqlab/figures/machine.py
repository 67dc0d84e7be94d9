"""A layer as a machine, packed for the browser as a film is (``figures.film``): its drawing and the numbers in it.

The arrays are int16 ``time unit``, one for each part of the machine, over the range that its header says, and first the
order in which the layer's units stand in its strips (uint16).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.figures.film import PackedArray, pack, quantise
from seqlab.figures.machine_wires import drawing
from seqlab.figures.order import strongest
from seqlab.figures.snippet import python
from seqlab.figures.stepper_tables import symbol_text
from seqlab.reference.core import Core, span
from seqlab.reference.formulas.flow import MachinePart, machine
from seqlab.reference.formulas.operands import Quantity
from seqlab.reference.formulas.spot import Pass, Spot

MOST_NUMBERS = 600_000  # of one picture; longer inputs are shown up to where they fit
UNIT_AXES = {"hidden": "unit", "feature": "unit", "key": "position", "input": "entry"}

MachineNumbers = dict[str, Float[np.ndarray, "time units"]]


@dataclass(frozen=True)
class LayerMachine:
    """One layer of a core, and of its heads the one whose scores are shown."""

    core: Core
    layer: int = 0
    head: int = 0

    @property
    def parts(self) -> tuple[MachinePart, ...]:
        """What it is made of, in the order of computation."""
        return machine([line for line in self.core.lines() if line.place == "layer"])

    def spot(self, run: Pass, time: int) -> Spot:
        """Where its numbers are at a time; keys and values are those of the same position."""
        return Spot(self.layer, time, self.head * run.features, time)

    def numbers(self, run: Pass) -> MachineNumbers:
        """Everything that flows in it at every time, by part: exactly what is drawn."""
        times = range(len(run.ids))
        return {part.name: np.stack([part.numbers(run, self.spot(run, time)) for time in times])
                for part in self.parts}


def machine_picture(shown: LayerMachine, run: Pass, numbers: MachineNumbers, *, letters: Sequence[str],
                    predicted: Sequence[str], target: Sequence[str], key: str) -> bytes:
    """Pack the machine with all its numbers, up to the time where they are ``MOST_NUMBERS``.

    ``letters`` are what it reads, ``predicted`` what the network says after each, ``target`` what is right. ``key``
    tells one place on a page from another.
    """
    parts, spot = shown.parts, shown.spot(run, 0)
    width = sum(array.shape[1] for array in numbers.values())
    times = min(len(letters), max(1, MOST_NUMBERS // width))
    picture = drawing(parts)
    lines = [{"symbol": line.symbol, "text": symbol_text(notation.SYMBOLS[line.symbol].latex),
              "name": notation.SYMBOLS[line.symbol].name, "code": f"{line.symbol} = {python(line.formula, spot)}"}
             for line in shown.core.lines() if line.place == "layer"]
    header: dict[str, object] = {
        "key": key, "model": shown.core.label, "layer": shown.layer, "head": shown.head, "heads": shown.core.heads,
        "times": times, "all": len(letters), "letters": list(letters[:times]), "predicted": list(predicted[:times]),
        "target": list(target[:times]), "units": run.trace["h.0"].shape[-1], "lines": lines, "width": picture.width,
        "height": picture.height, "wires": [asdict(wire) for wire in picture.wires]}
    order = strongest(run.trace[f"h.{shown.layer}"][0]).astype(np.uint16)
    return pack(header, [({"kind": "order"}, order), *(
        _part(part, shown, run, numbers[part.name][:times], asdict(picture.cards[part.name])) for part in parts)])


def _part(part: MachinePart, shown: LayerMachine, run: Pass, values: Float[np.ndarray, "time units"],
          card: dict[str, float]) -> PackedArray:
    symbol, spot = _symbol(part, shown, run), shown.spot(run, 0)
    limits = _limits(part, shown, run)
    finite = np.isfinite(values)
    low, high = float(values[finite].min(initial=limits[0])), float(values[finite].max(initial=limits[1]))
    text = "" if symbol is None else symbol_text(symbol.latex)
    about: dict[str, object] = {
        "name": part.name, "kind": part.kind, "label": part.label, "line": part.line, "gate": part.gate,
        "key": "" if symbol is None else symbol.key, "text": _before(text) if part.name.endswith("before") else text,
        "title": python(part.node, spot) if symbol is None else symbol.name,
        "meaning": "" if symbol is None else symbol.meaning, "card": card, "axis": _axis(symbol, run, values),
        "units": values.shape[1], "span": limits, "range": (low, high),
        "colour": "sequential" if limits[0] >= 0 else "diverging"}
    return about, quantise(values, low, high)


def _before(text: str) -> str:
    return text.replace("ₜ", "ₜ₋₁")


def _axis(symbol: notation.Symbol | None, run: Pass, values: Float[np.ndarray, "time units"]) -> str:
    """What its units are counted by: the layer's units, positions, the entries of the input, or something wider."""
    axes = ("hidden",) if symbol is None else symbol.axes
    if axes[-1] == "hidden" or ("head" in axes and axes[-1] == "feature"):
        return "unit" if values.shape[1] == run.trace["h.0"].shape[-1] else "other"
    return UNIT_AXES.get(axes[-1], "other")


def _symbol(part: MachinePart, shown: LayerMachine, run: Pass) -> notation.Symbol | None:
    """The symbol of what it gives; that of what comes in from below is the lower layer's, or the input's."""
    if isinstance(part.node, Quantity):
        name = part.node.name(run, shown.spot(run, 0))
        return notation.symbol(name)
    return notation.SYMBOLS[part.symbol] if part.symbol else None


def _limits(part: MachinePart, shown: LayerMachine, run: Pass) -> tuple[float, float]:
    """Fixed ends of its colours: a symbol's, those of what a gate lets through, else those of its line's symbol."""
    symbol = _symbol(part, shown, run)
    if symbol is not None:
        return span(shown.core, symbol.key)
    known = {other.name: other for other in shown.parts}
    if part.kind == "minus" or part.label == "tanh":
        return (0.0, 1.0) if part.kind == "minus" else (-1.0, 1.0)
    through = [known[name] for name in part.reads if name != part.gate]
    return _limits(through[0], shown, run) if part.gate else span(shown.core, part.line)
