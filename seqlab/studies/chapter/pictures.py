"""Pictures of an exercise's result: each function makes one that an exercise declares as its ``picture``."""

from collections.abc import Callable, Mapping, Sequence

from seqlab.figures import exercises as figures
from seqlab.figures.plot import Plot
from seqlab.studies.published import PUBLISHED
from seqlab.studies.results import Result

Picture = Callable[[Result], Plot]
NETWORKS = {"tuned": "tuned", "embedding": "embedding", "chapter": "one-hot"}


def influence(result: Result) -> Plot:
    """Draw how far the prediction moves by a character so many places back."""
    line = result.lines["influence"]
    return figures.influence((line.x, line.y), result.figures["window"])


def by_context(labels: Mapping[str, str], dashed: Sequence[str]) -> Picture:
    """Make the picture of the loss against the context, a curve for each key of ``labels``; ``dashed`` are keys."""
    return lambda result: figures.by_context(_curves(result, labels), "Loss by the characters read before",
                                             [labels[key] for key in dashed])


def perplexities(marks: Mapping[str, str]) -> Picture:
    """Make the picture of validation perplexities over the steps, with published ones that ``marks`` names."""
    return lambda result: figures.perplexities(_curves(result, {key: NETWORKS[key] for key in result.lines}),
                                               _values(marks))


def norms(labels: Mapping[str, str]) -> Picture:
    """Make the picture of gradient norms over the steps, with the steps at which runs diverged."""
    def draw(result: Result) -> Plot:
        ends = {labels[key]: result.figures[f"{key}, diverged"] for key in result.lines
                if f"{key}, diverged" in result.figures}
        return figures.norms(_curves(result, {key: labels[key] for key in result.lines}), result.figures["clip"], ends)
    return draw


def losses(marks: Mapping[str, str]) -> Picture:
    """Make the picture of a validation loss over the steps, with the published losses that ``marks`` names."""
    def draw(result: Result) -> Plot:
        line = result.lines["loss"]
        return figures.losses((line.x, line.y), _values(marks))
    return draw


def _values(marks: Mapping[str, str]) -> dict[str, float]:
    """The published numbers of some labels, by their ``source/figure``."""
    return {label: PUBLISHED[key].value for label, key in marks.items()}


def _curves(result: Result, labels: Mapping[str, str]) -> dict[str, figures.Curve]:
    return {label: (result.lines[key].x, result.lines[key].y) for key, label in labels.items()}
