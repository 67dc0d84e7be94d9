"""Every setting of every config says in a sentence what it is, and is found by its path."""

import re

import pytest
from pydantic import BaseModel

from seqlab.described import Described
from seqlab.tasks import tasks
from seqlab.training.config import OptimiserConfig, RunConfig
from seqlab.training.network_config import NetworkConfig
from seqlab.training.setting_words import described, fields
from seqlab.training.settings import Settings

CONFIGS = [RunConfig, NetworkConfig, OptimiserConfig, Settings, *(task.config for task in tasks().values())]
SENTENCE = re.compile(r"[A-Z0-9][^\n]{10,}[^.]\.")


def wordless(config: type[BaseModel]) -> list[str]:
    """Settings of a config that say nothing, or no sentence, of themselves."""
    return [name for name, field in config.model_fields.items() if not SENTENCE.fullmatch(field.description or "")]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.__name__)
def test_every_setting_has_its_sentence(config: type[BaseModel]) -> None:
    assert not wordless(config)


def test_one_without_is_found() -> None:
    class Silent(Described):
        said: int = 1
        """What is said here is a
        sentence."""
        unsaid: int = 2

    assert wordless(Silent) == ["unsaid"]
    assert Silent.model_fields["said"].description == "What is said here is a sentence."


def test_a_setting_is_found_by_its_path() -> None:
    assert described("optimiser.lr").startswith("Learning rate: ")
    assert described("steps") != described("network.hidden")
    assert described("task.longest", "grammar") != described("task.longest", "sentiment")
    for path in ("optimiser.rate", "speed", "task.delay"):
        with pytest.raises(KeyError):
            described(path, "hello")


def test_every_setting_has_one_path() -> None:
    common = fields()
    assert {"steps", "network.hidden", "optimiser.clip"} < set(common)
    assert not {"task", "network", "optimiser"} & {path.partition(".")[0] for path in common if "." not in path}
    for name in tasks():
        assert set(fields(name)) > set(common)
