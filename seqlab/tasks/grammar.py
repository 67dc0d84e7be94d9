"""Grammar: read a string of a formal language token by token and predict the next one each time.

The strings are drawn from the exact distribution of the grammar, so what there is to learn is known. The loss is summed
over all tokens, the mark for the end among them, and divided by their number. Source of ndfa, brackets and toy-english:
the assignment on formal languages of a university course on sequence models.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from seqlab.data.batching import Batch, Batching, Plan
from seqlab.data.generated import generate
from seqlab.data.grammar import Grammar
from seqlab.data.strings import Source, check_prompt, padded
from seqlab.data.vocabulary import Level, Vocabulary
from seqlab.errors import Fault
from seqlab.reference.core import core_of
from seqlab.tasks import (
    HELD_OUT,
    Dimensions,
    Figures,
    Predict,
    Recipe,
    Rows,
    SequenceModel,
    Settings,
    Task,
    always,
)

if TYPE_CHECKING:
    import torch

AT_ONCE = 32_768  # tokens of one batch of an evaluation
GENERATED, SHOWN = 1000, 10  # strings generated at each evaluation, and those of them that people see


class GrammarConfig(Batching):
    """Settings of the grammar task, beside those of its batches."""

    grammar: Annotated[str, Field(min_length=1, max_length=20_000)] = "ndfa"
    """Name of a built-in grammar, or the rules of one's own."""
    level: Level = "character"
    """What one step of the network is: a character or a word. Own words need white space between them."""
    strings: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000
    """How many strings are drawn from the grammar to learn from."""
    longest: Annotated[int, Field(ge=1, le=1000)] = 200
    """Tokens of the longest string. Longer ones are drawn again, and what the network writes is cut there."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """Which strings are drawn to learn from: the same seed gives the same ones."""
    prompt: Annotated[str, Field(max_length=5000)] = ""
    """Seed sequence from which the samples go on, of which ten are listed after each epoch."""

    @model_validator(mode="after")
    def _makes_sense(self) -> "GrammarConfig":
        try:
            self.source.possible()
            check_prompt(self.language, self.prompt, self.longest)
        except Fault as fault:
            raise ValueError(str(fault).removesuffix(".")) from None
        return self

    @property
    def most_tokens(self) -> int:
        """Tokens of the longest string, and the mark for its end."""
        return self.longest + 1

    @property
    def source(self) -> Source:
        """Where its strings come from."""
        return Source(self.grammar, self.level, self.longest, self.seed)

    @property
    def language(self) -> Grammar:
        """The grammar, read."""
        return self.source.language

    @property
    def alphabet(self) -> Vocabulary:
        """The network's symbols: the marks .pad .start .end .unk, then the grammar's tokens."""
        return self.source.alphabet


def epoch(config: GrammarConfig, size: int) -> int:
    """Count the steps of an epoch, in batches of ``size`` sequences or by the budget; raises Fault."""
    if config.by == "sequences":
        return -(-config.strings // size)
    return plan(config, size).steps


def plan(config: GrammarConfig, size: int, seed: int = 0) -> Plan:
    """Say which strings each batch holds; raises Fault where one alone is longer than the budget."""
    return _plan(config, size, seed)


@lru_cache(maxsize=8)
def _plan(config: GrammarConfig, size: int, seed: int) -> Plan:
    return Plan(config.source.training(config.strings).lengths, config.rule(size), seed)


def dimensions(config: GrammarConfig) -> Dimensions:
    """Sizes for the network: marks and tokens in and out, and a string behind its mark for the beginning."""
    size = len(config.language.tokens) + 4
    return Dimensions(size, size, longest=config.longest + 1, packed=config.padding == "pack", ragged=True)


def batch(config: GrammarConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Give the batch of a step: each string comes once an epoch, in an order that seed and step alone decide."""
    import torch

    ids, starts, lengths = _on(config, generator.device)
    members = torch.from_numpy(plan(config, size, generator.initial_seed()).members(step))
    counts = lengths[members]
    first, real = (part.to(generator.device)[:, None] for part in (starts[members], counts))
    time = torch.arange(int(counts.max()) + 1, device=generator.device)
    rows = ids[(first + time).clamp(max=len(ids) - 1)].long().masked_fill(time > real, config.alphabet.pad or 0)
    weight = (time[1:] <= real).float()
    return Batch(rows[:, :-1].contiguous(), rows[:, 1:].contiguous(), weight, weight, lengths=counts,
                 packed=config.packs(counts.numpy()))


@lru_cache(maxsize=4)
def _on(config: GrammarConfig,
        device: "torch.device") -> tuple["torch.Tensor", "torch.Tensor", "torch.Tensor"]:
    """Ids of all strings on a device; where each begins and how many tokens it has."""
    import torch

    strings = config.source.training(config.strings)
    return (torch.from_numpy(strings.ids).to(device), torch.from_numpy(strings.starts),
            torch.from_numpy(strings.lengths))


def passages(config: GrammarConfig, corpus: str | None = None) -> tuple[str, ...]:
    """The held-out strings; raises Fault for a book, which is in no such language."""
    if corpus is not None:
        raise Fault("This network learned a formal language, so it cannot be evaluated on a book.")
    return tuple(map(config.language.joined, config.source.held_out()))


def scoring(config: GrammarConfig, texts: Sequence[str] = ()) -> Rows:
    """Give the held-out strings, or other ones, as rows of ids with the shortest first; every position is scored."""
    rows = sorted(map(config.alphabet.encode, texts or passages(config)), key=len)
    while rows:
        count = max(1, sum((len(row) + 2) * (place + 1) <= AT_ONCE for place, row in enumerate(rows)))
        yield padded(rows[:count], config.alphabet), 0
        rows = rows[count:]


def evaluate(config: GrammarConfig, predict: Predict,
             generator: "torch.Generator") -> Figures:
    """Evaluate on held-out strings, and on strings that the network generates.

    ``loss`` is the mean in nats a token, ``accuracy`` the share of tokens that were the most probable, ``valid`` the
    share of ``GENERATED`` strings sampled at temperature 1 that are in the language. One without END after ``longest``
    tokens counts as unfinished, so not as valid.
    """
    import torch
    from torch.nn import functional as F  # noqa: N812

    pad = config.alphabet.pad or 0
    loss = right = count = 0.0
    for ids, _ in scoring(config):
        rows = torch.from_numpy(ids).to(generator.device)
        logits, targets = predict(rows[:, :-1], None), rows[:, 1:]
        loss += F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum", ignore_index=pad).item()
        right += ((logits.argmax(-1) == targets) & (targets != pad)).sum().item()
        count += (targets != pad).sum().item()
    seed = int(torch.randint(2**31, (), generator=generator, device=generator.device))
    figures = Figures(accuracy=right / count, loss=loss / count)
    if isinstance(predict, SequenceModel) and predict.pooling == "none":
        figures.update(generation_figures(config, predict, seed))
    return figures


def generation_figures(config: GrammarConfig, network: SequenceModel, seed: int) -> Figures:
    """Generate strings: the valid share, and some of them; nothing where the network has no finite numbers."""
    core = core_of(network.config)
    weights = {name: part.detach().cpu().numpy() for name, part in network.state_dict().items()}
    try:
        generated = generate(config.source, core, weights, GENERATED, seed=seed)
        shown = generated if not config.prompt else generate(config.source, core, weights, SHOWN, seed=seed + 1,
                                                      prompt=config.prompt)
    except Fault:  # no finite numbers, or more derivations than can be counted: the training goes on
        return {}
    samples = zip(map(config.language.joined, shown.strings[:SHOWN]), shown.left, strict=False)
    return {"valid": generated.valid, "samples": list(samples)}


def recipe(label: str, note: str, task: Settings, epochs: int, network: Settings, lr: float,
           batch: int = 100) -> Recipe:
    """Make a recipe whose length is given in epochs, with an evaluation after each.

    Its batches hold strings of any length: those of one length alone tell a network when a string is to end, and what
    it learns sways with them. Toy English is then not learned at all (tests/benchmarks/batching.py has what the
    padding costs).
    """
    each = -(-task["strings"] // batch)
    return Recipe(label, note, {
        "task": {"name": "grammar"} | task, "steps": epochs * each, "evaluate_every": each, "batch": batch,
        "network": {"model": "lstm"} | network, "optimiser": {"lr": lr, "decay": "linear", "clip": 1.0}})


RECIPES = {
    "quick": recipe("Brackets in seconds", "Few strings and a small LSTM: it learns to close what it opened.",
                    {"grammar": "brackets", "strings": 10_000}, 6, {"hidden": 16, "embedding": 8}, 0.02),
    "ndfa": recipe("NDFA", "s, then one of three words again and again, then s. Published are embedding 32, 16 "
                   "hidden units, 150,000 strings and 3 epochs; batches and learning rate are ours.",
                   {"grammar": "ndfa", "strings": 150_000}, 3, {"hidden": 16, "embedding": 32}, 0.02),
    "brackets": recipe("Brackets", "It opens again with probability 7/16, else closes: the state must count.",
                       {"grammar": "brackets", "strings": 150_000, "longest": 200}, 3,
                       {"hidden": 16, "embedding": 16}, 0.02),
    "dyck": recipe("Dyck", "Balanced brackets, also side by side.",
                   {"grammar": "dyck", "strings": 150_000, "longest": 200}, 3, {"hidden": 16, "embedding": 16}, 0.02),
    "toy": recipe("Toy English, by character", "Spelling, grammar, and brackets that must close again.",
                  {"grammar": "toy-english", "strings": 50_000}, 4, {"hidden": 128, "embedding": 32}, 0.005, 64),
    "words": recipe("Toy English, by word", "The same language, a word at a time: short strings, quickly learned.",
                    {"grammar": "toy-english", "level": "word", "strings": 50_000}, 4,
                    {"hidden": 64, "embedding": 32}, 0.01),
}

_SHIPPED = {"ndfa": "NDFA", "brackets": "brackets", "toy": "toy English"}


def shipped() -> dict[str, Settings]:
    """Config of each shipped run by its id."""
    return {f"grammar-{recipe}": RECIPES[recipe].config | {"name": f"LSTM, {label}", "seed": 1}
            for recipe, label in _SHIPPED.items()}


TASK = Task("grammar", "Grammar", GrammarConfig, dimensions, batch, evaluate, RECIPES, next_symbol=always,
            passages=passages, scoring=scoring, alphabet=lambda config: config.alphabet.symbols, shipped=shipped,
            collections=lambda config: {HELD_OUT: "strings that it did not learn from"})
