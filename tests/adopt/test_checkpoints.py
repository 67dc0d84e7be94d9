"""Real checkpoints, opened: each against what its owner's own program answered."""

import json
from pathlib import Path

import numpy as np
import pytest

from seqlab.adopt.child import contents
from seqlab.adopt.opening import open_checkpoint, write
from seqlab.adopt.proposal import propose
from seqlab.errors import Fault
from seqlab.reference.network import network
from seqlab.training import archive
from seqlab.training.run import Run
from tests.support.data import SHARED, needs

FILES = SHARED / "checkpoints"
ANSWERS = {"review_lstm_untrained.pt": {"pooling": "max"}, "echo_variable_delay.pth": {"place": "first"}}
WHOLE = "sentence_rnn_whole_module.sav"
there = needs("checkpoints/expected.json")
OPENED = ("char_gru_tutorial.pt", "echo_gru_memory.pth", "echo_variable_delay.pth", "hello_embedding.pt",
          "hello_rnncell.pt", "nanogpt_shakespeare_char.pt", "review_lstm_untrained.pt", "rnn_scratch_state_dict.pt",
          "sentence_rnn.pt")


def largest_difference(run: Run, file: str) -> float:
    """Between what a run answers in NumPy, single precision, and what its owner wrote down."""
    expected = json.loads((FILES / "expected.json").read_text())[file]
    condition = np.array([expected["delay"]]) if "delay" in expected else None
    logits = network(run.core, np.array(expected["ids"]), run.weights(), condition=condition,
                     pooling=run.config.network.pooling)["logits"][0]
    pairs = [(logits[-1], expected["logits_last"])]
    if len(expected["shape"]) == 3:  # an answer at every time
        assert [1, *logits.shape] == expected["shape"]
        pairs.append((logits[0], expected["logits_first"]))
    return max(float(np.abs(ours[:len(theirs)] - theirs).max()) for ours, theirs in pairs)


@there
@pytest.mark.parametrize("file", OPENED)
def test_it_opens_and_gives_its_owners_logits(file: str, tmp_path: Path) -> None:
    adopted = propose(contents(FILES / file)).settle(ANSWERS.get(file, {}))
    run = write(adopted, FILES / file, tmp_path)
    assert largest_difference(run, file) <= 1e-5
    assert run.status.state == "finished"
    assert adopted.origin["left_over"] == []
    with pytest.raises(Fault, match="without the data"):
        run.config.task_spec.batch(run.config.task_config, 1, None, 0)


@there
def test_it_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    run = open_checkpoint(FILES / "char_gru_tutorial.pt", {}, tmp_path, "../my\ngru")
    assert [path.name for path in tmp_path.iterdir()] == [run.id]
    assert run.config.name == "../my gru"
    assert run.config.task_config.alphabet.decode(np.array([20, 8, 5])) == "the"
    origin = run.origin
    assert origin is not None
    assert {question.key: question.how for question in origin.questions} == {
        "output": "decided", "purpose": "guessed", "vocabulary": "decided"}


@there
def test_it_leaves_and_comes_back_as_a_zip_with_its_origin(tmp_path: Path) -> None:
    file = FILES / "hello_rnncell.pt"
    run = write(propose(contents(file)).settle({"vocabulary": "ehlo"}), file, tmp_path)
    packed = archive.write(run)
    archive.read(packed, tmp_path / "again")
    packed.unlink()
    assert Run(tmp_path / "again").origin == run.origin
    (run.path / "origin.json").write_text('{"file": 3}')
    packed = archive.write(run)
    with pytest.raises(Fault, match="of the zip file is not whole"):
        archive.read(packed, tmp_path / "bad")
    packed.unlink()


@there
def test_a_whole_module_is_refused_with_what_saves_it_rightly(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="could run code") as refused:
        open_checkpoint(FILES / WHOLE, {}, tmp_path)
    assert str(refused.value).splitlines()[1:] == [f'model = torch.load("{WHOLE}", weights_only=False)',
                                                   'torch.save(model.state_dict(), "file.pt")']
    assert not list(tmp_path.iterdir())
