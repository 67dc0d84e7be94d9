"""Echo: output the input of ``delay`` steps ago, with a fixed delay or one that the network gets as a condition."""

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from jaxtyping import Int
from pydantic import Field

from seqlab.data.batching import Batch
from seqlab.data.vocabulary import Vocabulary
from seqlab.described import Described
from seqlab.tasks import Dimensions, Figures, Predict, Recipe, Settings, Task

if TYPE_CHECKING:
    import torch

BLANK = 0
LETTERS = "·abcdefghijklmnopqrstuvwxyz"
ALPHABET = Vocabulary(LETTERS)
LONGEST_WORD = 60
LENGTHS = 11  # an evaluation takes strings of so many lengths


class EchoConfig(Described):
    """Settings of the echo task."""

    form: Literal["fixed", "variable"] = "variable"
    """Whether the delay is always the same, or varies and is given to the network as an input beside the letters."""
    delay: Annotated[int, Field(ge=0, le=32)] = 8
    """How many letters late the echo comes; where the delay varies, the largest one."""
    length: Annotated[int, Field(ge=1, le=500)] = 20
    """Letters in a string that it trains on."""
    loss_on: Literal["all", "echo"] = "all"
    """Which answers the loss counts. The first ones, before the echo begins, are blanks and need no memory: counting
    them makes the loss look smaller and teaches the network to wait; leaving them out puts all the effort on the
    echo."""
    endings: bool = False
    """Half of the strings end in blanks, so that the network learns to finish an echo after the word is over."""
    strings: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    """Strings that each loader worker yields in an epoch; the last batch is what remains. 0: there are no epochs."""
    loaders: Annotated[int, Field(ge=1, le=64)] = 1
    """Workers that load the data: each reads the whole of an iterable dataset, so two of them make an epoch twice as
    long."""

    def updates(self, size: int) -> int:
        """Updates of an epoch in batches of ``size``; 0 without epochs."""
        return self.loaders * -(-self.strings // size)

    def size_at(self, step: int, size: int) -> int:
        """Strings in the batch of a step, ``size`` but at the end of an epoch: the workers' batches come in turn."""
        if not self.strings:
            return size
        whole, rest = divmod(self.strings, size)
        return size if step % self.updates(size) < self.loaders * whole else rest

    @property
    def delays(self) -> range:
        """The delays that the network is trained for."""
        return range(self.delay + 1) if self.form == "variable" else range(self.delay, self.delay + 1)


def dimensions(config: EchoConfig) -> Dimensions:
    """Sizes for the network: 27 symbols in and out, one condition for each delay where the delay varies."""
    conditions = config.delay + 1 if config.form == "variable" else 0
    longest = max(config.length, *evaluation_lengths(config.delay))
    return Dimensions(len(ALPHABET), len(ALPHABET), conditions, config.delay, longest)


def evaluation_lengths(delay: int) -> range:
    """Lengths of the strings that a delay is evaluated on: 15 to 25, or 1 to 11 beyond a delay of 15 or more."""
    return range(max(15, delay + 1), max(15, delay + 1) + LENGTHS)


def shifted(inputs: "torch.Tensor", delays: "torch.Tensor") -> tuple["torch.Tensor", "torch.Tensor"]:
    """Delay each sequence by its own number of steps.

    Returns the targets, ``delay`` blanks and then the input, and where the echo is (time ≥ delay), both
    ``batch time``.
    """
    import torch

    source = torch.arange(inputs.shape[1], device=inputs.device) - delays[:, None]
    echo = source >= 0
    return torch.where(echo, inputs.gather(1, source.clamp(min=0)), BLANK), echo


def batch(config: EchoConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Draw the batch of a step, random letters and their echo, on the generator's device."""
    import torch

    size = config.size_at(step, size)
    inputs = _integers(1, len(ALPHABET), (size, config.length), generator)
    delays = _integers(config.delays.start, config.delays.stop, (size,), generator)
    if config.endings:
        share = torch.rand((size,), generator=generator, device=generator.device)
        blanks = (share * (delays + 1)).long() * _integers(0, 2, (size,), generator)
        time = torch.arange(config.length, device=generator.device)
        inputs = torch.where(time >= config.length - blanks[:, None], BLANK, inputs)
    targets, echo = shifted(inputs, delays)
    weight = echo if config.loss_on == "echo" else torch.ones_like(echo)
    return Batch(inputs, targets, weight.float(), echo.float(), delays if config.form == "variable" else None)


def _integers(low: int, high: int, size: tuple[int, ...], generator: "torch.Generator") -> "torch.Tensor":
    """Draw integers from [low, high) on the generator's device."""
    import torch

    return torch.randint(low, high, size, generator=generator, device=generator.device)


def correct(predict: Predict, config: EchoConfig, delays: "torch.Tensor",
            lengths: "torch.Tensor", generator: "torch.Generator") -> tuple["torch.Tensor", "torch.Tensor"]:
    """Echo one random string for each pair of a delay and a length, all in one pass.

    Returns which predictions are right and which positions are scored, those from the delay to the string's end, both
    ``strings time``. The shorter strings are padded with more letters, which cannot change the predictions before
    them.
    """
    import torch

    delays, lengths = delays.to(generator.device), lengths.to(generator.device)
    inputs = _integers(1, len(ALPHABET), (len(lengths), int(lengths.max())), generator)
    targets, echo = shifted(inputs, delays)
    scored = echo & (torch.arange(inputs.shape[1], device=generator.device) < lengths[:, None])
    predicted = predict(inputs, delays if config.form == "variable" else None).argmax(-1)
    return (predicted == targets) & scored, scored


def evaluate(config: EchoConfig, predict: Predict, generator: "torch.Generator",
             strings: int = 500) -> Figures:
    """Echo ``strings`` fresh strings of 15 to 25 letters, spread evenly over delays and lengths.

    A delay of 15 or more takes strings of 1 to 11 letters beyond it. Returns ``accuracy`` (share of right letters
    after the delay in all strings together, as published) and ``by_delay``.
    """
    import torch

    share = max(1, -(-strings // (len(config.delays) * LENGTHS)))
    delays = torch.tensor(list(config.delays)).repeat_interleave(LENGTHS * share)
    lengths = torch.tensor([list(evaluation_lengths(delay)) * share for delay in config.delays]).flatten()
    right, scored = correct(predict, config, delays, lengths, generator)
    shape = len(config.delays), -1
    shares = right.view(shape).sum(-1, dtype=torch.double) / scored.view(shape).sum(-1)
    return {"accuracy": (right.sum() / scored.sum()).item(),
            "by_delay": dict(zip(config.delays, shares.tolist(), strict=True))}


def read(text: str, most: int = LONGEST_WORD) -> tuple[str, str]:
    """Reduce what a person typed to a word that echo can read.

    Returns it in letters a-z, at most so many of them, and one plain sentence about what was changed ("" if nothing).
    """
    letters = [c for c in text.lower() if "a" <= c <= "z"]
    others = {c for c in text.lower() if not ("a" <= c <= "z" or c.isspace())}
    notes = []
    if others:
        listed = " ".join(sorted(others)[:8])
        notes.append(f"Echo knows the letters a to z, so it left out {listed}{' …' if len(others) > 8 else ''}")
    if len(letters) > most:
        notes.append(f"Only the first {most} of {len(letters)} letters are shown")
    return "".join(letters[:most]), ". ".join(notes) + ("." if notes else "")


def inputs_for(word: str, delay: int) -> Int[np.ndarray, "1 time"]:
    """Ids of a word followed by as many blanks as its echo needs to end."""
    return ALPHABET.encode(word + ALPHABET.symbols[BLANK] * delay)[None]


def target_for(word: str, delay: int) -> str:
    """The target for a word: as many blanks as the delay, then the word."""
    return ALPHABET.symbols[BLANK] * delay + word


_VARIABLE = {"name": "echo", "form": "variable", "delay": 8, "length": 20}
_FIXED = {"name": "echo", "form": "fixed", "delay": 4, "length": 15}
_PUBLISHED_VARIABLE = EchoConfig(form="variable", delay=8, length=20, loss_on="echo", strings=2000)
_PUBLISHED_FIXED = EchoConfig(form="fixed", delay=4, length=15, loss_on="echo", strings=10_000, loaders=2)
_EPOCH, _FIXED_EPOCH = _PUBLISHED_VARIABLE.updates(64), _PUBLISHED_FIXED.updates(64)  # 32 and 314

RECIPES = {
    "fast": Recipe(
        "Variable delay, fast",
        "Delays 0 to 8, given as an input with each string. The weights start as a delay line, and the learning rate "
        "falls to 0: over 99 % in a quarter of a minute.",
        {"task": _VARIABLE | {"endings": True}, "batch": 64, "steps": 1500,
         "network": {"model": "gru", "hidden": 128, "initialisation": "delay-line"},
         "optimiser": {"lr": 0.003, "decay": "linear", "clip": 0.5}}),
    "plain": Recipe(
        "Variable delay, as published",
        "The same network as published: torch's own initial weights, a learning rate that falls after 100, 200 and 250 "
        "epochs, a loss in which blanks are zeros. It gets there too, much later.",
        {"task": {"name": "echo"} | _PUBLISHED_VARIABLE.model_dump(), "batch": 64, "steps": 500 * _EPOCH,
         "stop_at": 0.993, "evaluate_every": _EPOCH, "reduction": "positions",
         "network": {"model": "gru", "hidden": 128, "embedding": 64, "condition_first": True},
         "optimiser": {"lr": 0.003, "clip": 0.5, "decay": "steps", "fall": 0.8,
                       "milestones": [100 * _EPOCH, 200 * _EPOCH, 250 * _EPOCH]}}),
    "transformer": Recipe(
        "Variable delay, attention",
        "Delays 0 to 8 without a memory: a transformer looks each letter up where it was read. Over 99 % in half a "
        "minute. Its strings are as long as any that can be typed, for it knows no position beyond them.",
        {"task": _VARIABLE | {"length": LONGEST_WORD + 8, "endings": True}, "batch": 32, "steps": 1200,
         "network": {"model": "transformer", "hidden": 48, "layers": 2, "heads": 4, "embedding": 32},
         "optimiser": {"lr": 0.003, "warmup": 100, "decay": "linear", "clip": 1.0}}),
    "fixed": Recipe(
        "Fixed delay, fast",
        "Delay 4, one-hot letters, half as many updates as published. The weights start as a delay line.",
        {"task": _FIXED | {"endings": True}, "batch": 64, "steps": 156,
         "network": {"model": "gru", "hidden": 128, "input": "one-hot", "initialisation": "delay-line"},
         "optimiser": {"lr": 0.01, "clip": 0.01}, "evaluate_every": 40}),
    "fixed-plain": Recipe(
        "Fixed delay, as published",
        "One epoch as published, from torch's own initial weights: 10,000 strings from each of two loader workers, and "
        "a loss on the echo alone.",
        {"task": {"name": "echo"} | _PUBLISHED_FIXED.model_dump(), "batch": 64, "steps": _FIXED_EPOCH,
         "network": {"model": "gru", "hidden": 128, "input": "one-hot"}, "evaluate_every": 40,
         "optimiser": {"lr": 0.01, "clip": 0.01, "decay": "steps", "milestones": [10 * _FIXED_EPOCH], "fall": 0.1}}),
}

# Model and steps of the shipped runs with delays 0 to 8; those with one fixed delay are smaller and sooner done.
_SHIPPED = {"gru": ("gru", 2500), "lstm": ("lstm", 4000), "rnn": ("rnn_tanh", 4000)}
_SHIPPED_FIXED_STEPS = 600


def shipped() -> dict[str, Settings]:
    """Config of each shipped run by its id."""
    runs: dict[str, Settings] = {}
    for form, recipe, label in (("variable", "fast", "delays 0 to 8"), ("fixed", "fixed", "delay 4")):
        base = RECIPES[recipe].config
        for short, (model, steps) in _SHIPPED.items():
            runs[f"echo-{form}-{short}"] = base | {
                "name": f"{short.upper()}, {label}", "seed": 1,
                "network": base["network"] | {"model": model, "hidden": 128 if form == "variable" else 64},
                "steps": steps if form == "variable" else _SHIPPED_FIXED_STEPS, "evaluate_every": 100,
                "optimiser": base["optimiser"] | {"decay": "linear"}}
    small = {"delay": 4, "length": 40}  # long strings: what is left of old letters disturbs it, so that it forgets them
    runs["echo-small-gru"] = RECIPES["fast"].config | {
        "name": "Small GRU, delays 0 to 4", "seed": 1, "steps": 2500, "evaluate_every": 500,
        "task": RECIPES["fast"].config["task"] | small, "network": RECIPES["fast"].config["network"] | {"hidden": 45},
        "optimiser": RECIPES["fast"].config["optimiser"] | {"lr": 0.005}}
    return runs | {"echo-variable-transformer": RECIPES["transformer"].config | {
        "name": "Transformer, delays 0 to 8", "seed": 2, "evaluate_every": 100}}


TASK = Task("echo", "Echo", EchoConfig, dimensions, batch, evaluate, RECIPES, chance=1 / 26,
            alphabet=lambda config: ALPHABET.symbols, shipped=shipped,
            repeats=lambda config, condition: config.delay if condition is None else condition)
