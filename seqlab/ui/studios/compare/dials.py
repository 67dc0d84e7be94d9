"""The sliders of the comparison: every snapshot and temperature of either side, so that they move while dragged."""

from collections.abc import Iterable, Sequence

import numpy as np

from seqlab.figures.comparison import ANSWERS
from seqlab.figures.comparison_dial import ComparisonDial, DialAnswers, LogAnswers, stops_that_fit, values_between
from seqlab.figures.film import evenly
from seqlab.reference.activations import log_softmax
from seqlab.trace import Trace
from seqlab.training.question import Question
from seqlab.ui.proof.passes import Passes as Snapshots
from seqlab.ui.studios.compare.passes import Passes
from seqlab.ui.studios.compare.sides import COLDEST, HOTTEST, Choice

MOST_SNAPSHOTS, MOST_NUMBERS = 24, 2_000_000  # each snapshot costs a pass; numbers: of all states, of all answers


def dials(sides: Sequence[Choice], asked: Sequence[Question], passes: Passes, quantity: str) -> list[ComparisonDial]:
    """Give the sliders of both sides: their snapshots where there are several, and their temperatures. Raises Fault."""
    made = []
    for place, (side, question) in enumerate(zip(sides, asked, strict=True)):
        made += [one for one in (_snapshots(place, side, question, passes, quantity),
                                 _temperatures(place, side, question, passes, quantity)) if one is not None]
    return made


def title(side: Choice, step: int, temperature: float) -> str:
    """Name a side."""
    warmth = "" if temperature == 1 else f", T = {temperature:g}"
    return f"{side.run.name}, step {step:,}{warmth}{', changed' if side.changes else ''}"


def _snapshots(place: int, side: Choice, question: Question, passes: Passes, quantity: str) -> ComparisonDial | None:
    network, time, warmth = side.run.config.network, len(question.ids), passes.temperatures[place]
    rows = max(network.hidden, len(side.run.classes))
    room = min(MOST_SNAPSHOTS, stops_that_fit(time, rows), MOST_NUMBERS // (time * network.layers * network.hidden))
    steps = side.steps
    steps = sorted({*(steps[chosen] for chosen in evenly(len(steps), max(2, room))), question.step})
    if len(steps) < 2:
        return None
    traces = Snapshots.of(side.run, steps, np.array(question.ids), question.condition, question.changes).reference()
    logs = [_log(trace, warmth) for trace in traces]
    values = [np.exp(log) if quantity == ANSWERS else trace[quantity][0]
              for log, trace in zip(logs, traces, strict=True)]
    return _dial(f"{side.letter}-step", "step", place, steps, [f"{step:,}" for step in steps],
                 question.step, logs, passes, np.array(values), [title(side, step, warmth) for step in steps])


def _temperatures(place: int, side: Choice, question: Question, passes: Passes, quantity: str) -> ComparisonDial:
    trace, now = (passes.a, passes.b)[place], passes.temperatures[place]
    numbers = trace["logits"][0].size
    room = min(MOST_NUMBERS // numbers, stops_that_fit(*trace["logits"][0].shape))
    warmths = values_between(COLDEST, HOTTEST, max(6, room), now, 0.1)
    values = np.array([np.exp(_log(trace, warmth)) for warmth in warmths]) if quantity == ANSWERS else None
    return _dial(f"{side.letter}-t", "T", place, warmths, [f"{warmth:g}" for warmth in warmths], now,
                 (_log(trace, warmth) for warmth in warmths), passes, values,
                 [title(side, question.step, warmth) for warmth in warmths])


def _dial(name: str, label: str, place: int, stops: Sequence[int | float], texts: Sequence[str],
          now: int | float, logs: Iterable[LogAnswers], passes: Passes, values: np.ndarray | None,
          titles: Sequence[str]) -> ComparisonDial:
    other = passes.log_answers[1 - place] if passes.alike else None
    read, at = DialAnswers.of(logs, other, first=place == 0), list(stops).index(now)
    return ComparisonDial(name, f"{'AB'[place]}: {label}", place, stops, texts, at, at, read.best, read.sure, values,
                          read.kl, titles)


def _log(trace: Trace, temperature: float) -> LogAnswers:
    return np.asarray(log_softmax(trace["logits"][0].astype(np.float64) / temperature))
