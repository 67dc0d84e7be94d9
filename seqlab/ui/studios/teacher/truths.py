"""Questions whose truth the networks themselves say: what is asked about a view, and how the answer is computed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from seqlab.classroom.rounds import MOST_CHOICES, Kind, Truth
from seqlab.errors import Fault
from seqlab.figures.race import GOAL
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell.in_view import InView
from seqlab.ui.shell.services import everything
from seqlab.ui.studios.compare import entrants

COLD = 0.2
NEVER, RISES, FALLS, STAYS = "at none", "It rises", "It falls", "It stays"


@dataclass(frozen=True)
class Asking:
    """A question that can be put to the class: its words, what can be answered, and what its truth comes from.

    ``shown`` says that the page in front shows the truth already.
    """

    text: str
    choices: tuple[str, ...]
    about: Mapping[str, Any]
    kind: Kind = "choice"
    shown: bool = True


@dataclass(frozen=True)
class View:
    """What the teacher has in front: a sequence in a network, or a race."""

    shown: InView | None
    race: Sequence[Run] = ()


@dataclass(frozen=True)
class Preset:
    """A kind of question: ``make`` writes it for a view, or gives None where it cannot; ``truth`` computes it."""

    label: str
    make: Callable[[View], Asking | None]
    truth: Callable[[Mapping[str, Any]], Truth]


def _next_symbol(view: View) -> Asking | None:
    shown = view.shown
    if shown is None:
        return None
    letters = tuple(dict.fromkeys(shown.given.letters_out))
    if not 2 <= len(letters) <= MOST_CHOICES or max(map(len, letters)) > 20:
        return None
    read = " ".join(shown.given.letters_in[-12:])
    return Asking(f"The network reads {read}. What does it say at the end?", letters, _about(shown))


def _says(about: Mapping[str, Any]) -> Truth:
    p, letters = _answers(about)[-1], about["out"]
    best = int(p.argmax())
    return Truth(answer=letters[best], sentence=f"The network says {letters[best]}, with p = {p[best]:.2f}.")


def _failing_delay(view: View) -> Asking | None:
    shown = view.shown
    if shown is None or len(shown.given.at_delays) < 2:
        return None
    delays = [{"delay": at.delay, "ids": at.ids[0].tolist(), "condition": at.condition,
               "target": list(at.letters_target)} for at in shown.given.at_delays]
    word = "".join(shown.given.letters_in).rstrip("·")
    return Asking(f"At which delay does the network first make a mistake with {word}?",
                  (*(str(one["delay"]) for one in delays), NEVER), _about(shown) | {"delays": delays})


def _fails(about: Mapping[str, Any]) -> Truth:
    for one in about["delays"]:
        best = [about["out"][place] for place in _answers(about | one).argmax(-1)]
        scored = [(said, right) for said, right in zip(best, one["target"], strict=True) if right != "·"]
        wrong = sum(said != right for said, right in scored)
        if wrong:
            return Truth(answer=str(one["delay"]), sentence=(
                f"At delay {one['delay']} it gives {wrong} of {len(scored)} letters wrong, and none before."))
    return Truth(answer=NEVER, sentence="It makes no mistake with this word at any of its delays.")


def _winner(view: View) -> Asking | None:
    labels = tuple(run.core.label for run in view.race)
    if len(set(labels)) < 2:
        return None
    return Asking(f"Which network is right {100 * GOAL:g} % of the time after the fewest steps?", labels,
                  {"runs": [run.id for run in view.race]}, shown=not any(map(goes_on, view.race)))


def _won(about: Mapping[str, Any]) -> Truth:
    runs = [everything().get(id) for id in about["runs"]]
    if any(map(goes_on, runs)):
        raise Fault("The race is still on; reveal when all have ended.")
    reached = [(steps, run.core.label) for run in runs if (steps := _steps_to_goal(run)) is not None]
    if not reached:
        raise Fault(f"None of them was right {100 * GOAL:g} % of the time, so nobody has won; take the question away.")
    steps, label = min(reached)
    return Truth(answer=label, sentence=f"{label} was there after {steps:,} steps.")


def _steps_to_goal(run: Run) -> int | None:
    columns = run.metrics()
    rows = np.flatnonzero(np.nan_to_num(columns["evaluation"]) >= GOAL)
    return int(columns["step"][rows[0]]) if rows.size else None


def _colder(view: View) -> Asking | None:
    if view.shown is None or not view.shown.run.predicts_next:
        return None
    return Asking(f"What does the uncertainty (entropy) of the next symbol do at T = {COLD:g} instead of 1?",
                  (FALLS, STAYS, RISES), _about(view.shown))


def _cold(about: Mapping[str, Any]) -> Truth:
    p, letters = _answers(about)[-1].astype(float), about["out"]
    logs = np.log(np.maximum(p, 1e-300)) / COLD
    cold = np.exp(logs - logs.max())
    cold /= cold.sum()
    before, after, best = _entropy(p), _entropy(cold), int(p.argmax())
    answer = STAYS if abs(after - before) < 0.005 else FALLS if after < before else RISES
    return Truth(answer=answer, sentence=(f"From {before:.2f} to {after:.2f} nats; p of {letters[best]} goes from "
                                          f"{p[best]:.2f} to {cold[best]:.2f}."))


def _entropy(p: Float[np.ndarray, " symbol"]) -> float:
    kept = p[p > 0]
    return float(-(kept * np.log(kept)).sum())


def _own(about: Mapping[str, Any]) -> Truth:
    return Truth(answer=str(about["truth"]), sentence="So says the teacher.")


def _about(shown: InView) -> dict[str, Any]:
    """What a pass is computed again from, also after a restart of the server."""
    return {"run": shown.run.id, "step": shown.step, "ids": shown.given.ids[0].tolist(),
            "condition": shown.given.condition, "out": list(shown.given.letters_out)}


def _answers(about: Mapping[str, Any]) -> Float[np.ndarray, "time symbol"]:
    run = everything().get(about["run"])
    question = Question(str(run.path), about["step"], tuple(about["ids"]), about["condition"])
    p: Float[np.ndarray, "time symbol"] = question.trace()["p"][0]
    return p


PRESETS: Mapping[str, Preset] = {
    "next": Preset("What does the network say next?", _next_symbol, _says),
    "delay": Preset("At which delay does it fail?", _failing_delay, _fails),
    "race": Preset("Which network wins the race?", _winner, _won),
    "cold": Preset(f"What does T = {COLD:g} do?", _colder, _cold),
    "own": Preset("A question of my own", lambda view: Asking("", (), {}, shown=False), _own)}


def offered(page: str, shown: InView | None, race: str | None) -> dict[str, Asking]:
    """The questions that can be asked about what the teacher sees, by the name of their kind."""
    runs = entrants.races().get(race, []) if page == "compare" and race else []
    view = View(shown, runs)
    made = {name: preset.make(view) for name, preset in PRESETS.items()}
    return {name: asking for name, asking in made.items() if asking is not None}


def truth(about: Mapping[str, Any]) -> Truth:
    """Compute what came out of a question; raises Fault where its network is gone, or the race still on."""
    preset = PRESETS.get(str(about.get("preset")))
    if preset is None:
        raise Fault("Nothing says what is right here; take the question away.")
    return preset.truth(about)
