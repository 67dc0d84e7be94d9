"""A network measured against its grammar: figures that must agree with one another, with torch, and with the truth."""

from pathlib import Path

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from seqlab.lenses import grammar
from seqlab.lenses.strings import Reader, StringReading, means
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train

LANGUAGES = {"brackets": {"grammar": "brackets"}, "words": {"grammar": "toy-english", "level": "word"},
             "own": {"grammar": 'S -> "a" S [0.6] | "b"'}}


def made(folder: Path, task: dict[str, object], **network: object) -> Run:
    run: Run = create(folder, RunConfig(
        task={"name": "grammar", "strings": 400, "longest": 24, **task}, batch=20, steps=60, device="cpu",
        network={"model": "lstm", "hidden": 8, "embedding": 5, **network}, optimiser={"lr": 0.02}))
    assert train(run.path).state == "finished"
    return run


@pytest.fixture(scope="module", params=LANGUAGES)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made(tmp_path_factory.mktemp("runs"), LANGUAGES[request.param])


@pytest.fixture(scope="module")
def found(run: Run) -> dict[str, object]:
    return grammar.truth(str(run.path), run.snapshots()[-1])


def test_loss_is_the_floor_and_the_divergence(run: Run, found: dict[str, object]) -> None:
    held = found["held"]
    assert held["kl"] > 0
    assert held["loss"] == pytest.approx(held["floor"] + held["kl"], abs=0.1)
    assert 0 < held["allowed"] <= 1
    assert run.status.validation == pytest.approx(held["loss"], abs=0.1)  # torch, on more of the same strings


def test_over_many_strings_loss_and_divergence_agree(run: Run) -> None:
    """Averaged over what may come, and not over what came, the loss less the entropy is KL."""
    reader, language = Reader(run, run.snapshots()[-1]), run.config.task_config.language
    found = means(reader.readings(language.draw(np.random.default_rng(0), 1500, 24)))
    assert found["loss"] - found["floor"] == pytest.approx(found["kl"], abs=0.05)


def test_torch_agrees(found: dict[str, object]) -> None:
    assert all(part.holds and part.numbers > 500 for part in found["agreement"].values())


def test_probes_read_what_is_known(run: Run, found: dict[str, object]) -> None:
    probes = found["probes"]
    assert {probe["symbol"] for probe in probes} == {"h", "c"}
    for probe in probes:
        assert probe["r2"] <= 1
        assert len(probe["weight"]) == len(probe["follows"]) == 8
        assert np.abs(probe["follows"]).argmax() == probe["index"] == probe["unit"]
    assert max(probe["r2"] for probe in probes) > 0.5


def test_lengths_and_depths_go_beyond_the_training(run: Run, found: dict[str, object]) -> None:
    lengths = found["lengths"]
    assert found["longest"] <= 24
    assert lengths[-1]["high"] == 3 * found["longest"] > found["longest"]
    assert [part["low"] for part in lengths] == sorted(part["low"] for part in lengths)
    assert bool(found["depths"]) == ("(" in run.config.task_config.language.tokens)
    if run.config.task_config.grammar == "brackets":
        assert max(part["depth"] for part in found["depths"]) > found["deepest"] > 1


def test_layers_are_told_apart_and_learned_positions_are_respected(tmp_path: Path) -> None:
    run = made(tmp_path, {"grammar": "brackets"}, model="transformer", heads=2, layers=2, positions="learned",
               context=30)
    found = grammar.truth(str(run.path), run.snapshots()[-1])
    assert {probe["layer"] for probe in found["probes"]} <= {0, 1}
    assert all(len(probe["weight"]) == 16 and probe["unit"] < 8 for probe in found["probes"])
    assert found["lengths"][-1]["high"] <= 29


def test_strings_that_judge_probes_are_others_of_the_same_kind(run: Run) -> None:
    held = run.config.task_config.source.held_out()
    fitted, fresh = grammar.divided(held)
    assert not set(fitted) & set(fresh)
    assert min(len(fitted), len(fresh)) > 60
    whole = np.mean([len(string) for string in set(held)])
    for part in (fitted, fresh):
        assert np.mean([len(string) for string in set(part)]) == pytest.approx(whole, rel=0.35)
    assert grammar.divided([("a",)] * 9)[1] == [("a",)] * 9


def test_means_are_over_positions_and_may_be_those_at_a_depth() -> None:
    one, other = (StringReading(("a",), {}, {}, *(np.full(size, float(size)) for _ in range(5))) for size in (2, 3))
    assert means([one, other])["kl"] == pytest.approx((2 * 2 + 3 * 3) / 5)
    assert means([one, other], 3.0)["loss"] == 3


def test_a_string_outside_the_alphabet_is_not_read(run: Run) -> None:
    with pytest.raises((KeyError, TypeCheckError)):
        Reader(run, run.snapshots()[-1]).readings([("§",)])
