"""Torch agrees with the page's NumPy on every text, and a book scored in portions is a book scored at once."""

from pathlib import Path

import numpy as np
import pytest
from torch import Generator

from seqlab.data import corpora
from seqlab.lenses import opened
from seqlab.lenses.reading import codes, contexts, cosines, logits, scored
from seqlab.reference.reading import each_predicted, input_matrix, last_predicted, similarity, surprise
from seqlab.tasks.text import TextConfig, evaluate, scoring
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train

FOX = ("the quick brown fox jumps over a lazy dog and goes home again " * 60).encode()


@pytest.fixture(scope="module", params=[("gru", "embedding"), ("transformer", "embedding"), ("rnn_tanh", "one-hot")],
                ids="-".join)
def text_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    model, form = request.param
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQLAB_CACHE", str(tmp_path_factory.mktemp("cache")))
        name = corpora.add(FOX, "Fox").name
        run: Run = create(tmp_path_factory.mktemp("runs"), RunConfig(
            task={"name": "text", "corpus": name, "num_steps": 12}, steps=40, batch=16, device="cpu",
            network=NetworkConfig(model=model, hidden=16, layers=2, heads=2, embedding=8, input=form)))
        train(run.path)
        yield run


def asked(run: Run) -> tuple[str, int]:
    return str(run.path), run.snapshots()[-1]


def test_torch_reads_a_text_as_numpy_does(text_run: Run) -> None:
    alphabet = text_run.config.task_config.alphabet
    sequences = [alphabet.encode(text) for text in ("the lazy fox goes over the dog again and again", "a dog", "ox")]
    theirs = logits(*asked(text_run), sequences, text_run.sizes.longest)
    for dtype, close in (("float32", 1e-4), ("float64", 1e-10)):
        ours = each_predicted(text_run.core, sequences, text_run.weights(dtype=dtype), text_run.sizes.longest)
        np.testing.assert_allclose(np.concatenate(ours), theirs[dtype], atol=close)


def test_portions_add_up_to_what_training_measured(text_run: Run) -> None:
    config: TextConfig = text_run.config.task_config
    parts = [scored(*asked(text_run), rows[start:start + 7], first, None, 0, start == 0)
             for rows, first in scoring(config) for start in range(0, len(rows), 7)]
    loss, right, count = (sum(part[key] for part in parts) for key in ("loss", "right", "count"))
    network = opened.network(*asked(text_run))
    told = evaluate(config, lambda ids, _: network(ids), Generator())
    assert loss / count == pytest.approx(told["loss"], rel=1e-5)
    assert right / count == pytest.approx(told["accuracy"], abs=1e-3)
    assert parts[0]["agreement"]["float64"].holds
    assert parts[0]["agreement"]["float32"].holds
    assert not sum(part["unknown"] for part in parts)


def test_padding_is_not_counted_and_unknown_characters_are_counted_apart(text_run: Run) -> None:
    rows = np.array([[3, 4, 5, 0, 1], [3, 4, 1, 1, 1]])
    every, without = (scored(*asked(text_run), rows, 0, pad, 0, False) for pad in (None, 1))
    assert (every["count"], without["count"]) == (8, 4)
    assert every["unknown"] == 1
    assert 0 < every["unknown_loss"] < every["loss"]
    later = scored(*asked(text_run), rows, 3, None, 0, False)
    assert later["count"] == 2
    assert later["agreement"] is None


def test_a_context_is_the_last_characters_and_nothing_before(text_run: Run) -> None:
    ids = text_run.config.task_config.alphabet.encode(FOX.decode())
    rows = np.stack([ids[start:start + 13] for start in range(0, 40, 5)])
    found = contexts(*asked(text_run), rows, (1, 3, 12), True)
    assert found["surprise"].shape == (3, 8)
    for row, length in enumerate((1, 3, 12)):
        ours = last_predicted(text_run.core, rows[:, -1 - length:-1], text_run.weights())
        np.testing.assert_allclose(found["surprise"][row], surprise(ours, rows[:, -1]), rtol=1e-5)
    assert all(part.holds for part in found["agreement"].values())
    changed = rows.copy()
    changed[:, 0] = 1 + changed[:, 0] % 5  # only the longest context reaches so far
    again = contexts(*asked(text_run), changed, (1, 3, 12), False)["surprise"]
    np.testing.assert_array_equal(again[:2], found["surprise"][:2])
    assert not np.array_equal(again[2], found["surprise"][2])


def test_rows_that_torch_looks_up_are_those_of_the_matrix(text_run: Run) -> None:
    for dtype, rows in codes(*asked(text_run)).items():
        np.testing.assert_array_equal(rows, input_matrix(Run(Path(text_run.path)).weights(dtype=dtype))[1])


def test_cosines_are_those_of_torch() -> None:
    rows = np.random.default_rng(4).normal(0, 1, (6, 20)).astype(np.float32)
    rows[2] = 0
    found = cosines(rows)
    np.testing.assert_allclose(found["float64"], similarity(rows.astype(np.float64)), atol=1e-12)
    np.testing.assert_allclose(found["float32"], similarity(rows), atol=1e-5)
