"""Copy memory: read some symbols, wait, and say them again in their order when the mark to recall them comes.

Source: Hochreiter and Schmidhuber 1997, in the form of Arjovsky et al. 2016 (arXiv 1511.06464), section 4.1.
"""

from collections.abc import Callable
from string import ascii_lowercase
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from seqlab.data.batching import Batch
from seqlab.described import Described
from seqlab.tasks import Dimensions, Figures, Recipe, Task

if TYPE_CHECKING:
    import torch

BLANK = 0
STRINGS = 200  # of an evaluation


class CopyMemoryConfig(Described):
    """Settings of the copy-memory task: how many symbols there are, how many to keep in mind, and for how long."""

    letters: Annotated[int, Field(ge=2, le=26)] = 8
    """Size of the alphabet."""
    symbols: Annotated[int, Field(ge=1, le=50)] = 3
    """How many symbols are to be remembered."""
    delay: Annotated[int, Field(ge=0, le=500)] = 5
    """Blanks between what is read and the mark to recall it."""

    @property
    def recall(self) -> int:
        """Id of the mark at which the symbols are to be said."""
        return self.letters + 1

    @property
    def lag(self) -> int:
        """Time steps between hearing a symbol and saying it."""
        return self.symbols + self.delay


def alphabet(config: CopyMemoryConfig) -> str:
    """The blank, the letters, and the mark at which they are to be said."""
    return f"·{ascii_lowercase[:config.letters]}→"


def dimensions(config: CopyMemoryConfig) -> Dimensions:
    """Sizes for the network: blank, letters and mark in and out."""
    size = config.letters + 2
    return Dimensions(size, size, memory=config.lag, longest=config.lag + config.symbols)


def batch(config: CopyMemoryConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Draw symbols, then blanks of which the last is the mark, and as many blanks again as there are symbols to say.

    With a delay of 0 there is no blank to be the mark, and the symbols are said right behind their last.
    """
    import torch

    drawn = torch.randint(1, config.letters + 1, (size, config.symbols), generator=generator, device=generator.device)
    inputs = drawn.new_full((size, config.lag + config.symbols), BLANK)
    inputs[:, :config.symbols] = drawn
    if config.delay:
        inputs[:, config.lag - 1] = config.recall
    targets = torch.full_like(inputs, BLANK)
    targets[:, config.lag:] = drawn
    every = torch.ones_like(inputs, dtype=torch.float32)
    scored = torch.zeros_like(every)
    scored[:, config.lag:] = 1
    return Batch(inputs, targets, every, scored)


def evaluate(config: CopyMemoryConfig, predict: Callable[..., "torch.Tensor"],
             generator: "torch.Generator") -> Figures:
    """Recall fresh symbols; ``accuracy`` is the share of those that are said right."""
    drawn = batch(config, STRINGS, generator)
    right = predict(drawn.inputs, None).argmax(-1) == drawn.targets
    return {"accuracy": right[:, config.lag:].double().mean().item()}


def _recipe(label: str, note: str, task: dict[str, Any], steps: int, network: dict[str, Any]) -> Recipe:
    return Recipe(label, note, {"task": {"name": "copy-memory"} | task, "batch": 64, "steps": steps, "network": network,
                                "evaluate_every": 50, "optimiser": {"lr": 0.005, "decay": "linear", "clip": 1.0}})


RECIPES = {
    "fast": _recipe("Three symbols, five blanks", "The weights start as a delay line, which is all that it takes.", {},
                    200, {"model": "gru", "hidden": 72, "input": "one-hot", "initialisation": "delay-line"}),
    "long": _recipe("Five symbols, twenty blanks", "Where a plain RNN forgets.", {"symbols": 5, "delay": 20}, 2000,
                    {"model": "lstm", "hidden": 128, "input": "one-hot"}),
}

TASK = Task("copy-memory", "Copy memory", CopyMemoryConfig, dimensions, batch, evaluate, RECIPES, chance=1 / 8,
            alphabet=alphabet)
