"""Pictures of what the exercises measured: loss against context, influence of the past, curves, gradient norms."""

from collections.abc import Mapping, Sequence

import numpy as np

from seqlab.figures.plot import Axis, Guide, Panel, Plot, Series, Ticks, powers

Curve = tuple[Sequence[float], Sequence[float]]
HEIGHT = 330
BEGINNING = 6  # times the step of a divergence
LOWEST, HIGHEST = 5.0, 15.0  # perplexities on an axis; nothing known is 28
_COLOURS = ("symbols.h", "symbols.n", "symbols.r", "symbols.z", "symbols.o", "symbols.i")
_DASHES: tuple[tuple[int, ...], ...] = ((), (6, 3))


def by_context(lines: Mapping[str, Curve], title: str, dashed: Sequence[str] = ()) -> Plot:
    """Draw loss in nats against the number of characters that were read before; names in ``dashed`` have a dash."""
    ends = [value for _, ys in lines.values() for value in ys]
    low, high = np.floor(10 * min(ends)) / 10, np.ceil(10 * max(ends)) / 10
    rows = tuple((float(value), f"{value:.1f}") for value in np.linspace(low, high, 5))
    plain = [name for name in lines if name not in dashed]
    series = tuple(part for name, curve in lines.items() for part in _dotted(
        name, curve, _COLOURS[(list(dashed).index(name) if name in dashed else plain.index(name)) % len(_COLOURS)],
        _DASHES[name in dashed]))
    return Plot(title, (Panel(_contexts(lines), Axis(low, high, "nats", rows),
                              f"Loss against context for {', '.join(lines)}.", series),), HEIGHT)


def influence(curve: Curve, window: float) -> Plot:
    """Draw how far the prediction moves by a character so many places back, on a logarithmic axis."""
    panel = Panel(_contexts({"": curve}), Axis(1e-16, 1.0, "shift of p", powers(-16, 0, 4), log=True, gaps=True),
                  f"Shift of the prediction by a character 1 to {curve[0][-1]:.0f} places back.",
                  _dotted("shift", curve, "symbols.h", ()), (Guide("x", window, "accent", "window of the training",
                                                                   dash=(5, 4), upright=True),))
    return Plot("What another character moves", (panel,), HEIGHT)


def perplexities(lines: Mapping[str, Curve], published: Mapping[str, float]) -> Plot:
    """Draw validation perplexity over the steps, between fixed ends, with published figures as lines across."""
    last = max(xs[-1] for xs, _ in lines.values() if xs)
    rules = tuple(Guide("y", value, "muted", "", dash=(2, 3)) for value in published.values())
    series = tuple(Series(np.array(xs), np.array(ys), colour, name)
                   for colour, (name, (xs, ys)) in zip(_COLOURS, lines.items(), strict=False))
    note = " · ".join(f"{name} {value:g}" for name, value in published.items())
    panel = Panel(Axis(0, last, "training step", _even(last), word="step"),
                  Axis(LOWEST, HIGHEST, "perplexity", tuple((float(y), f"{y}") for y in range(5, 16, 2))),
                  f"Validation perplexity of {', '.join(lines)}.", series, rules)
    return Plot("Validation perplexity", (panel,), HEIGHT, note)


def norms(lines: Mapping[str, Curve], clip: float, ends: Mapping[str, float]) -> Plot:
    """Draw the gradient's norm before clipping, on a logarithmic axis; ``ends`` are steps where runs diverged.

    Where one did, only the beginning is drawn.
    """
    xs = [value for part, _ in lines.values() for value in part]
    ys = [value for _, part in lines.values() for value in part if value > 0]
    low, high = int(np.floor(np.log10(min(ys, default=0.1)))), int(np.ceil(np.log10(max([*ys, 1.5 * clip]))))
    rules = (Guide("y", clip, "muted", "", dash=(2, 3)),
             *(Guide("x", step, "wrong", f"diverges at step {step:.0f}", upright=True) for step in ends.values()))
    # The first one is broad, so that it is seen where another lies on it.
    series = tuple(Series(np.array(x), np.array(y), colour, name, width=2 if place else 5, alpha=1 if place else 0.6)
                   for place, (colour, (name, (x, y))) in enumerate(zip(_COLOURS, lines.items(), strict=False)))
    last = BEGINNING * max(ends.values()) if ends else max(xs)
    endings = "".join(f" {name} diverges at step {step:.0f}." for name, step in ends.items())
    panel = Panel(Axis(0, last, "training step", _even(last), word="step"),
                  Axis(10.0 ** low, 10.0 ** high, "norm", powers(low, high, max(1, (high - low) // 4)), log=True),
                  f"Norm of the gradient for {', '.join(lines)}.{endings}", series, rules)
    return Plot("Norm of the gradient before clipping", (panel,), HEIGHT, f"dotted: clipped to {clip:g}")


def losses(curve: Curve, marks: Mapping[str, float]) -> Plot:
    """Draw a validation loss in nats over the steps, with figures to compare it with as lines across."""
    xs, ys = curve
    low, high = 0.5 * np.floor(2 * min([*ys, *marks.values()])), 0.5 * np.ceil(2 * max([*ys, *marks.values()]))
    rows = tuple((float(y), f"{y:.1f}") for y in np.arange(low, high + 0.1, 0.5))
    panel = Panel(Axis(0, xs[-1], "training step", _even(xs[-1]), word="step"), Axis(low, high, "nats", rows),
                  "Loss on the test sentences over the training.",
                  (Series(np.array(xs), np.array(ys), "symbols.h", "test loss", width=2.5),),
                  tuple(Guide("y", value, "muted", "", dash=(2, 3)) for value in marks.values()))
    return Plot("Test loss", (panel,), HEIGHT, " · ".join(f"{name} {value:g}" for name, value in marks.items()))


def _dotted(name: str, curve: Curve, colour: str, dash: tuple[int, ...]) -> tuple[Series, Series]:
    xs, ys = np.array(curve[0]), np.array(curve[1])
    return Series(xs, ys, colour, name, dash=dash), Series(xs, ys, colour, kind="dots", width=2.6)


def _contexts(lines: Mapping[str, Curve]) -> Axis:
    xs = next(iter(lines.values()))[0]
    ticks: Ticks = tuple((x, f"{x:.0f}") for x in xs)
    return Axis(xs[0], xs[-1], "characters back", ticks, log=True, word="characters")


def _even(last: float) -> Ticks:
    hop = 10 ** int(np.floor(np.log10(max(last, 10)))) / 2
    while last / hop > 6:
        hop *= 2
    return tuple((float(x), f"{x:,.0f}") for x in np.arange(0, last + hop / 10, hop))
