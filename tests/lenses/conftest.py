from pathlib import Path

import pytest

from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train


@pytest.fixture(scope="session", params=[("fixed", "lstm"), ("variable", "lstm"), ("variable", "transformer")],
                ids="-".join)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A small run of a few steps, finished."""
    form, model = request.param
    config = RunConfig(task={"name": "echo", "form": form, "delay": 2, "length": 8}, steps=30, batch=32,
                       network=NetworkConfig(model=model, hidden=12, layers=2, embedding=6), device="cpu")
    made: Run = create(Path(tmp_path_factory.mktemp("runs")), config)
    assert train(made.path).state == "finished"
    return made


@pytest.fixture(scope="session")
def recurrent_run(run: Run) -> Run:
    """One of them with a state that it carries through time."""
    if not run.core.state:
        pytest.skip("a transformer carries no state from one time to the next")
    return run
