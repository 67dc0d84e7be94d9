"""What an epoch is in the published programs, folded: a lesson about loader workers, and the settings it is about."""

from dataclasses import dataclass

import streamlit as st

from seqlab import paths
from seqlab.studies.results import program
from seqlab.tasks import echo
from seqlab.ui.runs.forms import Fields, Settings

REDUCTIONS = {"mean": "over what counts", "positions": "over all positions", "sum": "none: a sum"}


@dataclass(frozen=True)
class EpochSettings:
    """Settings that are folded away: those of the task, of the network, and how the loss is reduced."""

    task: Settings
    network: Settings
    reduction: str


def epoch_settings(fields: Fields) -> EpochSettings:
    """Draw the lesson and the settings; without a number of strings there are no epochs."""
    with st.expander("Epochs and loader workers"):
        st.markdown(lesson())
        columns = st.columns(4, vertical_alignment="bottom")
        with columns[0]:
            strings = fields.number("Strings an epoch", "task.strings", min_value=0, max_value=10_000_000)
        with columns[1]:
            loaders = fields.number("Loader workers", "task.loaders", min_value=1, max_value=64)
        with columns[2]:
            reduction = fields.choice("Mean of the loss", "reduction", REDUCTIONS)
        with columns[3]:
            first = fields.switch("Delay before letter", "network.condition_first")
    return EpochSettings({"strings": strings, "loaders": loaders}, {"condition_first": first}, reduction)


def lesson() -> str:
    """Say what two workers do with an iterable dataset, and what that is worth where it was measured."""
    updates = echo.RECIPES["fixed-plain"].config["steps"]
    trap = (f"**Two loader workers each yield the whole set**: an epoch of the notebook with one delay has {updates} "
            f"updates, not {updates // 2}.")
    measured = ("accuracy", "one worker", "one worker, blanks")
    shares = [program(f"echo-fixed/{figure}", paths.checkpoints()) for figure in measured]
    if None in shares:
        return trap
    two, one, blanks = (f"{100 * share:.1f} %" for share in shares if share is not None)
    return (f"{trap} So its program gets {two}. With one worker it gets {one}, and {blanks} where the loss counts "
            "blanks as well.")
