"""How pages speak of runs of each task."""

import pytest

from seqlab.data import corpora
from seqlab.tasks import tasks
from seqlab.training.config import RunConfig
from seqlab.ui.runs.tasks import wording
from seqlab.ui.runs.training_panel import name_of
from tests.support.data import need


def named(task: str, recipe: str, **changes: object) -> str:
    config = RunConfig(**(tasks()[task].recipes[recipe].config | changes))
    return name_of(config).rpartition(" · ")[0]


def test_names_say_what_sets_a_run_apart() -> None:
    assert named("echo", "fast") == "GRU, delays 0 to 8, fast"
    assert named("echo", "fast", steps=7) == "GRU, delays 0 to 8"
    assert named("text", "fast") == "GRU, The Time Machine"
    assert named("text", "transformer") == "Transformer, The Time Machine"
    assert named("sentences", "fast") == "GRU, sentences of Python's language reference"


@pytest.mark.parametrize("task", sorted(tasks()))
def test_every_recipe_of_every_task_can_be_named_and_described(task: str) -> None:
    if task == "text":
        need("timemachine.txt")  # two recipes take their vocabulary from it
    for name, recipe in tasks()[task].recipes.items():
        config = RunConfig(**recipe.config)
        assert len(named(task, name)) <= 80
        assert "\n" not in wording(config).sequences(config.task_config)


def test_a_text_that_is_gone_does_not_stop_a_page(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    config = RunConfig(task={"name": "text", "corpus": "text-0123456789abcdef"})
    assert name_of(config).startswith("GRU, a text that is no longer here")
    assert "windows of 64 characters" in wording(config).sequences(config.task_config)


def test_a_recipe_with_another_text_is_not_opened_to_find_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "corpus", lambda name, progress=None: pytest.fail(f"{name} was opened"))
    corpora.prepared.cache_clear()
    name_of(RunConfig(task={"name": "text", "corpus": "gutenberg-36"}))
