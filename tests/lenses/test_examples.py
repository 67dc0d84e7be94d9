"""An example of every task, whichever it is: what a page shows of a task that has no input of its own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from seqlab import tasks as registry
from seqlab.lenses import examples
from seqlab.tasks import Task, tasks
from seqlab.training import words
from seqlab.training.run import Run
from tests.support.data import SHARED, need


@pytest.fixture(params=[task.name for task in tasks().values() if task.has_data(task.config())])
def run(request: pytest.FixtureRequest, make_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> Run:
    if request.param == "text":
        need("timemachine.txt")
        monkeypatch.setenv("SEQLAB_DATA", str(SHARED))
    made = make_run(task={"name": request.param})
    words.keep(made.path, made.config)
    return made


def test_every_task_has_examples_that_can_be_shown(run: Run) -> None:
    sizes = run.sizes
    assert len(run.classes) == sizes.classes
    assert 0 < len(run.symbols) <= sizes.symbols  # a text may have fewer words than the network has room for
    drawn = [examples.drawn(str(run.path), seed) for seed in range(4)]
    for one in drawn:
        assert one.ids.shape[0] == 1
        assert one.targets.shape == one.weight.shape == one.scored.shape == (1, 1 if sizes.whole else one.ids.shape[1])
        assert (one.condition is not None) is bool(sizes.conditions)
        assert all(run.symbols[place] for place in one.ids[0])
        assert all(run.classes[place] for place in one.targets[0])
        assert one.weight.any()
    again = [examples.drawn(str(run.path), seed) for seed in range(4)]
    assert all(np.array_equal(one.ids, other.ids) for one, other in zip(drawn, again, strict=True))
    varies = run.config.task["name"] != "hello"  # which has one pair of words alone
    assert any(not np.array_equal(drawn[0].ids, other.ids) for other in drawn[1:]) is varies


def test_nothing_that_fills_a_batch_up_is_shown(make_run: Callable[..., Run]) -> None:
    run = make_run(task={"name": "grammar", "by": "tokens", "budget": 300, "strings": 100, "longest": 40})
    for seed in range(5):
        one = examples.drawn(str(run.path), seed)
        assert (one.ids != run.config.task_config.alphabet.pad).all()
        assert one.weight.all()


def test_a_task_that_names_no_symbols_has_them_numbered(make_run: Callable[..., Run],
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    nameless: dict[str, Task] = {"echo": replace(tasks()["echo"], alphabet=None)}
    run = make_run()
    monkeypatch.setattr("seqlab.training.config.tasks", lambda: nameless)
    assert list(run.symbols) == list(run.classes) == [str(number) for number in range(27)]
    assert registry.tasks()["echo"].alphabet is not None
