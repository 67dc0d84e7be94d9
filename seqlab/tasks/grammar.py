"""Grammar: read a string of a formal language from its beginning to its end, and say each time what comes next.

The strings are drawn from the exact distribution of the grammar, so what there is to learn is known. The loss is summed
over all tokens, the mark for the end among them, and divided by their number. Source of ndfa, brackets and toy-english:
the assignment on formal languages of a university course on sequence models.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from jaxtyping import Int
from pydantic import BaseModel, ConfigDict, Field, model_validator

from seqlab.data.batching import Batch, By, Plan, Rule
from seqlab.data.generated import generate
from seqlab.data.grammar import Grammar
from seqlab.data.strings import Source, check_prompt, padded
from seqlab.data.vocabulary import Level, Vocabulary
from seqlab.errors import Fault
from seqlab.reference.core import cores
from seqlab.tasks import Dimensions, Recipe, Task

if TYPE_CHECKING:
    import torch

AT_ONCE = 32_768  # tokens that a network reads in one go while it is judged
WRITTEN, SHOWN = 1000, 10  # strings that it writes at each evaluation, and those of them that people see


class GrammarConfig(BaseModel):
    """Settings of the grammar task.

    ``grammar`` is the name of a built-in one or a text in their notation, over characters or words. ``strings`` are
    drawn to learn from, given that none has more tokens than ``longest``; ``seed`` says which. Batches hold
    ``RunConfig.batch`` sequences, or as many as fit into a ``budget`` of tokens; of similar length where they are
    ``alike``, in the first epoch the short ones first with a ``curriculum``. What fills them up is masked out of the
    loss, or left out by packing. ``prompt`` is the seed sequence that the samples shown go on from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    grammar: Annotated[str, Field(min_length=1, max_length=20_000)] = "ndfa"
    level: Level = "character"
    strings: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000
    longest: Annotated[int, Field(ge=1, le=1000)] = 200
    by: By = "sequences"
    budget: Annotated[int, Field(ge=1, le=1_000_000)] = 4096
    alike: bool = False
    curriculum: bool = False
    padding: Literal["mask", "pack"] = "mask"
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    prompt: Annotated[str, Field(max_length=5000)] = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> "GrammarConfig":
        try:
            self.source.possible()
            check_prompt(self.language, self.prompt, self.longest)
        except Fault as fault:
            raise ValueError(str(fault).removesuffix(".")) from None
        if self.by == "tokens" and self.budget <= self.longest:
            raise ValueError(f"a budget of {self.budget} tokens is too small for strings of up to {self.longest} and "
                             "the mark for their end; take a larger one, or shorter strings")
        return self

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
        """What the network can read and say: the marks .pad .start .end .unk, then the grammar's tokens."""
        return self.source.alphabet

    def rule(self, size: int) -> Rule:
        """How its strings are put into batches, where a batch of sequences has ``size``."""
        return Rule(self.by, size if self.by == "sequences" else self.budget, self.alike, self.curriculum)


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
    return Dimensions(size, size, longest=config.longest + 1, packed=config.padding == "pack")


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
    # Where all are equally long there is nothing to leave out, and the plain kernel is the faster one.
    packed = config.padding == "pack" and int(counts.min()) < int(counts.max())
    return Batch(rows[:, :-1].contiguous(), rows[:, 1:].contiguous(), weight, weight, lengths=counts, packed=packed)


@lru_cache(maxsize=4)
def _on(config: GrammarConfig,
        device: "torch.device") -> tuple["torch.Tensor", "torch.Tensor", "torch.Tensor"]:
    """Ids of all strings on a device; where each begins and how many tokens it has."""
    import torch

    found = config.source.training(config.strings)
    return (torch.from_numpy(found.ids).to(device), torch.from_numpy(found.starts),
            torch.from_numpy(found.lengths))


def passages(config: GrammarConfig, corpus: str | None = None) -> tuple[str, ...]:
    """The strings that judge; raises Fault for a book, which is in no such language."""
    if corpus is not None:
        raise Fault("This network learned a formal language, so it cannot be judged on a book.")
    return tuple(map(config.language.joined, config.source.held_out()))


def judging(config: GrammarConfig, texts: Sequence[str] = ()) -> Iterator[tuple[Int[np.ndarray, "row time"], int]]:
    """Give the strings that judge, or other ones, as rows of ids with the shortest first; each is judged whole."""
    found = sorted(map(config.alphabet.encode, texts or passages(config)), key=len)
    while found:
        count = max(1, sum((len(row) + 2) * (place + 1) <= AT_ONCE for place, row in enumerate(found)))
        yield padded(found[:count], config.alphabet), 0
        found = found[count:]


def evaluate(config: GrammarConfig, predict: Callable[..., "torch.Tensor"],
             generator: "torch.Generator") -> dict[str, Any]:
    """Judge by strings drawn anew, and by what the network writes.

    ``loss`` is the mean in nats a token, ``accuracy`` the share of tokens that were thought likeliest, ``valid`` the
    share of ``WRITTEN`` strings drawn at temperature 1 that are in the language. One without END after ``longest``
    tokens counts as unfinished, so not as valid.
    """
    import torch
    from torch.nn import functional as F  # noqa: N812

    pad = config.alphabet.pad or 0
    loss = right = count = 0.0
    for ids, _ in judging(config):
        rows = torch.from_numpy(ids).to(generator.device)
        logits, targets = predict(rows[:, :-1], None), rows[:, 1:]
        loss += F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum", ignore_index=pad).item()
        right += ((logits.argmax(-1) == targets) & (targets != pad)).sum().item()
        count += (targets != pad).sum().item()
    seed = int(torch.randint(2**31, (), generator=generator, device=generator.device))
    return {"accuracy": right / count, "loss": loss / count} | written(config, predict, seed)


def written(config: GrammarConfig, network: Any, seed: int) -> dict[str, Any]:
    """Have a network write, and say which share is valid and some of it; nothing where it cannot write one by one."""
    if getattr(network, "pooling", "") != "none":
        return {}
    core = cores()[network.model.name]
    weights = {name: part.detach().cpu().numpy() for name, part in network.state_dict().items()}
    try:
        found = generate(config.source, core, weights, WRITTEN, seed=seed)
        shown = found if not config.prompt else generate(config.source, core, weights, SHOWN, seed=seed + 1,
                                                      prompt=config.prompt)
    except Fault:  # no numbers any more, or more ways to read a string than can be counted: the training goes on
        return {}
    samples = zip(map(config.language.joined, shown.strings[:SHOWN]), shown.left, strict=False)
    return {"valid": found.valid, "samples": list(samples)}


def recipe(label: str, note: str, task: dict[str, Any], epochs: int, network: dict[str, Any], lr: float,
           batch: int = 100) -> Recipe:
    """Make a recipe that is told in epochs, and judged after every one.

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
    "ndfa": recipe("NDFA", "s, then one of three words again and again, then s. As published: embedding 32, 16 hidden "
                   "units, 150,000 strings, 3 epochs.",
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

TASK = Task("grammar", "Grammar", GrammarConfig, dimensions, batch, evaluate, RECIPES, next_symbol=True,
            passages=passages, judging=judging, alphabet=lambda config: config.alphabet.symbols)
