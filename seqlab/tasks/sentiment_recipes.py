"""Where networks that classify reviews start: quick ones, those tuned on IMDb's reviews, and the published ones."""

from seqlab.tasks import Recipe, Settings

LONGEST = 1024  # words of a review in our evaluations; one in two hundred has more
ALL_WORDS = 99_426  # that the published reader leaves of IMDb's reviews, those of the test set among them
EPOCH = 494  # steps of the published recipes


def _imdb(label: str, note: str, network: Settings, lr: float, *, longest: int = 256, epochs: int = 2,
          **optimiser: object) -> Recipe:
    """Make a recipe for IMDb's reviews; an epoch is 313 batches of 64."""
    return Recipe(label, note, {
        "task": {"name": "sentiment", "corpus": "imdb", "words": 20_000, "longest": longest}, "batch": 64,
        "steps": 313 * epochs, "evaluate_every": 313,
        "network": {"pooling": "max", "spread": 0.1} | network,
        "optimiser": {"lr": lr, "decay": "linear", "clip": 1.0} | optimiser})


def _published(label: str, note: str, model: str) -> Recipe:
    """Make a recipe for an epoch of IMDb's reviews as the course prepares them, with networks of its sizes.

    Its source says no more than this: batches by a number of tokens, of similar lengths and in random order. Adam at
    torch's own 0.001, budgets of 10,000 tokens, reviews that are never cut, a maximum that padding may win and the mean
    loss of a batch are our choice.
    """
    return Recipe(label, note, {
        "task": {"name": "sentiment", "corpus": "imdb", "preparation": "published", "words": ALL_WORDS, "longest": 4096,
                 "by": "tokens", "budget": 10_000},
        "steps": EPOCH, "evaluate_every": EPOCH,
        "network": {"model": model, "hidden": 300, "embedding": 300, "pooling": "max-with-padding"},
        "optimiser": {"lr": 0.001, "clip": None}})


_SMALL = {"hidden": 64, "embedding": 64, "dropout": 0.3}
RECIPES: dict[str, Recipe] = {
    "fast": Recipe(
        "Made-up reviews, LSTM",
        "Reviews that a small grammar writes, so no network is needed. Half a minute; order matters in them.",
        {"task": {"name": "sentiment", "words": 200}, "batch": 64, "steps": 500, "evaluate_every": 50,
         "network": {"model": "lstm", "hidden": 48, "embedding": 24, "pooling": "max"},
         "optimiser": {"lr": 0.005, "decay": "linear", "clip": 1.0}}),
    "fast-mlp": Recipe(
        "Made-up reviews, MLP",
        "The same reviews, each word by itself: it cannot know what “not” belongs to.",
        {"task": {"name": "sentiment", "words": 200}, "batch": 64, "steps": 500, "evaluate_every": 50,
         "network": {"model": "dense", "hidden": 48, "embedding": 24, "pooling": "max"},
         "optimiser": {"lr": 0.005, "decay": "linear", "clip": 1.0}}),
    "mlp": _imdb(
        "IMDb, MLP",
        "Embedding, linear layer, ReLU, global max pool, linear layer: no word knows its neighbours.",
        {"model": "dense", "hidden": 300, "embedding": 300, "dropout": 0.4, "spread": 0.03}, 0.002, longest=400,
        epochs=3),
    "elman": _imdb(
        "IMDb, our own Elman network",
        "Input and old state side by side, one matrix: the simplest network that reads on.",
        _SMALL | {"model": "elman"}, 0.003, epochs=3),
    "rnn": _imdb(
        "IMDb, torch's RNN",
        "The same formula, as torch has it: two matrices and two biases.",
        _SMALL | {"model": "rnn_tanh"}, 0.003, epochs=3),
    "gru": _imdb(
        "IMDb, GRU",
        "Two gates decide what stays in the state.",
        {"model": "gru", "hidden": 128, "embedding": 128, "dropout": 0.5}, 0.004, longest=400, epochs=3),
    "lstm": _imdb(
        "IMDb, LSTM",
        "Three gates and a cell that keeps what they let in.",
        {"model": "lstm", "hidden": 128, "embedding": 64, "dropout": 0.4}, 0.004, longest=400, epochs=3),
    "encoder": _imdb(
        "IMDb, transformer encoder",
        "Every word sees all others, before it and after it; padding is hidden from them.",
        _SMALL | {"model": "encoder", "heads": 2, "positions": "learned", "context": LONGEST, "dropout": 0.2},
        0.002, longest=128, warmup=60),
    "published-mlp": _published(
        "IMDb as published, MLP", "The course's preparation and sizes: embedding 300, linear layer 300, ReLU, maximum "
        "over time. One epoch; the optimiser is our choice.", "dense"),
    "published-elman": _published(
        "IMDb as published, Elman layer", "The course's own layer: one map from input and state to 300 hidden units, a "
        "second one to 300 outputs. One epoch; activation (tanh) and optimiser are our choice.", "elman_out"),
    "published-rnn": _published(
        "IMDb as published, torch's RNN", "300 units in the place of that layer. One epoch; the optimiser is our "
        "choice.", "rnn_tanh"),
    "published-lstm": _published(
        "IMDb as published, LSTM", "300 units in the place of that layer. One epoch; the optimiser is our choice.",
        "lstm"),
}

# Shipped networks are small, since most of their weights are those of words, and so need less dropout.
_SHIPPED: dict[str, tuple[str, Settings]] = {
    "lstm": ("LSTM", {"hidden": 64}), "mlp": ("MLP", {"hidden": 128, "dropout": 0.1, "spread": 0.1})}
_SHIPPED_WORDS, _SHIPPED_EMBEDDING = 6000, 32


def shipped() -> dict[str, Settings]:
    """Config of each shipped run by its id."""
    return {f"sentiment-{recipe}": (base := RECIPES[recipe].config) | {
        "name": f"{model}, IMDb", "seed": 1, "evaluate_every": 50, "task": base["task"] | {"words": _SHIPPED_WORDS},
        "network": base["network"] | network | {"embedding": _SHIPPED_EMBEDDING}}
        for recipe, (model, network) in _SHIPPED.items()}
