"""The grammar task: strings of the exact distribution, each once an epoch; scores on held-out and generated strings."""

import numpy as np
import pytest
import torch

from seqlab.data.strings import padded
from seqlab.data.vocabulary import BEGIN, END, PAD, UNKNOWN
from seqlab.errors import Fault
from seqlab.models import network
from seqlab.tasks.grammar import RECIPES, GrammarConfig, batch, dimensions, epoch, evaluate, passages, scoring
from seqlab.training.config import RunConfig
from seqlab.training.loop import learner, updates

OWN = 'S -> "a" S "b" [0.4] | "a" "b"'
RULES = {"sequences": {}, "tokens": {"by": "tokens", "budget": 500},
         "alike": {"by": "tokens", "budget": 500, "alike": True, "curriculum": True}}


def config(**changes: object) -> GrammarConfig:
    return GrammarConfig(**({"grammar": "brackets", "strings": 500, "longest": 60} | changes))


def seeded(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def text_of(row: torch.Tensor, task: GrammarConfig) -> str:
    return task.alphabet.decode(row.numpy()).rstrip(PAD)


def test_marks_come_first_and_then_the_tokens() -> None:
    assert config().alphabet.symbols == (PAD, BEGIN, END, UNKNOWN, "(", ")")
    assert config(grammar="toy-english", level="word").alphabet.symbols[4:7] == ("(", ")", "a")
    assert dimensions(config()).symbols == dimensions(config()).classes == 6


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_string_comes_once_an_epoch_whole_and_with_its_end(rule: dict) -> None:
    task = config(**rule)
    steps, seen = epoch(task, 32), []
    for step in range(steps):
        drawn = batch(task, 32, seeded(), step)
        assert drawn.lengths is not None
        rows = zip(drawn.inputs, drawn.targets, drawn.weight, drawn.lengths, strict=True)
        for inputs, targets, weight, length in rows:
            read, targets_text = text_of(inputs, task), text_of(targets, task)
            assert read[0] == BEGIN
            assert targets_text[-1] == END
            assert targets_text[:-1] == read[1:].removesuffix(END)
            assert weight.sum() == length == len(targets_text)
            assert weight[:len(targets_text)].all()
            assert task.language.valid(targets_text[:-1])
            seen.append(targets_text)
        assert drawn.tokens == drawn.weight.sum()
    learned = task.source.training(500)
    bounds = zip(learned.starts + 1, learned.starts + 1 + learned.lengths, strict=True)
    ids = [learned.ids[first:last] for first, last in bounds]
    assert sorted(seen) == sorted(task.alphabet.decode(row.astype(np.int64)) for row in ids)


def test_a_step_alone_says_what_its_batch_holds() -> None:
    generator, resumed = seeded(4), seeded(9)
    whole = [batch(config(), 32, generator, step).inputs for step in range(40)]
    resumed.set_state(generator.get_state())  # as a run that goes on does
    assert torch.equal(batch(config(), 32, resumed, 37).inputs, whole[37])
    assert not torch.equal(batch(config(), 32, seeded(5), 37).inputs, whole[37])


def test_a_packed_batch_says_so_only_where_lengths_differ() -> None:
    packed = [batch(config(padding="pack", alike=True), 32, seeded(), step) for step in range(16)]
    for drawn in packed:
        assert drawn.lengths is not None
        assert drawn.packed == (drawn.lengths.min() < drawn.lengths.max())
    assert {drawn.packed for drawn in packed} == {True, False}
    assert not batch(config(), 32, seeded()).packed


@pytest.mark.parametrize("model", ["lstm", "lstm_sum", "rnn_tanh"])
def test_packing_learns_the_same_as_masking(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loss is that of the real tokens either way; were padding counted, or an end lost, weights would differ."""
    ended: list[dict] = []
    packed: list[int] = []
    plain = network.packed_pass
    monkeypatch.setattr(network, "packed_pass", lambda *given: packed.append(len(ended)) or plain(*given))
    for padding in ("mask", "pack"):
        run = RunConfig(task=config(padding=padding).model_dump() | {"name": "grammar"}, steps=4, batch=16,
                        network={"model": model, "hidden": 6, "layers": 2}, device="cpu")
        state = learner(run, torch.device("cpu"))
        for _ in updates(state):
            pass
        ended.append(state.network.state_dict())
    assert packed == [1] * 4  # the second run packs, at each step
    for name, part in ended[0].items():
        torch.testing.assert_close(part, ended[1][name], rtol=0, atol=2e-5)


def test_only_a_core_with_a_state_can_pack() -> None:
    with pytest.raises(ValueError, match="cannot be packed"):
        RunConfig(task={"name": "grammar", "padding": "pack"}, network={"model": "transformer"})


class Oracle(torch.nn.Module):
    """A network that knows the true distribution; it cannot write one by one."""

    def __init__(self, task: GrammarConfig) -> None:
        super().__init__()
        self.task = task

    def forward(self, ids: torch.Tensor, condition: None = None) -> torch.Tensor:
        logits = torch.full((*ids.shape, len(self.task.alphabet)), -30.0)
        for row, line in enumerate(ids):
            tokens = [symbol for symbol in text_of(line[1:], self.task) if symbol != END]
            walk = torch.from_numpy(self.task.language.walk(tokens).expected).clamp(min=1e-12).log()[:ids.shape[1]]
            logits[row, :len(walk), 4:] = walk[:, :-1].float()
            logits[row, :len(walk), 2] = walk[:, -1].float()
        return logits


def test_who_knows_the_truth_reaches_the_entropy_floor() -> None:
    task = config()
    figures = evaluate(task, Oracle(task), seeded())
    assert figures["loss"] == pytest.approx(task.language.floor(task.source.held_out()), abs=1e-4)
    assert figures["loss"] > 0.4
    assert "valid" not in figures


def test_strings_that_judge_are_others_and_each_is_scored_once() -> None:
    task = config(grammar="toy-english")
    rows = np.concatenate([ids[ids != 0] for ids, _ in scoring(task)])
    assert (rows == task.alphabet.end).sum() == len(passages(task)) == 2000
    longest = [ids.shape[1] for ids, _ in scoring(task)]
    assert longest == sorted(longest)
    drawn = task.source.training(500)
    first = task.alphabet.decode(drawn.ids[1:drawn.lengths[0]].astype(np.int64))
    assert task.language.joined(task.source.held_out()[0]) != first
    assert [ids.shape for ids, _ in scoring(task, ["a cat ran"])] == [(1, 11)]
    with pytest.raises(Fault, match="formal language"):
        passages(task, "time-machine")


@pytest.mark.slow
@pytest.mark.parametrize(("level", "prompt"), [("character", ""), ("character", "the "), ("word", "the man")])
def test_an_evaluation_writes_strings_and_says_where_they_leave(level: str, prompt: str) -> None:
    task = {"name": "grammar", "grammar": "toy-english", "level": level, "strings": 200, "prompt": prompt}
    run = RunConfig(task=task, network={"model": "gru", "hidden": 8}, device="cpu", batch=16)
    made, task = learner(run, torch.device("cpu")).network, run.task_config
    figures = [evaluate(task, made, seeded(seed)) for seed in (1, 1, 2)]
    assert figures[0] == figures[1]  # a run that goes on writes what it would have written
    assert figures[0]["samples"] != figures[2]["samples"]
    assert figures[0]["valid"] < 0.1
    assert len(figures[0]["samples"]) == 10
    for text, left in figures[0]["samples"]:
        assert text.startswith(prompt)
        assert left is not None
        assert left in (task.language.left_at(task.language.cut(text)), len(task.language.cut(text)))


def test_a_language_in_which_nothing_can_be_scored_does_not_end_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*given: object, **named: object) -> None:
        raise Fault("This grammar has so many ways to read this string that they cannot be added up.")

    monkeypatch.setattr("seqlab.tasks.grammar.generate", refused)
    state = learner(RunConfig(task={"name": "grammar", "strings": 100}, device="cpu"), torch.device("cpu"))
    settings = state.config.task_config
    figures = evaluate(settings, state.network.eval(), torch.Generator().manual_seed(0))
    assert set(figures) == {"accuracy", "loss"}


def test_a_network_that_learned_writes_valid_strings() -> None:
    run = RunConfig(task=config(grammar=OWN, strings=2000).model_dump() | {"name": "grammar"}, steps=400, batch=32,
                    network={"model": "lstm", "hidden": 12, "embedding": 6}, device="cpu",
                    optimiser={"lr": 0.02, "decay": "linear"})
    state = learner(run, torch.device("cpu"))
    for _ in updates(state):
        pass
    figures = evaluate(run.task_config, state.network.eval(), seeded())
    task = run.task_config
    assert figures["valid"] > 0.9
    assert 0 <= figures["loss"] - task.language.floor(task.source.held_out()) < 0.03


HOSTILE: dict[str, tuple[dict, str]] = {
    "no such grammar": ({"grammar": "chess"}, "Line 1, column"),
    "never ends": ({"grammar": 'S -> "a" S'}, "never ends"),
    "loop": ({"grammar": 'S -> S | "a"'}, "loop without terminals"),
    "unknown symbol": ({"grammar": 'S -> "a" NP'}, "line 1, column 10|Line 1, column 10"),
    "ever longer": ({"grammar": 'S -> S S | "a" [0.4]'}, "infinitely long"),
    "no short string": ({"grammar": 'S -> "abcdef"', "longest": 5}, "shortest string"),
    "unknown prompt": ({"prompt": "(x)"}, "'x'"),
    "unknown words": ({"grammar": "toy-english", "level": "word", "prompt": "the zebra"}, "'zebra'"),
    "long prompt": ({"prompt": "(" * 61}, "61 tokens, more than the 60"),
    "small budget": ({"by": "tokens", "budget": 60}, "budget of 60 tokens is too small"),
    "nothing": ({"grammar": ""}, "at least 1 character"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_learned_is_refused(case: str) -> None:
    changes, word = HOSTILE[case]
    with pytest.raises(ValueError, match=word):
        config(**changes)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_refused_in_epochs(name: str) -> None:
    run = RunConfig(**RECIPES[name].config)
    assert run.evaluate_every == epoch(run.task_config, run.batch)
    assert run.steps % run.evaluate_every == 0


def test_rows_are_padded_at_their_ends() -> None:
    alphabet = config().alphabet
    assert padded([alphabet.encode("()"), alphabet.encode("")], alphabet).tolist() == [[1, 4, 5, 2], [1, 2, 0, 0]]
