"""What a person's own program answered: read from JSON or as printed, compared, and kept with the run."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.adopt import expected, owners_word
from seqlab.adopt.expected import Expected
from seqlab.adopt.opening import write
from seqlab.adopt.parts import Contents
from seqlab.adopt.proposal import Proposal, propose
from seqlab.errors import Fault
from seqlab.export.html import explorer_html
from seqlab.tasks.opened import OpenedConfig
from seqlab.training.run import Run

IDS = [2, 0, 1, 1]


class Program(torch.nn.Module):
    """The owner's: an RNN with ReLU, which its weights do not say."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.rnn, self.fc = torch.nn.RNN(3, 5, nonlinearity="relu", batch_first=True), torch.nn.Linear(5, 3)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.fc(self.rnn(torch.nn.functional.one_hot(ids, 3).float())[0])


@pytest.fixture(scope="module")
def logits() -> torch.Tensor:
    with torch.no_grad():
        return Program()(torch.tensor([IDS]))


@pytest.fixture
def proposal() -> Proposal:
    return propose(Contents({name: part.numpy() for name, part in Program().state_dict().items()}))


def run_of(proposal: Proposal, folder: Path, **answers: str) -> Run:
    return write(proposal.settle(answers), None, folder, "mine")


CONFIG = OpenedConfig(count=3, outputs=3)


def test_every_way_of_giving_answers_is_one(logits: torch.Tensor) -> None:
    full, last = logits[0].numpy(), logits[0, -1]
    given = [
        expected.read(json.dumps({"ids": [IDS], "logits": logits.tolist()}), CONFIG),
        expected.read(json.dumps({"a.pt": {"ids": [0], "logits": [1, 2, 3]},
                                  "b.pt": {"ids": IDS, "logits": full.tolist()}}), CONFIG, "b.pt"),
        expected.pasted(str(torch.tensor(IDS)), str(logits.tolist()), None, CONFIG),
        expected.pasted("2 0 1 1", f"tensor({logits.tolist()}, dtype=torch.float32, grad_fn=<ViewBackward0>)", None,
                        CONFIG)]
    for one in given:
        assert one.ids.tolist() == [IDS]
        assert np.allclose([row for _, row in one.logits], full, atol=1e-7)
    (time, row), = expected.pasted("2,0,1,1", " ".join(f"{x:.3e}" for x in last.tolist()), None, CONFIG).logits
    assert (time, row.shape) == (3, (3,))
    ends = expected.read(json.dumps({"ids": IDS, "logits_first": full[0, :2].tolist(),
                                     "logits_last": full[-1].tolist()}), CONFIG)
    assert [(time, len(row)) for time, row in ends.logits] == [(0, 2), (3, 3)]
    whole = CONFIG.model_copy(update={"answers": "class"})
    ends = expected.read(json.dumps({"ids": IDS, "logits_first": [1.0], "logits_last": [1.0]}), whole)
    assert [time for time, _ in ends.logits] == [3, 3]


@pytest.mark.parametrize(("content", "says"), [
    ("{", "no JSON"), ("[1]", "hold no ids"), ('{"ids": [1]}', "no logits"), ('{"ids": [7], "logits": [1]}', "0 to 2"),
    ('{"ids": [1], "logits": [1, 2]}', "2 logits; expected 3"), ('{"ids": [1], "logits": [1, 2, "x"]}', "finite"),
    ('{"ids": [true], "logits": [1, 2, 3]}', "whole numbers"), ('{"ids": [1], "logits": [1, 2, NaN]}', "finite"),
    ('{"ids": [1], "delay": "x", "logits": [1, 2, 3]}', "whole number"),
    ('{"a": {"ids": [1]}, "b": {"ids": [1]}}', "none of 'mine.pt'"),
    ('{"ids": [1], "logits_first": [1, 2, 3, 4], "logits_last": [1]}', "3 logits at a time"),
])
def test_answers_that_are_none_are_refused(content: str, says: str) -> None:
    with pytest.raises(Fault, match=says):
        expected.read(content, CONFIG, "mine.pt")


@pytest.mark.parametrize(("ids", "logits", "says"), [
    ("", "1 2 3", "Paste the ids"), ("1", "", "Paste the logits"), ("1", "[1, ..., 3]", "cut short"),
    ("1", "nan 1 2", "NaN"), ("1.5", "1 2 3", "whole numbers"), ("-1", "1 2 3", "whole numbers"),
    ("one", "1 2 3", "no numbers"),
])
def test_what_was_pasted_is_refused(ids: str, logits: str, says: str) -> None:
    with pytest.raises(Fault, match=says):
        expected.pasted(ids, logits, None, CONFIG)


def test_a_network_with_a_condition_asks_for_it() -> None:
    config = CONFIG.model_copy(update={"conditions": 4})
    with pytest.raises(Fault, match="from 0 to 3; say which"):
        expected.pasted("1", "1 2 3", None, config)
    assert expected.read('{"ids": [1], "delay": 3, "logits": [1, 2, 3]}', config).condition == 3


def test_a_wrong_guess_is_noticed_and_the_right_one_is_offered(proposal: Proposal, logits: torch.Tensor,
                                                               tmp_path: Path) -> None:
    given = Expected(np.array([IDS]), None, tuple(enumerate(logits[0].double().numpy())), 8)
    guessed = proposal.settle()
    word = owners_word.check(guessed.config, guessed.weights, given)
    assert not word.holds
    assert "differs" in str(word)
    better = owners_word.agreeing(proposal, {}, given)
    assert better == {"activation": "relu"}  # and nothing that was right already
    run = run_of(proposal, tmp_path, **better)
    word = owners_word.check(run.config, run.weights(), given)
    assert word.holds
    assert word.largest < 1e-6
    assert owners_word.kept(run) is None
    owners_word.keep(run, given, word)
    assert owners_word.kept(run) == word
    assert "Your program agrees" in explorer_html(run)  # the badge takes it along
    off = Expected(given.ids, None, tuple((time, row + 0.1) for time, row in given.logits), 8)
    assert owners_word.agreeing(proposal, {}, off) == {}


def test_what_is_kept_is_compared_anew(proposal: Proposal, logits: torch.Tensor, tmp_path: Path) -> None:
    run = run_of(proposal, tmp_path, activation="relu")
    given = Expected(np.array([IDS]), None, tuple(enumerate(logits[0].double().numpy())), 8)
    owners_word.keep(run, given, owners_word.check(run.config, run.weights(), given))
    stored = json.loads((run.path / "origin.json").read_text())
    stored["expected"]["logits"][0][1][0] += 0.5
    (run.path / "origin.json").write_text(json.dumps(stored))
    changed = owners_word.kept(run)
    assert changed is not None
    assert (changed.holds, changed.time, changed.output) == (False, 0, 0)
    for broken in ({"ids": [9]}, stored["expected"] | {"ids": [99]}, stored["expected"] | {"more": 1}):
        (run.path / "origin.json").write_text(json.dumps(stored | {"expected": broken}))
        assert owners_word.kept(run) is None


def test_numbers_are_taken_as_they_were_written(logits: torch.Tensor, proposal: Proposal) -> None:
    """Four decimals, as torch prints them, leave |Δ| up to 5e-5, which is no difference of the programs."""
    adopted = proposal.settle({"activation": "relu"})
    text = " ".join(f"{value:.4f}" for value in logits.ravel().tolist())
    word = owners_word.check(adopted.config, adopted.weights, expected.pasted("2 0 1 1", text, None, CONFIG))
    assert word.largest > 1e-5
    assert word.holds
