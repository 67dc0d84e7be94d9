"""The dialog that opens a checkpoint on the Runs page, without a browser."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from seqlab.adopt import child, owners_word, reading
from seqlab.adopt.parts import Contents
from seqlab.adopt.proposal import corrected_by, propose
from seqlab.training.run import Run
from tests.support.pages import complaints, healthy, opened, words


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process: starting one that loads torch takes seconds."""
    monkeypatch.setattr(reading, "read", child.contents)


def saved(value: object) -> bytes:
    file = io.BytesIO()
    torch.save(value, file)
    return file.getvalue()


def network(symbols: int = 3) -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    rnn, fc = torch.nn.RNN(symbols, 4), torch.nn.Linear(4, symbols)
    return {f"rnn.{name}": part for name, part in rnn.state_dict().items()} | {
        f"fc.{name}": part for name, part in fc.state_dict().items()}


def dialog(content: bytes, name: str = "my rnn.pt") -> AppTest:
    app = opened("runs")
    app.button(key="open-checkpoint").click().run()
    return app.file_uploader(key="checkpoint-file").set_value((name, content, "application/octet-stream")).run()


def field(app: AppTest, kind: str, end: str) -> Any:
    (one,) = [part for part in getattr(app, kind) if part.key and part.key.endswith(end)]
    return one


@pytest.mark.usefixtures("at_once")
def test_a_file_becomes_a_run_that_the_page_shows(runs: Path) -> None:
    app = dialog(saved({"model_state_dict": network()}))
    healthy(app)
    assert "RNN, 1 layer of 4 units · reads 3 symbols" in words(app).replace("*", "")
    field(app, "segmented_control", "-vocabulary-way").set_value("Type or paste").run()
    field(app, "text_area", "-vocabulary-text").set_value('["a"]').run()
    assert "2 symbols more" in field(app, "text_input", "-marks").label  # a mark follows, which is asked
    field(app, "text_area", "-vocabulary-text").set_value("abcde").run()
    assert "5; give all of its symbols" in complaints(app)
    assert app.button(key="open-now").disabled
    assert field(app, "text_area", "-vocabulary-text").value == "abcde"  # nothing typed is lost
    field(app, "text_area", "-vocabulary-text").set_value("a*c").run()
    healthy(app)
    app.text_input[-1].set_value("<b>mine</b>").run()
    app.button(key="open-now").click().run()
    (folder,) = [path for path in runs.iterdir() if (path / "origin.json").exists()]
    run = Run(folder)
    assert run.symbols == ("a", "*", "c")
    assert run.name == "<b>mine</b>"
    assert run.origin is not None
    assert run.origin.file == "my rnn.pt"
    assert {question.key: question.how for question in run.origin.questions} == {
        "activation": "asked", "output": "decided", "conditions": "decided", "purpose": "asked", "vocabulary": "asked"}
    page = opened("opened", run=run.id)
    healthy(page)
    assert any("opened" in str(option) for box in page.selectbox for option in box.options)


@pytest.mark.usefixtures("at_once")
def test_what_the_owners_program_answered_finds_the_wrong_guess(runs: Path) -> None:
    weights = network()
    rnn = torch.nn.RNN(3, 4, nonlinearity="relu")
    rnn.load_state_dict({name[4:]: part for name, part in weights.items() if name.startswith("rnn")})
    with torch.no_grad():
        logits = rnn(torch.eye(3)[[2, 0, 1]])[0] @ weights["fc.weight"].T + weights["fc.bias"]
    app = dialog(saved(weights))
    field(app, "text_area", "-ids").set_value("2 0 1").run()
    field(app, "text_area", "-logits").set_value(json.dumps(logits.tolist())).run()
    assert "Your program differs" in complaints(app)
    assert "They would agree with" in words(app)
    next(button for button in app.button if str(button.key).startswith("take-")).click().run()
    assert "Your program agrees" in words(app, "success")
    app.button(key="open-now").click().run()
    (folder,) = [path for path in runs.iterdir() if (path / "origin.json").exists()]
    word = owners_word.kept(Run(folder))
    assert word is not None
    assert word.holds


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("content", "says"), [
    (b"nothing", "This is no file of weights"), (saved(network())[:900], "cut short or damaged"),
    (saved({"conv.weight": torch.ones(2, 3, 3)}), "None of the 1 tensor"),
    (saved(network() | {"rnn.weight_hh_l0": torch.ones(4, 3)}), "expected"),
])
def test_what_cannot_be_opened_is_said_in_a_sentence(runs: Path, content: bytes, says: str) -> None:
    app = dialog(content)
    assert not app.exception
    assert says in complaints(app)
    assert not [button for button in app.button if button.key == "open-now"]
    assert not [path for path in runs.iterdir() if path.is_dir()]


def test_a_corrected_tensor_changes_places_with_the_one_that_had_its_use() -> None:
    contents = Contents({name: part.numpy() for name, part in network().items()})
    uses = propose(contents).networks[0].uses
    swapped = corrected_by({}, uses, "rnn.bias_ih_l0", "core.bias_hh_l0")
    then = propose(contents, swapped).networks[0].uses
    now = {use.role: use.name for use in then}
    assert (now["core.bias_hh_l0"], now["core.bias_ih_l0"]) == ("rnn.bias_ih_l0", "rnn.bias_hh_l0")
    back = corrected_by(swapped, then, "rnn.bias_hh_l0", "core.bias_hh_l0")
    assert {use.role: use.name for use in propose(contents, back).networks[0].uses} == {
        use.role: use.name for use in uses}
    without = propose(contents, corrected_by({}, uses, "fc.bias", ""))
    assert without.settle().config.network.decoder_bias is False


@pytest.mark.usefixtures("at_once")
def test_of_two_networks_in_one_file_it_is_asked_which(runs: Path) -> None:
    gru = {f"encoder.{name}": part for name, part in torch.nn.GRU(5, 6).state_dict().items()}
    app = dialog(saved(gru | {f"decoder.{name}": part for name, part in network().items()}))
    for place, label in enumerate(("RNN, 1 layer of 4 units", "GRU, 1 layer of 6 units")):
        field(app, "selectbox", "-network").select_index(place).run()
        healthy(app)
        assert any(text.value.startswith(f"**{label}**") for text in app.markdown)
    app.button(key="open-now").click().run()
    assert len([path for path in runs.iterdir() if (path / "origin.json").exists()]) == 1


@pytest.mark.usefixtures("at_once")
def test_a_tensor_that_is_left_over_is_named_as_text(runs: Path) -> None:
    app = dialog(saved(network() | {"![x](y)": torch.ones(7)}))
    healthy(app)
    assert "Left over, with no use here: ![x](y)" in words(app, "caption")
    assert all("](y)" not in caption.value or "\\]" in caption.value for caption in app.caption)
