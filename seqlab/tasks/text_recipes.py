"""Where networks that write start: books by character, word or piece, and the published chapter's own."""

from seqlab.tasks import Recipe, Settings

_BOOK: Settings = {"task": {"name": "text"}, "batch": 64, "evaluate_every": 100,
                         "optimiser": {"lr": 0.003, "decay": "linear", "clip": 1.0}}
_TIME_MACHINE: Settings = {"name": "text", "corpus": "time-machine", "preparation": "plain"}
RECIPES = {
    "fast": Recipe(
        "The Time Machine, GRU",
        "Reads the whole book, letters only, and is validated on its last tenth. Writes words after half a minute.",
        _BOOK | {"steps": 1200, "network": {"model": "gru", "hidden": 256, "dropout": 0.3}}),
    "long": Recipe(
        "The Time Machine, large GRU",
        "The same with more units, silenced more often, for some five minutes: the lowest perplexity of these.",
        _BOOK | {"steps": 1600, "network": {"model": "gru", "hidden": 384, "embedding": 128, "dropout": 0.4}}),
    "transformer": Recipe(
        "The Time Machine, transformer",
        "The same book by attention: it looks up to 64 characters back, and keeps no state.",
        _BOOK | {"batch": 32, "steps": 2000,
                 "network": {"model": "transformer", "hidden": 128, "layers": 3, "heads": 4, "dropout": 0.1},
                 "optimiser": {"name": "adamw", "lr": 0.002, "warmup": 100, "decay": "linear", "clip": 1.0}}),
    "words": Recipe(
        "The Time Machine, by words",
        "The 1,000 most frequent words and marks of punctuation; 15 % of the book's words are none of them.",
        _BOOK | {"task": _TIME_MACHINE | {"unit": "word", "num_steps": 32}, "steps": 600,
                 "network": {"model": "gru", "hidden": 192, "embedding": 96, "dropout": 0.5}}),
    "pieces": Recipe(
        "The Time Machine, by byte pairs",
        "Pieces of words that come often, such as “ing”: every text can be written with them.",
        _BOOK | {"task": _TIME_MACHINE | {"unit": "piece", "most": 500, "num_steps": 48}, "steps": 1000,
                 "network": {"model": "gru", "hidden": 192, "embedding": 96, "dropout": 0.4}}),
    "chapter": Recipe(
        "The chapter's own RNN",
        "As published: 10,000 windows of 32 letters, one-hot, 32 tanh units with one bias each, SGD at 1, 100 epochs.",
        {"task": {"name": "text", "split": "d2l", "num_steps": 32, "sampling": "epochs"}, "batch": 1024, "steps": 1000,
         "evaluate_every": 10,
         "network": {"model": "rnn_tanh", "hidden": 32, "input": "one-hot", "initialisation": "normal", "bias": "one"},
         "optimiser": {"name": "sgd", "lr": 1.0, "clip": 1.0}}),
    "python": Recipe(
        "Python's language reference",
        "A text that comes with Python, so it needs no network: capitals, digits and punctuation too.",
        _BOOK | {"task": {"name": "text", "corpus": "python-topics", "preparation": "plain", "num_steps": 96},
                 "steps": 1500, "network": {"model": "gru", "hidden": 256, "dropout": 0.1}}),
    "imdb": Recipe(
        "IMDb reviews, LSTM of two layers",
        "Film reviews by character, the course's “deleted scenes”: two layers of 256 units, whose state is carried on.",
        _BOOK | {"task": {"name": "text", "corpus": "imdb", "preparation": "plain", "num_steps": 96, "carry": True,
                          "letters": "".join(map(chr, range(32, 127)))},
                 "steps": 2000, "network": {"model": "lstm", "layers": 2, "hidden": 256, "dropout": 0.1}}),
}

_SHIPPED = {"gru": ("long", "GRU, The Time Machine"), "rnn": ("chapter", "RNN, the chapter's own"),
            "transformer": ("transformer", "Transformer, The Time Machine")}


def shipped() -> dict[str, Settings]:
    """Config of each shipped run by its id."""
    return {f"text-{model}": RECIPES[recipe].config | {"name": name, "seed": 1}
            for model, (recipe, name) in _SHIPPED.items()}
