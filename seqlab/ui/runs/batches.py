"""The part of a form that says how sequences of different lengths are put into batches."""

from dataclasses import dataclass

from seqlab.ui.runs.forms import Fields, Settings


@dataclass(frozen=True)
class BatchWords:
    """What a form calls these settings: its sequences, and what masking does."""

    sequences: str
    masked: str


def batches(fields: Fields, words: BatchWords, *, packs: bool) -> tuple[Settings, int]:
    """Draw the settings; returns those of the task, and how many sequences a batch has. ``packs``: the model can."""
    by = fields.choice("A batch holds", "task.by", {"tokens": "a budget of tokens",
                                                    "sequences": f"a number of {words.sequences}"})
    task: Settings = {"by": by}
    size: int = fields.start["batch"]
    if by == "tokens":
        task["budget"] = fields.number("Tokens", "task.budget", min_value=1, max_value=1_000_000)
    else:
        size = fields.number(words.sequences.capitalize(), "batch", min_value=1, max_value=65536)
    padding = {"mask": words.masked, "pack": "left out by packing"}
    task["padding"] = fields.choice("What fills them up is", "task.padding",
                                    padding if packs else {"mask": padding["mask"]})
    task["alike"] = fields.switch("Similar lengths together", "task.alike")
    task["curriculum"] = fields.switch("Short ones first", "task.curriculum")
    return task, size
