"""Echo: say again what was heard ``delay`` steps ago, with a fixed delay or with one that is told to the network."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from jaxtyping import Int
from pydantic import BaseModel, ConfigDict, Field

from seqlab.data.batching import Batch
from seqlab.data.vocabulary import Vocabulary
from seqlab.tasks import Dimensions, Recipe, Task

if TYPE_CHECKING:
    import torch

BLANK = 0
LETTERS = "·abcdefghijklmnopqrstuvwxyz"
ALPHABET = Vocabulary(LETTERS)
LONGEST_WORD = 60
LENGTHS = 11  # an evaluation takes strings of so many lengths


class EchoConfig(BaseModel):
    """Settings of the echo task.

    ``delay`` is the delay itself (fixed) or the largest one (variable); ``length`` the letters of a training
    sequence. ``loss_on``: the first ``delay`` answers are blanks that need no memory; they can count in the loss
    or not. ``endings``: half of the sequences end in up to ``delay`` blanks, so that the network learns to finish
    an echo after the word is over.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Literal["fixed", "variable"] = "variable"
    delay: Annotated[int, Field(ge=0, le=32)] = 8
    length: Annotated[int, Field(ge=1, le=500)] = 20
    loss_on: Literal["all", "echo"] = "all"
    endings: bool = False

    @property
    def delays(self) -> range:
        """The delays that the network is trained for."""
        return range(self.delay + 1) if self.form == "variable" else range(self.delay, self.delay + 1)


def dimensions(config: EchoConfig) -> Dimensions:
    """Sizes for the network: 27 symbols in and out, one condition for each delay where the delay varies."""
    conditions = config.delay + 1 if config.form == "variable" else 0
    longest = max(config.length, *lengths_judged(config.delay))
    return Dimensions(len(ALPHABET), len(ALPHABET), conditions, config.delay, longest)


def lengths_judged(delay: int) -> range:
    """Letters of the strings that judge a delay: 15 to 25, or 1 to 11 beyond a delay of 15 or more."""
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
    """Draw a batch of random letters and their echo, on the generator's device."""
    import torch

    where: Any = {"generator": generator, "device": generator.device}
    inputs = torch.randint(1, len(ALPHABET), (size, config.length), **where)
    delays = torch.randint(config.delays.start, config.delays.stop, (size,), **where)
    if config.endings:
        blanks = (torch.rand((size,), **where) * (delays + 1)).long() * torch.randint(0, 2, (size,), **where)
        time = torch.arange(config.length, device=generator.device)
        inputs = torch.where(time >= config.length - blanks[:, None], BLANK, inputs)
    targets, echo = shifted(inputs, delays)
    weight = echo if config.loss_on == "echo" else torch.ones_like(echo)
    return Batch(inputs, targets, weight.float(), echo.float(), delays if config.form == "variable" else None)


def correct(predict: Callable[..., "torch.Tensor"], config: EchoConfig, delays: "torch.Tensor",
            lengths: "torch.Tensor", generator: "torch.Generator") -> tuple["torch.Tensor", "torch.Tensor"]:
    """Echo one random string for each pair of a delay and a length, all in one pass.

    Returns which answers are right and which positions are judged, those from the delay to the string's end, both
    ``strings time``. The shorter strings are padded with more letters: what comes after a string's end cannot
    change the answers before it.
    """
    import torch

    where: Any = {"generator": generator, "device": generator.device}
    delays, lengths = delays.to(generator.device), lengths.to(generator.device)
    inputs = torch.randint(1, len(ALPHABET), (len(lengths), int(lengths.max())), **where)
    targets, echo = shifted(inputs, delays)
    judged = echo & (torch.arange(inputs.shape[1], device=generator.device) < lengths[:, None])
    answer = predict(inputs, delays if config.form == "variable" else None).argmax(-1)
    return (answer == targets) & judged, judged


def evaluate(config: EchoConfig, predict: Callable[..., "torch.Tensor"], generator: "torch.Generator",
             strings: int = 500) -> dict[str, Any]:
    """Echo ``strings`` fresh strings of 15 to 25 letters, spread evenly over delays and lengths.

    A delay of 15 or more takes strings of 1 to 11 letters beyond it. Returns ``accuracy`` (mean over delays of the
    share of right letters after the delay) and ``by_delay``.
    """
    import torch

    share = max(1, -(-strings // (len(config.delays) * LENGTHS)))
    delays = torch.tensor(list(config.delays)).repeat_interleave(LENGTHS * share)
    lengths = torch.tensor([list(lengths_judged(delay)) * share for delay in config.delays]).flatten()
    right, judged = correct(predict, config, delays, lengths, generator)
    shape = len(config.delays), -1
    shares = right.view(shape).sum(-1, dtype=torch.double) / judged.view(shape).sum(-1)
    return {"accuracy": shares.mean().item(), "by_delay": dict(zip(config.delays, shares.tolist(), strict=True))}


def read(text: str) -> tuple[str, str]:
    """Take what a person typed and keep what echo can say.

    Returns the word in letters a-z, at most 60 of them, and one plain sentence about what was changed ("" if nothing).
    """
    letters = [c for c in text.lower() if "a" <= c <= "z"]
    others = {c for c in text.lower() if not ("a" <= c <= "z" or c.isspace())}
    notes = []
    if others:
        listed = " ".join(sorted(others)[:8])
        notes.append(f"Echo knows the letters a to z, so it left out {listed}{' …' if len(others) > 8 else ''}")
    if len(letters) > LONGEST_WORD:
        notes.append(f"Only the first {LONGEST_WORD} of {len(letters)} letters are shown")
    return "".join(letters[:LONGEST_WORD]), ". ".join(notes) + ("." if notes else "")


def inputs_for(word: str, delay: int) -> Int[np.ndarray, "1 time"]:
    """Ids of a word followed by as many blanks as its echo needs to end."""
    return ALPHABET.encode(word + ALPHABET.symbols[BLANK] * delay)[None]


def target_for(word: str, delay: int) -> str:
    """What a perfect echo of the word says, blanks first."""
    return ALPHABET.symbols[BLANK] * delay + word


_VARIABLE = {"name": "echo", "form": "variable", "delay": 8, "length": 20}
_FIXED = {"name": "echo", "form": "fixed", "delay": 4, "length": 15}

RECIPES = {
    "fast": Recipe(
        "Variable delay, fast",
        "Delays 0 to 8, told with each string. The weights start as a delay line, and the learning rate falls to 0: "
        "over 99 % in a quarter of a minute.",
        {"task": _VARIABLE | {"endings": True}, "batch": 64, "steps": 1500,
         "network": {"model": "gru", "hidden": 128, "initialisation": "delay-line"},
         "optimiser": {"lr": 0.003, "decay": "linear", "clip": 0.5}}),
    "plain": Recipe(
        "Variable delay, plain",
        "The same network and task, as published: torch's own initial weights and a constant learning rate. It gets "
        "there too, more than ten times later.",
        {"task": _VARIABLE, "batch": 64, "steps": 15000, "stop_at": 0.993,
         "network": {"model": "gru", "hidden": 128}, "optimiser": {"lr": 0.003, "clip": 0.5}}),
    "transformer": Recipe(
        "Variable delay, attention",
        "Delays 0 to 8 without a memory: a transformer looks each letter up where it was heard. Over 99 % in half a "
        "minute. Its strings are as long as any that can be typed, for it knows no position beyond them.",
        {"task": _VARIABLE | {"length": LONGEST_WORD + 8, "endings": True}, "batch": 32, "steps": 1200,
         "network": {"model": "transformer", "hidden": 48, "layers": 2, "heads": 4, "embedding": 32},
         "optimiser": {"lr": 0.003, "warmup": 100, "decay": "linear", "clip": 1.0}}),
    "fixed": Recipe(
        "Fixed delay, fast",
        "Delay 4, one-hot letters, one pass over 10,000 strings. The weights start as a delay line.",
        {"task": _FIXED | {"endings": True}, "batch": 64, "steps": 156,
         "network": {"model": "gru", "hidden": 128, "input": "one-hot", "initialisation": "delay-line"},
         "optimiser": {"lr": 0.01, "clip": 0.01}, "evaluate_every": 40}),
    "fixed-plain": Recipe(
        "Fixed delay, plain",
        "The same pass as published, from torch's own initial weights.",
        {"task": _FIXED, "batch": 64, "steps": 156, "network": {"model": "gru", "hidden": 128, "input": "one-hot"},
         "optimiser": {"lr": 0.01, "clip": 0.01}, "evaluate_every": 40}),
}

TASK = Task("echo", "Echo", EchoConfig, dimensions, batch, evaluate, RECIPES, chance=1 / 26,
            alphabet=lambda config: ALPHABET.symbols)
