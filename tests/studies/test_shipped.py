"""The networks that come with seqlab: all there, all good, all proved, and small."""

from pathlib import Path

import numpy as np
import pytest

from seqlab.agreement import compare
from seqlab.data.generated import generate
from seqlab.lenses import echo, proof
from seqlab.reference.network import network
from seqlab.reference.sampling import Choice, sample, uniforms
from seqlab.studies import shipped
from seqlab.tasks.echo import inputs_for
from seqlab.training.config import RunConfig
from seqlab.training.run import Run

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"
NAMES = list(shipped.configs())
COMMON = ("the of and a i in to was it that had my as with at me for on is but were this time his all there from "
          "machine so into upon one no saw not be have some then little by an out they he great you his")
ECHO = [name for name, config in shipped.configs().items() if config["task"]["name"] == "echo"]


def opened(name: str) -> Run:
    return Run(CHECKPOINTS / name)


def asked(run: Run) -> tuple[np.ndarray, np.ndarray | None]:
    """What a page would ask of a run first: a word, and a delay where it takes one as a condition."""
    if run.config.task["name"] == "sentiment":
        return run.vocabulary.encode("not a bad film at all")[None], None
    if run.predicts_next:
        return run.config.task_config.alphabet.encode("the time traveller")[None], None
    if run.config.task["name"] != "echo":
        return run.config.task_config.inputs, None
    return inputs_for("story", 4), np.array([4]) if run.sizes.conditions else None


def test_what_is_shipped_is_what_the_command_makes() -> None:
    assert {path.name for path in CHECKPOINTS.iterdir()} == {*NAMES, "results"}
    for name, config in shipped.configs().items():
        assert opened(name).config == RunConfig(**config)


def test_all_of_it_stays_small() -> None:
    assert sum(file.stat().st_size for file in CHECKPOINTS.rglob("*")) < 40e6


@pytest.mark.parametrize("name", ECHO)
def test_it_echoes_better_than_published(name: str) -> None:
    run = opened(name)
    measured = echo.by_delay(str(run.path), run.snapshots()[-1], seed=7)
    assert list(measured) == list(run.config.task_config.delays)
    assert min(measured.values()) >= 0.993


@pytest.mark.parametrize("name", ECHO)
def test_it_finishes_the_echo_of_a_word(name: str) -> None:
    run = opened(name)
    for delay in run.config.task_config.delays:
        condition = np.array([delay]) if run.sizes.conditions else None
        trace = network(run.core, inputs_for("remember", delay), run.weights(), condition=condition)
        assert trace["p"][0].argmax(-1)[delay:].tolist() == inputs_for("remember", 0)[0].tolist()


def test_the_transformer_looks_the_letter_up_where_it_was_heard() -> None:
    run, delay = opened("echo-variable-transformer"), 3
    trace = network(run.core, inputs_for("remember", delay), run.weights(), condition=np.array([delay]))
    looked = trace["attention.1"][0].mean(0)[delay:].argmax(-1)  # of the upper layer, all heads together
    assert looked.tolist() == list(range(len("remember")))


def test_the_transformer_echoes_any_word_that_can_be_typed() -> None:
    run, draw = opened("echo-variable-transformer"), np.random.default_rng(0)
    for letters in (1, 2, 5, 13, 30, 60):
        for delay in run.config.task_config.delays:
            word = "".join(chr(97 + letter) for letter in draw.integers(0, 26, letters))
            trace = network(run.core, inputs_for(word, delay), run.weights(), condition=np.array([delay]))
            assert trace["p"][0].argmax(-1)[delay:].tolist() == inputs_for(word, 0)[0].tolist(), (word, delay)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_tells_the_story_and_every_frame_is_proved(name: str) -> None:
    run = opened(name)
    steps, (ids, condition) = run.snapshots(), asked(run)
    size = (run.path / f"weights/step-{steps[-1]:08d}.safetensors").stat().st_size
    assert (15 if size < 500_000 else 3) <= len(steps) <= 25
    assert (steps[0], steps[-1]) == (0, run.config.steps)
    for dtype in ("float32", "float64"):
        torch_traces = proof.passes(str(run.path), steps, ids, condition, dtype)
        for step, trace in zip(steps, torch_traces, strict=True):
            assert compare(network(run.core, ids, run.weights(step, dtype), condition=condition,
                                   pooling=run.config.network.pooling), trace).holds


@pytest.mark.parametrize(("name", "perplexity"), [("text-gru", 3.9), ("text-transformer", 4.1), ("text-rnn", 7.6)])
def test_a_reader_of_the_time_machine_predicts_what_it_has_not_read(name: str, perplexity: float) -> None:
    measured = opened(name).metrics()["validation"]
    assert np.exp(measured[np.isfinite(measured)][-1]) < perplexity


@pytest.mark.parametrize("name", ["text-gru", "text-transformer"])
def test_a_reader_of_the_time_machine_writes_words(name: str) -> None:
    run = opened(name)
    alphabet = run.config.task_config.alphabet
    drawn = sample(run.core, run.weights(), alphabet.encode("the time traveller "), [Choice(0.5)], uniforms(1, 300),
                   masked=alphabet.masked, reach=run.sizes.longest)
    words = alphabet.decode(drawn.ids[0]).split()[1:-1]
    known = set(COMMON.split())
    assert len(words) > 30
    assert sum(word in known for word in words) > len(words) / 3
    assert len(set(words)) > 15


@pytest.mark.parametrize(("name", "share"), [("grammar-ndfa", 99), ("grammar-brackets", 97), ("grammar-toy", 90)])
def test_a_writer_of_a_language_stays_in_it(name: str, share: float) -> None:
    run = opened(name)
    measured = generate(run.config.task_config.source, run.core, run.weights(), 500, seed=2, choice=Choice())
    assert 100 * measured.valid >= share


@pytest.mark.parametrize("name", ["sentiment-lstm", "sentiment-mlp"])
def test_a_reader_of_reviews_tells_praise_from_blame(name: str) -> None:
    run = opened(name)

    def liked(review: str) -> float:
        ids = run.vocabulary.encode(review)[None]
        return float(network(run.core, ids, run.weights(), pooling=run.config.network.pooling)["p"][0, -1, 1])

    assert liked("a wonderful film with great actors i loved every minute of it") > 0.9
    assert liked("the worst film ever made boring awful and a waste of time") < 0.1
    measured = run.metrics()["evaluation"]
    assert measured[np.isfinite(measured)][-1] > 0.84


@pytest.mark.parametrize("name", NAMES)
def test_it_has_its_papers_and_nothing_else(name: str) -> None:
    run = opened(name)
    assert run.status.state == "finished"
    assert {"seed", "torch", "data_sha256", "device"} <= set(run.passport)
    assert len(run.metrics()["step"]) > 10
    kinds = {file.relative_to(run.path).parts[0] for file in run.path.rglob("*") if file.is_file()}
    own = {"grammar": {"samples.jsonl"}, "sentiment": {"words.txt"}}.get(run.config.task["name"], set())
    assert kinds == {"config.json", "metrics.jsonl", "passport.json", "status.json", "weights"} | own
