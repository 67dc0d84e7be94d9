"""The label whose probability is drawn: the second of two; of more, the one that the network predicts, or any other."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float

from seqlab.training.run import Run

KEY = "watched"


@dataclass(frozen=True)
class Watched:
    """A label by its place and name; ``against`` is the other of two, "" where there are more."""

    place: int
    name: str
    against: str
    count: int

    @classmethod
    def of(cls, run: Run, place: int) -> "Watched":
        """The label of a run's network at a place."""
        labels = [str(label) for label in run.config.task_config.labels]
        return cls(place, labels[place], labels[1 - place] if len(labels) == 2 else "", len(labels))

    @property
    def ends(self) -> tuple[str, str]:
        """What the ends of a signed scale mean."""
        return (f"towards {self.against}" if self.against else f"away from {self.name}"), f"towards {self.name}"

    @property
    def other(self) -> str:
        """What its logit is compared with."""
        return f"that of {self.against}" if self.against else "the mean of the others'"

    def pull(self, pulls: Float[np.ndarray, "time classes"]) -> Float[np.ndarray, " time"]:
        """What each word adds to its logit less the mean of the other labels' logits."""
        others = np.delete(pulls, self.place, axis=1).mean(axis=1)
        return (pulls[:, self.place] - others).astype(np.float64)


def watched(run: Run, predicted: int) -> Watched:
    """Draw the choice of the label where there are more than two, and return the one that is drawn."""
    labels = [str(label) for label in run.config.task_config.labels]
    if len(labels) == 2:
        return Watched.of(run, 1)
    chosen = st.selectbox("Drawn below: how probable it is that the label is", ["", *labels], key=f"{KEY}-{run.id}",
                          format_func=lambda name: name or f"the prediction, {labels[predicted]}",
                          help="Pictures and colours below are of one label; a word may speak for one and against "
                          "another.")
    return Watched.of(run, labels.index(chosen) if chosen in labels else predicted)
