"""The Python API: its doctests, what it refuses, and what it loads."""

import doctest
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest
import torch

import seqlab
import seqlab.api
from seqlab.adopt import owners_word
from seqlab.errors import Fault
from seqlab.figures.quantity import quantity
from tests.support.data import ROOT

MODULES = [f"seqlab.api.{info.name}" for info in iter_modules(seqlab.api.__path__)] + ["seqlab.api"]


@pytest.fixture(autouse=True)
def own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_RUNS", str(tmp_path))


@pytest.mark.parametrize("name", MODULES)
def test_what_the_docstrings_show_is_so(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def test_what_the_document_shows_is_so() -> None:
    assert doctest.testfile(str(ROOT / "docs/python.md"), module_relative=False).failed == 0


def test_importing_seqlab_loads_nothing() -> None:
    lines = ("import sys, seqlab; seqlab.open('hello-gru').trace('hello'); "
             "print({'torch', 'streamlit', 'plotly'} & set(sys.modules), 'seqlab.api' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", lines], cwd=ROOT, text=True, capture_output=True, check=True)
    assert done.stdout.split() == ["set()", "True"]


@pytest.mark.parametrize(("ask", "says"), [
    (lambda: seqlab.open("no-such-run"), "no run no-such-run"),
    (lambda: seqlab.open("no/such.pt"), "no file"),
    (lambda: seqlab.open("hello-gru").trace("hexlo"), "does not know 'x'"),
    (lambda: seqlab.open("text-gru").trace("The"), "'T'; leave that out, or write"),
    (lambda: seqlab.open("text-gru").trace(""), "nothing to read"),
    (lambda: seqlab.open("hello-gru").trace([0, 9]), "from 0 to 3, not 9"),
    (lambda: seqlab.open("hello-gru").trace(np.array([0.5])), "whole numbers"),
    (lambda: seqlab.open("hello-gru").trace("hello", condition=1), "given no condition"),
    (lambda: seqlab.open("echo-variable-gru").trace("seq"), "add condition="),
    (lambda: seqlab.open("echo-variable-gru").trace("seq", condition=99), "from 0 to 8"),
    (lambda: seqlab.open("echo-variable-gru").gradients("seq", condition=1), "add targets="),
    (lambda: seqlab.open("echo-variable-gru").gradients("seq", "se", condition=1), "each of the 3 symbols"),
    (lambda: seqlab.open("echo-variable-gru").sample(), "no text can be drawn"),
    (lambda: seqlab.open("text-gru").without(head=(0, 0)), "no output of each head 'heads.0'"),
    (lambda: seqlab.open("text-gru").without(unit=384), "no unit 384"),
    (lambda: seqlab.open("text-gru").changed("h.0[384]=1"), "no unit 384"),
    (lambda: seqlab.open("text-gru").trace("the", changes="h.0@3=1"), "no time 3 in this input"),
    (lambda: seqlab.open("text-gru").changed("h.0=much"), "'much' in a change is no number"),
    (lambda: seqlab.open("text-gru").without(unit=1).gradients("the "), "ask the run without its changes"),
    (lambda: seqlab.open("text-gru").figure("c", "the"), "no quantity 'c'"),
    (lambda: seqlab.train("hello", hiden=3), "no setting 'hiden'"),
    (lambda: seqlab.train("hello", hidden=-3), "hidden size must be at least 1"),
    (lambda: seqlab.train("nothing"), "no task 'nothing'"),
])
def test_what_cannot_be_is_refused_in_a_sentence(ask: object, says: str) -> None:
    with pytest.raises(Fault, match=says) as refused:
        ask()  # type: ignore[operator]
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("run_id", "given", "condition", "off"), [
    ("echo-variable-lstm", "seq··", 2, {"unit": 3}), ("text-transformer", "the time", None, {"head": (1, 1)}),
    ("text-gru", "the time", None, {"unit": (0, 7)}), ("sentiment-lstm", "a good film", None, {})])
def test_numpy_agrees_with_torch_with_and_without_parts(run_id: str, given: str, condition: int | None,
                                                        off: dict[str, object]) -> None:
    run = seqlab.open(run_id)
    cut = run.without(**off) if off else run  # type: ignore[arg-type]
    agreement = cut.agreement(given, condition=condition)
    assert agreement.holds
    assert agreement["torch, float64"].largest < 1e-12
    differs = np.abs(cut.trace(given, condition=condition)["p"] - run.trace(given, condition=condition)["p"]).max()
    assert (differs > 1e-6) == bool(off)


def test_what_is_off_is_nothing_in_every_pass_and_the_weights_stay() -> None:
    run = seqlab.open("text-gru")
    off, whole = run.without(unit=5), run.trace("the ")
    assert not off.trace("the ")["h.0"][..., 5].any()
    np.testing.assert_array_equal(off.trace("t")["r.0"], whole["r.0"][:, :1])  # nothing was read of it yet
    assert np.abs(off.trace("the ")["r.0"] - whole["r.0"]).max() > 1e-6
    assert off.weights()["core.weight_hh_l0"][:, 5].any()
    assert off.sample(20, "the ", seed=1) != run.sample(20, "the ", seed=1)
    np.testing.assert_array_equal(run.trace("the ", changes="h.0[5]=0")["p"], off.trace("the ")["p"])


def test_ids_symbols_and_texts_are_one() -> None:
    run = seqlab.open("hello-gru")
    by_text = run.trace("hello")["p"]
    for same in (["h", "e", "l", "l", "o"], run.ids("hello"), run.ids("hello")[0].tolist()):
        assert np.array_equal(run.trace(same)["p"], by_text)
    batch = run.trace(np.repeat(run.ids("hello"), 3, 0))
    assert batch["h.0"].shape[:2] == (3, 5)


def test_maps_of_attention_are_drawn_head_by_head() -> None:
    run = seqlab.open("text-transformer")
    trace = run.trace("the time")
    figure = quantity("attention.1", trace, run.core, list("the time"))
    assert len(figure.data) == trace["attention.1"].shape[1]
    assert {part.z.shape for part in figure.data} == {(8, 8)}
    assert {(part.zmin, part.zmax) for part in figure.data} == {(0.0, 1.0)}


def test_a_run_is_shown_as_text_however_it_is_named() -> None:
    shown = seqlab.open("hello-gru")._repr_html_()
    assert shown.count("<tr>") == 7
    assert "<script" not in shown


def test_a_file_becomes_one_run_by_the_same_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    gru, fc = torch.nn.GRU(4, 6, batch_first=True), torch.nn.Linear(6, 4)
    arrays = {f"gru.{name}": part.detach().numpy() for name, part in gru.named_parameters()}
    arrays |= {f"fc.{name}": part.detach().numpy() for name, part in fc.named_parameters()}
    np.savez(tmp_path / "mine.npz", **arrays)  # type: ignore[arg-type]  # the stub takes names for its own options
    run = seqlab.open(tmp_path / "mine.npz", vocabulary={"h": 0, "e": 1, "l": 2, "o": 3})
    assert "purpose=next" in capsys.readouterr().out
    assert run.symbols == ("h", "e", "l", "o")
    with torch.no_grad():
        own = fc(gru(torch.eye(4)[run.ids("hello")])[0]).numpy()
    assert np.abs(run.trace("hello")["logits"] - own).max() < 1e-6
    assert run.agreement("hello").holds
    assert seqlab.open(tmp_path / "mine.npz", vocabulary="helo").id == run.id
    assert seqlab.open(tmp_path / "mine.npz", vocabulary="helo", purpose="other").id != run.id
    for faulty, says in (({"vocabulary": "hel!?"}, "4 different symbols"), ({"purpos": "x"}, "no question 'purpos'")):
        with pytest.raises(Fault, match=says):
            seqlab.open(tmp_path / "mine.npz", **faulty)  # type: ignore[arg-type]  # one of the faults is its name
    with pytest.raises(Fault, match="a run already"):
        seqlab.open("hello-gru", vocabulary="helo")


def test_the_explorer_leaves_as_one_document(tmp_path: Path) -> None:
    shown = seqlab.open("hello-gru").without(unit=1).show("hello")
    assert shown.save(tmp_path / "view.html").read_text().startswith("<!DOCTYPE html>")
    assert "<iframe srcdoc=" in shown._repr_html_()


class Own(torch.nn.Module):
    """A network of a person's own, with a state that it returns beside its logits."""

    def __init__(self, batch_first: bool) -> None:
        super().__init__()
        self.embedding, self.fc = torch.nn.Embedding(5, 3), torch.nn.Linear(4, 5)
        self.rnn = torch.nn.RNN(3, 4, nonlinearity="relu", batch_first=batch_first, dropout=0.0)

    def forward(self, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        values, state = self.rnn(self.embedding(ids))
        return self.fc(values), state


@pytest.mark.parametrize("batch_first", [True, False])
def test_a_live_module_is_opened_and_has_a_word(batch_first: bool) -> None:
    module = Own(batch_first).double().train()
    run = seqlab.open(module, vocabulary="abcde")
    agreement = run.agreement("deadbeef".replace("f", "a"))
    assert agreement.holds
    assert agreement["your module"].largest < 1e-12
    assert module.training
    word = owners_word.kept(run)
    assert word is not None
    assert word.holds
    with torch.no_grad():
        module.fc.bias += 0.1
    assert not run.agreement("abcd").holds
    assert "✗ NumPy differs from your module" in repr(run.agreement("abcd"))


def test_a_module_that_takes_no_ids_says_so_and_is_opened(capsys: pytest.CaptureFixture[str]) -> None:
    module = torch.nn.GRU(3, 3, batch_first=True)
    run = seqlab.open(module, vocabulary="abc")  # one-hot codes are what it reads
    assert run.agreement("abca")["your module"].largest < 1e-6

    class Twice(Own):
        def forward(self, one: torch.Tensor, two: torch.Tensor) -> torch.Tensor:  # type: ignore[override]  # another's
            return super().forward(one)[0] + two

    run = seqlab.open(Twice(True))
    assert "give program=" in capsys.readouterr().out
    assert list(run.agreement([0, 1])) == ["torch, float32", "torch, float64"]
    with pytest.raises(Fault, match="A dict is nothing"):
        seqlab.open({})  # type: ignore[arg-type]
