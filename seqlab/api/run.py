"""A run as notebooks and scripts use it: everything the pages show of it, as arrays and pictures."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int

from seqlab.agreement import compare
from seqlab.api.agreement import Agreements
from seqlab.api.program import Program
from seqlab.api.shown import Shown
from seqlab.errors import Fault
from seqlab.reference import backward
from seqlab.reference.change_text import changes_of, write
from seqlab.reference.changed import Changes, Sites, changed, without_heads
from seqlab.reference.intervention import Intervention
from seqlab.reference.sampling import Choice, sample, uniforms
from seqlab.trace import Trace
from seqlab.training import run as folder
from seqlab.training import sampling
from seqlab.training.inputs import Given, condition_of, ids_of, text_of

if TYPE_CHECKING:
    import plotly.graph_objects as go

PRECISIONS = "float32", "float64"


@dataclass(frozen=True)
class LossGradients:
    """A loss in nats, and its derivative by every weight, and by every quantity of the pass."""

    loss: float
    weights: dict[str, np.ndarray]
    trace: Trace


class Run(folder.Run):
    """A run, and what one can ask of it; ``seqlab.open`` gives one.

    Where something is changed (``changed``, ``without``), it is so in every pass. ``program`` is the owner's own
    network, where it was given as a live module: ``agreement`` asks it too.
    """

    def __init__(self, path: Path, *, changes: Changes = (), program: Program | None = None) -> None:
        super().__init__(path)
        self.changes = changes
        self.program = program

    def __repr__(self) -> str:
        return f"Run({', '.join([repr(self.id), *map(write, self.changes)])})"

    def _repr_html_(self) -> str:
        config, status = self.config, self.status
        rows = {"name": self.name, "task": config.task_spec.label, "model": self.core.label,
                "hidden units": config.network.hidden, "layers": config.network.layers,
                "symbols": " ".join(list(self.symbols)[:40]), "state": f"{status.state}, step {status.step:,}"}
        cells = "".join(f"<tr><th style='text-align:left'>{name}</th><td style='text-align:left'>{escape(str(value))}"
                        "</td></tr>" for name, value in rows.items())
        return f"<table><caption>{escape(repr(self))}</caption>{cells}</table>"

    def ids(self, given: Given) -> Int[np.ndarray, "batch time"]:
        """Write a text, symbols or ids as the ids that the network reads, as ``trace`` does.

        >>> import seqlab
        >>> seqlab.open("hello-gru").ids("hello")
        array([[1, 0, 2, 2, 3]])
        """
        return ids_of(self, given)

    def trace(self, given: Given, *, condition: int | None = None, step: int | None = None,
              dtype: str = "float32", changes: str | Intervention | Iterable[str | Intervention] = ()) -> Trace:
        """Run one pass in NumPy and return every quantity of it, by name.

        ``given`` is a text, a list of symbols, or ids (``time`` or ``batch time``); ``condition`` what the network is
        given beside them, such as a delay; ``step`` a snapshot (None: the newest); ``changes`` are made while it
        runs, in this one pass (``changed``).

        >>> import seqlab
        >>> trace = seqlab.open("text-gru").trace("the time ")
        >>> list(trace)
        ['x', 'r.0', 'z.0', 'q.0', 'n.0', 'h.0', 'logits', 'p']
        >>> trace["z.0"].shape  # batch time hidden
        (1, 9, 384)
        """
        run = self.changed(changes) if changes else self
        return run._pass(ids_of(self, given), condition_of(self, condition), step, dtype)

    def agreement(self, given: Given, *, condition: int | None = None, step: int | None = None) -> Agreements:
        """Compare NumPy's pass with torch, in both precisions, and with the module that was given; all quantities.

        >>> import seqlab
        >>> agreement = seqlab.open("echo-variable-transformer").agreement("seq·", condition=2)
        >>> agreement.holds, agreement["torch, float64"].largest < 1e-12
        (True, True)
        """
        from seqlab.lenses.proof import in_precisions

        ids, read = ids_of(self, given), condition_of(self, condition)
        step = self.newest if step is None else step
        torch = in_precisions(str(self.path), [step], ids, read, PRECISIONS, self.changes)
        numpy = {dtype: self._pass(ids, read, step, dtype) for dtype in PRECISIONS}
        compared = {f"torch, {dtype}": compare(numpy[dtype], torch[dtype][0]) for dtype in PRECISIONS}
        if self.program is not None and not self.changes:
            own = self.program(ids, read)
            logits = numpy[str(own.dtype)]["logits"]
            compared["your module"] = compare({"logits": logits if own.ndim == 3 else logits[:, -1:]},
                                              {"logits": own if own.ndim == 3 else own[:, None]})
        return Agreements(compared)

    def gradients(self, given: Given, targets: Given | None = None, *, condition: int | None = None,
                  step: int | None = None) -> LossGradients:
        """Go back from the loss to every weight and every quantity, in NumPy and float64.

        Without ``targets`` each symbol's target is the one that follows; else they are ids of classes, one for each
        time.

        >>> import seqlab
        >>> gradients = seqlab.open("text-gru").gradients("the time ")
        >>> gradients.weights["core.weight_hh_l0"].shape, gradients.trace["h.0"].shape
        ((1152, 384), (1, 8, 384))
        """
        ids, read = ids_of(self, given), condition_of(self, condition)
        if targets is None:
            ids, right = self._next(ids)
        else:
            right = self._right(targets, ids)
        if self.changes:
            raise Fault("Gradients are those of the network as it was trained; ask the run without its changes.")
        config = self.config
        loss, weights, trace = backward.gradients(self.core, ids, right, None, self.weights(step, "float64"), read,
                                                  config.reduction, config.network.pooling)
        return LossGradients(loss, weights, trace)

    def sample(self, count: int = 200, prompt: str = "", *, temperature: float = 1.0, top_k: int = 0,
               top_p: float = 1.0, seed: int = 0, step: int | None = None) -> str:
        """Draw a text of ``count`` symbols that goes on from a prompt, without the prompt itself.

        One seed gives one text. A network that begins its texts by no mark goes on from a space, or from its first
        symbol, where no prompt is given.

        >>> import seqlab
        >>> len(seqlab.open("text-gru").sample(60, "the time ", temperature=0.7))
        60
        """
        options = sampling.options(self)
        prompt_ids = ids_of(self, prompt)[0] if prompt else np.array([], np.int64)
        if options["start"]:
            prompt_ids = prompt_ids[1:]  # the mark comes from the options
        elif not prompt:
            known = sampling.alphabet(self)
            first = next(place for place in range(len(known)) if place not in known.masked)
            prompt_ids = np.array([known.places.get(" ", first)])
        result = sample(self.core, self.weights(step, "float64"), prompt_ids, [Choice(temperature, 1.0, top_k, top_p)],
                        uniforms(seed, count), **options, changes=self.changes)
        drawn = result.ids[0, :result.lengths[0]]
        return text_of(self, drawn[drawn != (-1 if options["end"] is None else options["end"])])

    def changed(self, changes: str | Intervention | Iterable[str | Intervention]) -> "Run":
        """Change quantities while the network runs, and give that network: as text or as ``Intervention``.

        ``h.0[5]=0`` sets unit 5 of h in layer 0 to 0, ``z.0@3-6*0.5`` halves z at t = 3 to 6, ``h.0@-1+1`` adds 1 to
        the initial state, ``h.0<4,0,1`` takes h from where the network reads the ids 4 0 1. What is changed already
        stays so. Raises Fault for what is not there.

        >>> import seqlab
        >>> run = seqlab.open("text-gru").changed("z.0[3]=1")
        >>> float(run.trace("the ")["z.0"][0, 2, 3])
        1.0
        """
        added = tuple(change for change in changes_of(changes) if change not in self.changes)
        sites = Sites.of(self.core, self.weights(), self.config.network.pooling)
        for change in added:
            sites.require_units(change)
        return Run(self.path, changes=(*self.changes, *added), program=self.program)

    def without(self, head: tuple[int, int] | None = None, unit: tuple[int, int] | int | None = None) -> "Run":
        """Switch off an attention head ``(layer, head)`` or a unit ``(layer, unit)`` and give that network.

        What the head gives, or the unit of the hidden state, is 0 at all times. A unit alone is one of layer 0. What is
        off already stays off.

        >>> import seqlab
        >>> run = seqlab.open("text-transformer")
        >>> run.without(head=(1, 2)).without(head=(0, 0))
        Run('text-transformer', heads.1[2]=0, heads.0[0]=0)
        """
        layer, number = (0, unit) if isinstance(unit, int) else unit or (0, None)
        units = () if number is None else (Intervention(f"h.{layer}", units=(number,)),)
        return self.changed((*(() if head is None else without_heads([head])), *units))

    def figure(self, name: str, given: Given, *, condition: int | None = None, step: int | None = None,
               dark: bool = False) -> "go.Figure":
        """Draw a quantity of one pass: ``h`` in every layer, ``h.0`` in one, ``attention`` head by head.

        >>> import seqlab
        >>> seqlab.open("text-gru").figure("h", "the time ").data[0].z.shape  # unit time
        (384, 9)
        """
        from seqlab.figures.quantity import quantity

        ids = ids_of(self, given)
        trace = self._pass(ids, condition_of(self, condition), step, "float32")
        return quantity(name, trace, self.core, [self.symbols[place] for place in ids[0]], self.classes, dark=dark)

    def show(self, given: Given | None = None, *, condition: int | None = None, step: int | None = None,
             height: int = 900) -> Shown:
        """Show the explorer itself in a notebook's cell, with the badge of what was proved now.

        >>> import seqlab
        >>> seqlab.open("text-gru").show("the time ")
        Shown(text-gru: a notebook draws it; .save("view.html") writes it)
        """
        from seqlab.export.html import explorer_html

        document = explorer_html(self, given, condition=condition, step=step, changes=self.changes)
        return Shown(self.id, document, height)

    def _pass(self, ids: np.ndarray, condition: np.ndarray | None, step: int | None, dtype: str) -> Trace:
        if condition is not None:
            condition = np.broadcast_to(condition, len(ids))
        return changed(self.core, ids, self.weights(step, dtype), self.changes, condition=condition,
                       pooling=self.config.network.pooling)

    def _next(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not self.predicts_next:
            raise Fault("This network does not predict its own next input, so say what is right: add targets=.")
        if ids.shape[1] < 2:
            raise Fault("A loss needs at least two symbols: one that is read, and the next one.")
        return ids[:, :-1], ids[:, 1:]

    def _right(self, targets: Given, ids: np.ndarray) -> np.ndarray:
        classes = {name: place for place, name in enumerate(self.classes)}
        try:
            right = np.atleast_2d([classes[part] if isinstance(part, str) else int(part) for part in targets])
        except (KeyError, TypeError, ValueError):
            raise Fault(f"The targets must be among {' '.join(list(classes)[:12])}, or their numbers.") from None
        if right.shape != ids.shape:
            raise Fault(f"There must be a target for each of the {ids.size} symbols, not {right.size} of them.")
        if right.min() < 0 or right.max() >= len(classes):
            raise Fault(f"The targets must be from 0 to {len(classes) - 1}.")
        return right
