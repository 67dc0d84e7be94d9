"""A pass with changes: they are checked against the network first, and what patches take is computed beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from seqlab import notation
from seqlab.errors import Fault
from seqlab.reference.core import Core
from seqlab.reference.edit import UNCHANGED, Editable, Edits
from seqlab.reference.intervention import CODES, Applied, Intervention, unit_axis
from seqlab.reference.network import CONDITION, CONDITION_FIRST, SYMBOL, network
from seqlab.reference.pooling import Pooling
from seqlab.reference.weights import Weights
from seqlab.trace import Trace

Changes = tuple[Intervention, ...]
MOST = 50  # changes at once
_UNITS = {"hidden": "unit", "head": "attention head", "input": "input", "vocab": "answer"}


@dataclass(frozen=True)
class Sites:
    """Where a network can be changed: how many units each quantity has, and which of them are states."""

    units: Mapping[str, int]
    states: tuple[str, ...]

    @classmethod
    def of(cls, core: Core, weights: Weights, pooling: Pooling = "none") -> "Sites":
        """Read it off the pass of one symbol; what the probabilities are is the answer and not among them."""
        conditioned = any(name in weights for name in (CONDITION_FIRST, CONDITION))
        trace = network(core, np.zeros((1, 1), np.int64), weights, pooling=pooling,
                        condition=np.zeros(1, np.int64) if conditioned else None)
        return cls.of_trace(core, len(weights[SYMBOL]), trace)

    @classmethod
    def of_trace(cls, core: Core, symbols: int, trace: Mapping[str, Editable]) -> "Sites":
        """Read it off any pass, by whichever program; ``symbols`` is how many have a code."""
        units = {name: trace[name].shape[unit_axis(name)] for name in trace if name != "p"}
        states = tuple(name for name in units if notation.symbol(name).key in core.state)
        return cls({CODES: symbols, **units}, states)

    def require(self, changes: Changes, time: int | None) -> None:
        """Raise Fault for a change of what is not there; ``time`` is the input's length, None: it is not known yet."""
        if len(changes) > MOST:
            raise Fault(f"At most {MOST} changes can be made at once, not {len(changes)}; remove some.")
        for change in changes:
            self.require_units(change)
            for t in change.times or ():
                self._require_time(change, t, time)
            if change.source and time is None:
                raise Fault("Nothing can be taken from another input while text is drawn; set, scale or add instead.")
            if change.source and len(change.source) != time:
                raise Fault(f"The other input must be as long as this one, {time} symbols, not {len(change.source)}.")
            if change.source and not 0 <= min(change.source) <= max(change.source) < self.units[CODES]:
                raise Fault("The other input has symbols that this network does not know; type it again.")

    def require_units(self, change: Intervention) -> None:
        """Raise Fault for a quantity or a unit that is not there."""
        name = change.quantity
        if name not in self.units:
            called = f"{notation.symbol(name).name} " if notation.known(name) else ""
            raise Fault(f"This network has no {called}{name[:40]!r} to change; it has {self._listed()}.")
        kind = "symbol" if name == CODES else _UNITS[notation.symbol(name).axes[unit_axis(name)]]
        layer = None if name == CODES else notation.layer(name)
        for unit in change.units or ():
            if not 0 <= unit < self.units[name]:
                where, last = "" if layer is None else f" in layer {layer}", self.units[name] - 1
                raise Fault(f"This network has no {kind} {unit}{where} to change; they are 0 to {last}.")

    def _listed(self) -> str:
        keys = dict.fromkeys(CODES if name == CODES else name.partition(".")[0] for name in self.units)
        layers = [notation.layer(name) or 0 for name in self.units if name != CODES]
        return f"{', '.join(keys)}, in layers 0 to {max(layers)}" if any(layers) else ", ".join(self.units)

    def _require_time(self, change: Intervention, t: int, time: int | None) -> None:
        if t == -1 and change.quantity not in self.states:
            raise Fault(f"Only a state has a value before the first symbol, and {change.quantity} is none here.")
        if time is None and t != -1:
            raise Fault("While text is drawn a change holds at every time; leave its times out.")
        if t < -1 or (time is not None and t >= time):
            raise Fault(f"There is no time {t} in this input to change; it has {time} symbols.")


def without_heads(heads: Sequence[tuple[int, int]]) -> Changes:
    """Switch attention heads off, each a pair of a layer and a head: what they give is 0."""
    return tuple(Intervention(f"heads.{layer}", units=(head,)) for layer, head in heads)


def off_in(changes: Changes) -> tuple[tuple[int, int], ...]:
    """Name the heads, as pairs of a layer and a head, that changes switch off at all times."""
    return tuple((int(change.quantity.partition(".")[2]), head) for change in changes
                 if change == Intervention(change.quantity, units=change.units) and change.quantity.startswith("heads.")
                 for head in change.units or ())


def applied(sites: Sites, changes: Changes, time: int,
            trace: Callable[[tuple[int, ...]], Mapping[str, Editable]]) -> Edits:
    """Check changes and make them ready for a pass; ``trace`` runs the network unchanged on ids. Raises Fault."""
    sites.require(changes, time)
    return Applied(changes, {source: trace(source) for source in {change.source for change in changes} if source})


def applied_while_drawing(core: Core, weights: Weights, changes: Changes) -> Edits:
    """Check changes of a pass whose length is not known yet and make them ready for its stream. Raises Fault."""
    if not changes:
        return UNCHANGED
    Sites.of(core, weights).require(changes, None)
    return Applied(changes)


def changed(core: Core, ids: Int[np.ndarray, "batch time"], weights: Weights, changes: Changes, *,
            condition: Int[np.ndarray, " batch"] | None = None, pooling: Pooling = "none") -> Trace:
    """Run a whole network while some of its quantities are changed; without changes it is ``network``.

    What a patch takes comes from a pass with the first sequence's condition. Raises Fault for what is not there.
    Agrees with torch to 1e-12 in float64 (tests/test_interventions.py).
    """
    def unchanged(given: tuple[int, ...]) -> Trace:
        first = None if condition is None else condition[:1]
        return network(core, np.array([given]), weights, condition=first, pooling=pooling)

    edits = applied(Sites.of(core, weights, pooling), changes, ids.shape[1], unchanged) if changes else UNCHANGED
    return network(core, ids, weights, condition=condition, pooling=pooling, edits=edits)
