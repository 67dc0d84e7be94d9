"""The course's five lines: each puts a formula in NumPy beside a module of torch and states how far they differ."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure: its name, its number, the measure, and in one sentence what is compared."""

    name: str
    published: float
    measure: str
    compares: str
    allowed: float


RELATIVE = "largest |x - y| / (|x| + |y|)"

LINES: dict[str, PublishedFigure] = {
    "rnn": PublishedFigure(
        "RNN", 4.5e-7, RELATIVE, "Hidden states of our RNN and of nn.RNN with the same weights.", 1e-6),
    "gru": PublishedFigure(
        "GRU", 4.8e-7, RELATIVE, "Hidden states of our GRU and of nn.GRU with the same weights.", 1e-6),
    "special": PublishedFigure(
        "GRU as an RNN", 4.3e-7, RELATIVE, "Hidden states of our GRU, its gates set to make it an RNN, and of nn.RNN.",
        1e-6),
    "memory": PublishedFigure(
        "Long memory", 0.0, "largest |x - y|",
        "The initial state of our GRU with z = 1 and its states over all 12 steps.", 0.0),
    "attention": PublishedFigure(
        "Attention", 1.8e-8, "mean |x - y|",
        "Outputs of our multi-head attention and of nn.MultiheadAttention with the same weights.", 5e-8),
}
