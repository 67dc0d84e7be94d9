"""Tiny trained networks of every core, for all tests of pictures of them."""

from collections.abc import Callable
from functools import cache

import pytest

from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Train a network of two layers and six units for one step, once for each core."""
    @cache
    def make(model: str) -> Run:
        network = NetworkConfig(model=model, hidden=6, layers=2, heads=2, embedding=4)
        run = create(tmp_path_factory.mktemp("tiny"), RunConfig(
            task={"name": "echo", "delay": 2, "length": 8}, batch=4, steps=1, device="cpu", network=network))
        assert train(run.path).state == "finished"
        return run
    return make
