"""Which picture shows what an exercise measured."""

from collections.abc import Callable, Mapping

from seqlab.figures import exercises as figures
from seqlab.figures.plot import Plot
from seqlab.studies.chapter.looking_back import SEEN
from seqlab.studies.chapter.runs import LENGTHS
from seqlab.studies.chapter.steep import PLAIN, RECTIFIED
from seqlab.studies.results import Result

PUBLISHED = {"time-machine-4": {"chapter's code": 7.24, "fused RNN": 6.60},
             "time-machine-5": {"chapter's code": 7.24, "learned embedding": 6.45}}
NETWORKS = {"tuned": "tuned", "falling": "32 units, a rate that falls", "embedding": "learned embedding",
            "chapter": "chapter's settings"}


def picture(name: str, result: Result) -> Plot | None:
    """Draw what a result holds; None where there is nothing to draw, or not what this version draws."""
    draw = _DRAWN.get(name)
    try:
        return draw(name, result) if draw else None
    except (KeyError, ValueError, IndexError):
        return None


def _lines(result: Result, labels: Mapping[str, str]) -> dict[str, figures.Curve]:
    return {label: (result.lines[key].x, result.lines[key].y) for key, label in labels.items()}


def _past(name: str, result: Result) -> Plot:
    line = result.lines["influence"]
    return figures.influence((line.x, line.y), result.figures["window"])


def _reach(name: str, result: Result) -> Plot:
    labels = {f"{state}-{length}": f"{length}, {words.removeprefix('each window ').removeprefix('state ')}"
              for state, words in SEEN for length in LENGTHS}
    dashed = [label for key, label in labels.items() if key.startswith("fresh")]
    return figures.by_context(_lines(result, labels), "Loss by the characters read before", dashed)


def _perplexity(name: str, result: Result) -> Plot:
    return figures.perplexities(_lines(result, {key: NETWORKS[key] for key in result.lines}), PUBLISHED[name])


def _norms(name: str, result: Result) -> Plot:
    labels = {key: (PLAIN | RECTIFIED)[key] for key in result.lines}
    ends = {labels[key]: result.figures[f"{key}, diverged"] for key in result.lines
            if f"{key}, diverged" in result.figures}
    return figures.norms(_lines(result, labels), result.figures["clip"], ends)


def _sentences(name: str, result: Result) -> Plot:
    line = result.lines["loss"]
    return figures.losses((line.x, line.y), {"published": 1.363, "pass mark": 1.5})


_DRAWN: dict[str, Callable[[str, Result], Plot]] = {
    "time-machine-1": _past, "time-machine-2": _reach, "time-machine-4": _perplexity, "time-machine-5": _perplexity,
    "time-machine-9": _norms, "time-machine-10": _norms, "sentences": _sentences,
}
