"""The part of a form that says how sequences of different lengths are put into batches."""

from dataclasses import dataclass

from seqlab.ui.runs.forms import Fields, Settings


@dataclass(frozen=True)
class BatchWords:
    """What a form calls these settings: its sequences, what masking does, and what comes of similar lengths."""

    sequences: str
    masked: str
    alike: str


def batches(fields: Fields, words: BatchWords, *, packs: bool) -> tuple[Settings, int]:
    """Draw the settings; returns those of the task, and how many sequences a batch has. ``packs``: the model can."""
    by = fields.choice("A batch holds", "task.by", {"tokens": "a budget of tokens",
                                                    "sequences": f"a number of {words.sequences}"},
                       help="With a budget every batch has about as many tokens, so that a token of a short sequence "
                       "counts as much as one of a long one.")
    task: Settings = {"by": by}
    size: int = fields.start["batch"]
    if by == "tokens":
        task["budget"] = fields.number("Tokens", "task.budget", min_value=1, max_value=1_000_000,
                                       help="Padding, and marks for the ends where there are any, are counted.")
    else:
        size = fields.number(words.sequences.capitalize(), "batch", min_value=1, max_value=65536)
    padding = {"mask": words.masked, "pack": "left out by packing"}
    task["padding"] = fields.choice("What fills them up is", "task.padding",
                                    padding if packs else {"mask": padding["mask"]},
                                    help="Masked: computed and not counted. Packed: not computed; only recurrent "
                                    "models can, and on a CPU it is often slower.")
    task["alike"] = fields.switch("Similar lengths together", "task.alike", help=words.alike)
    task["curriculum"] = fields.switch("Short ones first", "task.curriculum", help="In the first epoch; then the order "
                                       "is random.")
    return task, size
