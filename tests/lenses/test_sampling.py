"""Torch, asked to draw the same text with the same random numbers, must come to the same ids."""

from collections.abc import Callable
from dataclasses import astuple, replace

import numpy as np
import pytest
import torch

from seqlab.agreement import compare
from seqlab.errors import Fault
from seqlab.lenses import sampling
from seqlab.reference.core import cores
from seqlab.reference.intervention import CODES, Intervention
from seqlab.reference.sampling import Choice, Sampled, sample, shape, uniforms
from seqlab.training.config import RunConfig
from seqlab.training.engine import Engine
from seqlab.training.run import Run, create
from seqlab.training.session import train

TEMPERATURES = (0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 1.0, 1.5, 2.0)
ROWS = (*map(Choice, TEMPERATURES), Choice(alpha=30.0), Choice(top_k=3), Choice(0.8, top_p=0.6),
        Choice(0.7, 2.0, 5, 0.9), Choice(0.5, divide_probabilities=True))
COUNT = 60  # a transformer of 16 characters has moved its window five times


def train_small(root: object, task: dict, **network: object) -> Run:
    sizes = {"hidden": 12, "heads": 3, "layers": 2, "embedding": 6, "context": 24} | network
    made: Run = create(root, RunConfig(task=task, steps=8, batch=8, network=sizes, optimiser={"lr": 0.05},
                                       evaluate_every=8, device="cpu"))
    assert train(made.path).state == "finished"
    return made


@pytest.fixture(scope="module")
def text_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Runs of a few steps on the text that comes with Python, each trained once."""
    made: dict[tuple, Run] = {}

    def run(model: str = "gru", positions: str = "sinusoidal") -> Run:
        if (model, positions) not in made:
            task = {"name": "text", "corpus": "python-topics", "num_steps": 16}
            made[model, positions] = train_small(tmp_path_factory.mktemp("text"), task, model=model,
                                                 positions=positions)
        return made[model, positions]
    return run


def drawn(run: Run, dtype: str = "float64", rows: tuple[Choice, ...] = ROWS, text: str = "the list of ",
          start: tuple[int, ...] = (), changes: tuple[Intervention, ...] = ()) -> tuple[Sampled, dict]:
    """A sample in NumPy, and what torch is to be told about it."""
    letters = run.config.task_config.alphabet
    options = {"masked": letters.masked, "end": letters.end, "start": start}
    prompt, draws = letters.encode(text), uniforms(3, COUNT)
    found = sample(run.core, run.weights(dtype=dtype), prompt, rows, draws, reach=run.sizes.longest, **options,
                   changes=changes)
    return found, {"path": str(run.path), "step": run.snapshots()[-1], "prompt": prompt.tolist(), "ids": found.ids,
                   "choices": [astuple(choice) for choice in rows], "draws": draws, "dtype": dtype,
                   "changes": changes, **options}


def probabilities(found: Sampled, rows: tuple[Choice, ...], masked: frozenset[int]) -> np.ndarray:
    p = np.zeros(found.logits.shape)
    for row, choice in enumerate(rows):
        p[row, :found.lengths[row]] = shape(found.logits[row, :found.lengths[row]], choice, masked).p
    return p


@pytest.mark.parametrize(("model", "positions"), [
    (name, positions) for name, core in cores().items() if core.sees != "all"
    for positions in (("sinusoidal", "learned") if core.heads else ("sinusoidal",))])
def test_torch_draws_the_same_ids(text_run: Callable[..., Run], model: str, positions: str) -> None:
    found, asked = drawn(text_run(model, positions))
    theirs = sampling.again(**asked)
    np.testing.assert_array_equal(theirs.ids, found.ids)
    ours = {"logits": found.logits, "p": probabilities(found, ROWS, asked["masked"])}
    assert compare(ours, {"logits": theirs.logits, "p": theirs.p}).largest <= 1e-10
    np.testing.assert_allclose(theirs.prompt_logits, found.prompt_logits, atol=1e-12)
    assert len({tuple(row) for row in found.ids.tolist()}) > 5, "all temperatures drew the same text"


@pytest.mark.parametrize(("model", "where"), [("gru", "z.1"), ("transformer", "heads.0")])
def test_a_changed_network_writes_the_same_in_torch(text_run: Callable[..., Run], model: str, where: str) -> None:
    state = (Intervention("h.0", "add", 0.5, None, (-1,)),) if model == "gru" else ()
    changes = (Intervention(where, "set", 0.9, (1,)), Intervention(CODES, "scale", 0.0, (4, 5)), *state)
    (found, asked), (whole, _) = drawn(text_run(model), changes=changes), drawn(text_run(model))
    theirs = sampling.again(**asked)
    np.testing.assert_array_equal(theirs.ids, found.ids)
    assert np.abs(theirs.logits - found.logits).max() <= 1e-10
    assert np.abs(found.logits - whole.logits).max() > 1e-3
    with pytest.raises(Fault, match="a change holds at every time"):
        drawn(text_run(model), changes=(Intervention("x", times=(3,)),))
    with pytest.raises(Fault, match="Nothing can be taken from another input while text is drawn"):
        drawn(text_run(model), changes=(Intervention("x", "patch", source=(1, 2)),))


@pytest.mark.parametrize("model", ["gru", "transformer"])
def test_in_float32_they_agree_as_far_as_it_goes(text_run: Callable[..., Run], model: str) -> None:
    rows = (Choice(0.5), Choice(), Choice(2.0))
    found, asked = drawn(text_run(model), "float32", rows)
    theirs = sampling.again(**asked)
    assert theirs.logits.dtype == np.float32
    ours = {"logits": found.logits, "p": probabilities(found, rows, asked["masked"])}
    assert compare(ours, {"logits": theirs.logits, "p": theirs.p}).largest <= 1e-5


def test_another_temperature_or_other_numbers_are_seen(text_run: Callable[..., Run]) -> None:
    found, asked = drawn(text_run(), rows=(Choice(),))
    assert (sampling.again(**asked | {"choices": [astuple(Choice(0.9))]}).p != sampling.again(**asked).p).any()
    assert (sampling.again(**asked | {"draws": uniforms(4, COUNT)}).ids != found.ids).any()
    assert (sampling.again(**asked | {"masked": (2, 3)}).p != sampling.again(**asked).p).any()
    with pytest.raises(Fault):
        sampling.again(**asked | {"step": 123_456})


def test_a_transformer_that_sees_other_windows_is_seen(text_run: Callable[..., Run],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = drawn(text_run("transformer"))
    monkeypatch.setattr(sampling, "reach", lambda run: 12)
    assert np.abs(sampling.again(**asked).logits - found.logits).max() > 1e-3


@pytest.mark.parametrize("model", ["gru", "transformer"])
def test_sentences_end(tmp_path_factory: pytest.TempPathFactory, model: str) -> None:
    run = train_small(tmp_path_factory.mktemp("sentences"), {"name": "sentences", "longest": 20}, model=model)
    letters = run.config.task_config.alphabet
    rows = tuple(replace(choice, alpha=0.1) for choice in ROWS)  # so that the mark for the end comes soon
    found, asked = drawn(run, rows=rows, text="Th", start=(letters.begin,))
    assert found.lengths.min() < COUNT
    theirs = sampling.again(**asked)
    np.testing.assert_array_equal(theirs.ids, found.ids)
    np.testing.assert_allclose(theirs.logits, found.logits, atol=1e-10)
    np.testing.assert_allclose(theirs.p, probabilities(found, rows, asked["masked"]), atol=1e-10)


def test_a_worker_can_be_asked(engine: Engine, text_run: Callable[..., Run]) -> None:
    found, asked = drawn(text_run(), rows=(Choice(0.7),))
    answer = engine.ask("seqlab.lenses.sampling:again", **asked).result(60)
    np.testing.assert_array_equal(answer.ids, found.ids)


def test_the_torch_sampler_alone() -> None:
    p = torch.tensor([[0.0, 0.25, 0.0, 0.75, 0.0]] * 4, dtype=torch.float64)
    draws = torch.tensor([0.0, 0.25, np.nextafter(0.25, 0), np.nextafter(1, 0)], dtype=torch.float64)
    assert sampling.drawn(p, draws).tolist() == [1, 3, 1, 3]
    assert sampling.drawn(0.9999 * p, torch.full((4,), 0.99999, dtype=torch.float64)).tolist() == [3] * 4


@pytest.mark.parametrize("choice", ROWS, ids=str)
def test_both_shape_alike(choice: Choice) -> None:
    """Ties too, and masks: a symbol must not come or go by which program is asked."""
    logits = np.random.default_rng(0).normal(0, 4, (50, 12)).round(0)
    logits[:, 4] = -np.inf
    ours = shape(logits, choice, (2, 7)).p
    np.testing.assert_allclose(sampling.shaped(torch.from_numpy(logits), choice, (2, 7)).numpy(), ours, atol=1e-14)
