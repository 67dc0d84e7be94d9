"""How well a run echoes: by delay, and by the length of the string, well beyond what it was trained on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float

from seqlab.lenses import opened
from seqlab.models.network import SequenceNetwork
from seqlab.tasks import echo
from seqlab.training.run import Run


def by_delay(path: str, step: int, strings: int = 990, seed: int = 1) -> dict[int, float]:
    """Share of right letters after the delay, for each delay, on fresh strings of 15 to 25 letters."""
    with torch.inference_mode():
        figures = echo.evaluate(_config(path), opened.network(path, step), _generator(seed), strings)
    return figures["by_delay"]


def by_length(path: str, step: int, lengths: Sequence[int], strings: int = 180,
              seed: int = 2) -> Float[np.ndarray, " lengths"]:
    """Share of right letters after the delay, mean over delays, for strings of each length.

    NaN for a length too short to be echoed, and for one beyond the positions that a transformer has learned.
    """
    config, network, generator = _config(path), opened.network(path, step), _generator(seed)
    reach = Run(Path(path)).config.network.reach
    share = max(1, strings // len(config.delays))
    shares = []
    for length in lengths:
        delays = torch.tensor([delay for delay in config.delays if delay < length]).repeat_interleave(share)
        known = len(delays) and (reach is None or length <= reach)
        shares.append(_share(network, config, delays, length, generator) if known else float("nan"))
    return np.array(shares)


@torch.inference_mode()
def _share(network: SequenceNetwork, config: echo.EchoConfig, delays: torch.Tensor, length: int,
           generator: torch.Generator) -> float:
    right, scored = echo.correct(network, config, delays, torch.full_like(delays, length), generator)
    return (right.sum(-1) / scored.sum(-1)).mean().item()


def _config(path: str) -> echo.EchoConfig:
    return Run(Path(path)).config.task_config


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
