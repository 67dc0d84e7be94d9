"""Data that a person attached to an opened network: a text that it predicts, or random symbols that it repeats."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Int

from seqlab.data import corpora
from seqlab.data.batching import Batch
from seqlab.data.vocabulary import Vocabulary
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.tasks import Figures, Predict, no_data

if TYPE_CHECKING:
    import torch

TRAINED = 0.9  # of a text; the rest evaluates
EVALUATED = 256  # sequences of an evaluation


def batch(config: Any, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Draw windows of the attached text at random places, or random symbols to repeat; raises Fault without data."""
    return _drawn(config, size, generator, trains=True)


def evaluate(config: Any, predict: Predict, generator: "torch.Generator") -> Figures:
    """Evaluate on windows of the held-out end of the text, or on fresh symbols: loss in nats, and accuracy."""
    drawn = _drawn(config, EVALUATED, generator, trains=False)
    log_p = predict(drawn.inputs, drawn.condition).log_softmax(-1)
    loss = -log_p.gather(-1, drawn.targets[..., None])[..., 0] * drawn.weight
    right = (log_p.argmax(-1) == drawn.targets) * drawn.scored
    count = max(1.0, drawn.scored.sum().item())
    return {"accuracy": right.sum().item() / count, "loss": loss.sum().item() / count}


def _drawn(config: Any, size: int, generator: "torch.Generator", trains: bool) -> Batch:
    if config.corpus is not None:
        return _windows(config, size, generator, trains)
    return _repeated(config, size, generator) if config.random else no_data()


def _windows(config: Any, size: int, generator: "torch.Generator", trains: bool) -> Batch:
    import torch

    ids = known(config.alphabet, corpora.prepared(config.corpus, config.preparation))
    cut = int(TRAINED * len(ids))
    part = ids[:cut] if trains else ids[cut:]
    if len(part) <= config.window:
        raise Fault(f"The text has {counted(len(ids), 'symbol')} that this network knows, too few for windows of "
                    f"{config.window}; attach a longer one.")
    first = torch.randint(len(part) - config.window, (size,), generator=generator, device=generator.device)
    places = first[:, None] + torch.arange(config.window + 1, device=generator.device)
    window = torch.from_numpy(part).to(generator.device)[places]
    every = torch.ones_like(window[:, 1:], dtype=torch.float32)
    return Batch(window[:, :-1].contiguous(), window[:, 1:].contiguous(), every, every)


def _repeated(config: Any, size: int, generator: "torch.Generator") -> Batch:
    import torch

    def numbers(most: int, *shape: int) -> "torch.Tensor":
        return torch.randint(most, shape, generator=generator, device=generator.device)

    ids = numbers(config.count, size, config.window)
    condition = numbers(config.conditions, size) if config.conditions else None
    delays = condition if config.delay is None and condition is not None else torch.full_like(ids[:, 0], config.delay)
    source = torch.arange(config.window, device=generator.device) - delays[:, None]
    echoes = (source >= 0).float()
    return Batch(ids, ids.gather(1, source.clamp(min=0)), echoes, echoes, condition)


def known(alphabet: Vocabulary, text: str) -> Int[np.ndarray, " time"]:
    """Write ids for a text; symbols that the network does not know are its unknown, or left out where it has none."""
    return _known(alphabet.symbols, alphabet.unknown, alphabet.level, text)


@lru_cache(maxsize=4)
def _known(symbols: tuple[str, ...], unknown: int | None, level: Any, text: str) -> Int[np.ndarray, " time"]:
    alphabet = Vocabulary(symbols, unknown, level=level)
    return alphabet.encode(text if unknown is not None else alphabet.without_unknown(text))
