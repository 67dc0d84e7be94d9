"""Labels of lists, which tell their entries apart: what is chosen by its label must have one of its own."""

from collections import Counter
from collections.abc import Mapping


def unique(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels by key, those that several keys share with what sets the key apart behind them: its end, else all of it.

    Streamlit gives back the first entry of a label, so two of one label would be one.
    """
    shared = Counter(labels.values())
    ends = Counter((label, _end(key)) for key, label in labels.items())
    return {key: label if shared[label] == 1 else
            f"{label} · {_end(key) if ends[label, _end(key)] == 1 else key}" for key, label in labels.items()}


def _end(key: str) -> str:
    return key.rpartition("-")[2]
