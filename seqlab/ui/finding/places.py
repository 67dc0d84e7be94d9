"""Where what has a name is seen: the page, what its address says, and the part of it that is shown."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """A page by its name, its query, and the key of the part that is brought into view (empty: the page's head)."""

    page: str
    query: dict[str, str] = field(default_factory=dict)
    part: str = ""


# Where each term is seen best.
TERMS: dict[str, Place] = {
    "loss": Place("text"), "nats": Place("reading"), "perplexity": Place("reading", {"show": "Another book"}),
    "accuracy": Place("echo"), "chance": Place("echo"), "gradient": Place("cells", {"show": "Gradients"}),
    "gradient norm": Place("cells", {"show": "Gradients"}), "update": Place("hello"), "epoch": Place("hello"),
    "vanishing gradient": Place("cells", {"show": "Gradients"}), "time": Place("stepper"), "validation": Place("text"),
    "temperature": Place("sampling"), "α": Place("sampling"), "top-k": Place("sampling"), "top-p": Place("sampling"),
    "softmax": Place("stepper"), "sigmoid": Place("stepper"), "tanh": Place("stepper"),
    "gate": Place("echo", {"ask": "machine"}), "unit": Place("search"),
    "weights": Place("hello"), "token": Place("text"), "padding": Place("sentiment"), "attention": Place("attention"),
    "causal mask": Place("attention", {"weights": "free"}), "residual stream": Place("stepper"),
    "difference": Place("cells"), "float32": Place("cells", {"show": "Five lines"}), "snapshot": Place("runs"),
    "run": Place("runs"), "recipe": Place("exercises"), "sweep": Place("sweeps"), "delay": Place("echo"),
    "delay line": Place("echo"), "trail": Place("echo", {"ask": "trail"}),
    "surprise": Place("reading", {"show": "What surprises it"}), "entropy": Place("reading"),
    "automaton": Place("grammar", {"ask": "automaton"}), "fixed point": Place("echo", {"ask": "path"}),
    "intervention": Place("echo", {"ask": "change"}), "probe": Place("search"),
    "one-hot": Place("reading", {"show": "One-hot is an embedding"}), "speed": Place("runs"),
}

# Where a setting has a field that the first lab of its kind has not.
SETTINGS: dict[str, Place] = {
    "network.dropout": Place("text", part="network-dropout"),
    "network.pooling": Place("sentiment", part="network-pooling"),
    "network.heads": Place("text", {"recipe": "text-transformer"}, "network-heads"),
    "network.positions": Place("text", {"recipe": "text-transformer"}, "network-positions"),
}
LENSES = {"automaton": "grammar"}  # the page on which a section beside a word is opened, where it is not the Echo lab
# Those that no form has: a recipe, the command line or a notebook sets them, and Sweeps can vary them.
ELSEWHERE = {
    "name", "evaluate_every", "network.spread", "network.readout", "network.activation", "network.norm",
    "network.final_norm", "network.entry", "network.feed_forward", "network.decoder_bias", "network.tied",
    "network.context", "optimiser.milestones", "optimiser.fall", "task.letters", "task.tokens", "task.labels",
    "task.corpus", "task.most", "task.budget", "task.grammar",
}
