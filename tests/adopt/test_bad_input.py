"""Files that cannot be opened, whole or in part: each is refused in one sentence, and nothing is left behind."""

import io
import json
import struct
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from seqlab.__main__ import main
from seqlab.adopt import child, reading
from seqlab.adopt.child import contents
from seqlab.adopt.opening import open_checkpoint, write
from seqlab.adopt.parts import Contents
from seqlab.adopt.proposal import propose
from seqlab.errors import Fault


class TextGRU(nn.Module):
    """A small network to break."""

    def __init__(self, **more: nn.Module) -> None:
        super().__init__()
        self.embed, self.gru, self.fc = nn.Embedding(6, 4), nn.GRU(4, 5), nn.Linear(5, 6)
        for name, part in more.items():
            self.add_module(name, part)


def arrays(**more: nn.Module) -> dict[str, np.ndarray]:
    return {name: part.numpy() for name, part in TextGRU(**more).state_dict().items()}


def packed(value: object, name: str = "a.pt") -> Callable[[Path], Path]:
    def write_it(folder: Path) -> Path:
        torch.save(value, folder / name)
        return folder / name
    return write_it


def raw(data: bytes, name: str = "a.pt") -> Callable[[Path], Path]:
    def write_it(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name
    return write_it


def _torch_bytes(value: object) -> bytes:
    file = io.BytesIO()
    torch.save(value, file)
    return file.getvalue()


def _zip(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def _npz_of_objects() -> bytes:
    file = io.BytesIO()
    np.savez(file, a=np.array([{"weights": 1}], object))
    return file.getvalue()


class Code:
    """What runs a command where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("/tmp/seqlab-must-not-run"),)


def _safetensors(dtype: str, shape: list[int], size: int) -> bytes:
    header = json.dumps({"gru.weight_hh_l0": {"dtype": dtype, "shape": shape, "data_offsets": [0, size]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(size)


STATE = TextGRU().state_dict()
BROKEN = {
    "no weights": (raw(b"PNG, or whatever else this is"), "This is no file of weights"),
    "empty": (raw(b""), "This is no file of weights"),
    "cut short": (raw(_torch_bytes(STATE)[:900]), "cut short or damaged"),
    "a damaged zip": (raw(_torch_bytes(STATE).replace(b"gru.weight_hh_l0", bytes(range(240, 256)))), "damaged"),
    "another zip": (raw(_zip({"readme.txt": b"hello"})), "cut short or damaged"),
    "code": (packed({"model": STATE, "hook": Code()}), "could run code"),
    "a module": (packed(nn.GRU(3, 4)), "could run code"),
    "objects in npz": (raw(_npz_of_objects(), "a.npz"), "could run code"),
    "a bomb": (raw(_zip({"a.npy": bytes(2**22)}), "a.npz"), "unpacks to more than"),
    "a broken header": (raw(_safetensors("F32", [15, 5], 300)[:200], "a.safetensors"), "cut short or damaged"),
    "int8": (raw(_safetensors("I8", [15, 5], 75), "a.safetensors"), "is of type i8, so the network is quantised"),
    "int8 in torch": (packed({"gru.weight_hh_l0": torch.zeros(15, 5, dtype=torch.int8)}), "is of type int8"),
    "hdf5": (raw(b"\x89HDF\r\n\x1a\n" + bytes(64), "a.h5"), "Keras"),
    "only counters": (packed({"epoch": 3, "steps": torch.tensor(4)}), "no tensors of numbers"),
    "no network": (packed({"a": torch.ones(3, 4), "b": torch.ones(4)}), "None of the 2 tensors .* belongs to layers"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_cannot_be_read_is_refused(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MOST_NUMBERS", 2**20)
    make, sentence = BROKEN[case]
    with pytest.raises(Fault, match=sentence):
        propose(contents(make(tmp_path)))
    assert not Path("/tmp/seqlab-must-not-run").exists()


def changed(**changes: np.ndarray | None) -> dict[str, np.ndarray]:
    made = arrays() | {name.replace("__", "."): array for name, array in changes.items()}
    return {name: array for name, array in made.items() if array is not None}


def bidirectional() -> dict[str, np.ndarray]:
    return {f"rnn.{key}": part.numpy() for key, part in nn.LSTM(4, 5, bidirectional=True).state_dict().items()}


NAN = np.where(np.arange(15) == 7, np.nan, np.ones(15)).astype(np.float32)
CONTRADICTING = {
    "rows": (changed(gru__weight_hh_l0=np.ones((14, 5), np.float32)), r"'gru.weight_hh_l0' is 14 × 5; expected 5 × 5"),
    "bias": (changed(gru__bias_ih_l0=np.ones(12, np.float32)), r"'gru.bias_ih_l0' is 12, but the others ask for 15"),
    "codes": (changed(embed__weight=np.ones((6, 3), np.float32)), "read 4 numbers at each time, but .* give 3"),
    "output": (changed(fc__bias=np.ones(4, np.float32)), r"'fc.bias' is 4, but the others ask for 6"),
    "NaN": (changed(gru__bias_ih_l0=NAN), r"'gru.bias_ih_l0' holds nan at \[7\]"),
    "missing": (changed(gru__weight_ih_l0=None), r"'gru.weight_ih_l0' is missing"),
    "half of the biases": (changed(gru__bias_hh_l0=None), "only one of two"),
    "both ways": (bidirectional(), "bidirectional"),
    "projected": ({f"rnn.{key}": part.numpy() for key, part in nn.LSTM(4, 5, proj_size=2).state_dict().items()},
                  "proj_size"),
    "convolution": (arrays(conv=nn.Conv1d(4, 4, 3)), r"'conv.weight' \(4 × 4 × 3\) seems to be a convolution"),
    "a second layer": (arrays(out=nn.Linear(6, 2)), "one more layer after the output layer"),
    "normalised": (arrays(norm=nn.LayerNorm(5)), "seems to belong to a normalisation"),
    "a layer before": ({"inp.weight": np.ones((4, 9), np.float32), "inp.bias": np.ones(4, np.float32)}
                       | changed(embed__weight=None), "seems to be a layer before the GRU"),
    "i2o": ({"i2h.weight": np.ones((5, 9)), "i2o.weight": np.ones((4, 9))}, "reads the input beside the state"),
    "another sequence": ({key: part.numpy() for key, part in nn.TransformerDecoder(
        nn.TransformerDecoderLayer(4, 2, 8), 1).state_dict().items()}, "attends to another sequence"),
    "the chapter's GRU": ({f"W_{row}{gate}": np.ones((5, 5), np.float32) for row in "xh" for gate in "zrh"}
                          | {f"b_{gate}": np.ones(5, np.float32) for gate in "zrh"}, "resets the state before"),
    "too deep": ({f"gru.{key}": part.numpy() for key, part in nn.GRU(3, 3, 9).state_dict().items()},
                 "number of layers must be at most 8, not 9"),
}


@pytest.mark.parametrize("case", CONTRADICTING)
def test_tensors_that_contradict_one_another_are_named(case: str) -> None:
    tensors, sentence = CONTRADICTING[case]
    with pytest.raises(Fault, match=sentence):
        propose(Contents(tensors)).settle()


@pytest.mark.parametrize(("answers", "sentence"), [
    ({"heads": "4"}, "There is no question 'heads' about this file; there are delay, labels, output"),
    ({"purpose": "dance"}, "'dance' is no answer to purpose; take one of next, echo, class, other"),
    ({"vocabulary": "abc"}, "reads 6 different symbols, and the text has 3"),
    ({"vocabulary": '["a", "b"]'}, "reads 6 different symbols, and the list has 2"),
    ({"vocabulary": '["a", "b", "c", "d", "e", "a"]'}, "'a' stands twice"),
    ({"purpose": "echo", "delay": "soon"}, "must be a number of steps"),
    ({"purpose": "class", "labels": "yes, no"}, "has 6 outputs, and 2 were named"),
])
def test_an_answer_that_cannot_be_is_refused(answers: dict[str, str], sentence: str) -> None:
    with pytest.raises(Fault, match=sentence):
        propose(Contents(arrays())).settle(answers)


def test_one_of_two_networks_is_asked_for_and_a_tensor_corrected() -> None:
    both = {f"{name}.{key}": array for name in ("student", "teacher") for key, array in arrays().items()}
    proposal = propose(Contents(both))
    (which, *_) = proposal.questions()
    assert which.key == "network"
    assert list(which.choices) == ["student.gru", "teacher.gru"]
    adopted = proposal.settle({"network": "teacher.gru"})
    np.testing.assert_array_equal(adopted.weights["decoder.weight"], both["teacher.fc.weight"])
    assert adopted.origin["questions"][0]["how"] == "asked"

    odd = {name.replace("fc", "zz"): array for name, array in arrays(extra=nn.Linear(5, 3)).items()}
    (left,) = {name for name in propose(Contents(odd)).networks[0].left_over if name.endswith("weight")}
    other = {"zz.weight": "decoder.weight", "zz.bias": "decoder.bias", "extra.weight": "", "extra.bias": ""}
    adopted = propose(Contents(odd), other).settle()
    np.testing.assert_array_equal(adopted.weights["decoder.weight"], odd["zz.weight"])
    assert {use["name"] for use in adopted.origin["tensors"]} >= {"zz.weight", "zz.bias"}
    assert left in ("zz.weight", "extra.weight")


def test_half_precisions_are_widened(tmp_path: Path) -> None:
    for dtype in (torch.float16, torch.bfloat16):
        state = {name: part.to(dtype) for name, part in STATE.items()}
        save_file(state, tmp_path / "a.safetensors", {"chars": json.dumps(list("abcdef"))})
        torch.save(state, tmp_path / "a.pt")
        for file in ("a.safetensors", "a.pt"):
            read = contents(tmp_path / file)
            assert all(array.dtype == np.float32 for array in read.arrays.values())
            np.testing.assert_array_equal(read.arrays["fc.weight"], state["fc.weight"].float().numpy())
    assert propose(contents(tmp_path / "a.safetensors")).settle().config.task["symbols"] == tuple("abcdef")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with open(tmp_path / "huge.pt", "wb") as file:
        file.truncate(5 * 2**30)
    with pytest.raises(Fault, match="5,120 MB; seqlab opens small networks"):
        open_checkpoint(tmp_path / "huge.pt", {}, tmp_path / "runs")
    with pytest.raises(Fault, match="There is no file"):
        open_checkpoint(tmp_path / "none.pt", {}, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_process_that_dies_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "START", "import os; os.abort()")
    np.savez(tmp_path / "a.npz", a=np.ones(3))
    with pytest.raises(Fault, match="more time or memory"):
        reading.read(tmp_path / "a.npz")


def test_a_disk_that_refuses_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adopted = propose(Contents(arrays())).settle()
    monkeypatch.setattr("seqlab.adopt.opening.os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(Fault, match="disk is full"):
        write(adopted, None, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_command_line_opens_says_and_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SEQLAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    file, alphabet = tmp_path / "a.npz", tmp_path / "letters.json"
    np.savez(file, **{f"model.{name}": array for name, array in arrays().items()})
    alphabet.write_text(json.dumps({"stoi": {letter: place for place, letter in enumerate("fedcba")}}))

    def ended(*arguments: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["open", *arguments])
        return (end.value.code, *capsys.readouterr())

    code, out, error = ended(str(file))
    assert (code, out) == (1, "")
    assert error.startswith("The file leaves open: purpose, vocabulary. Add --answers, such as purpose=next, or --yes")
    code, _, error = ended(str(tmp_path / "none.pt"), "--yes")
    assert (code, error) == (1, "There is no file 'none.pt' here.\n")
    main(["open", str(file), "--yes", "--vocabulary", str(alphabet), "--name", "../mine"])
    said = capsys.readouterr().out
    assert "guessed: purpose = next" in said
    assert "asked: vocabulary" in said
    (run,) = (tmp_path / "runs").iterdir()
    assert json.loads((run / "config.json").read_text())["task"]["symbols"] == list("fedcba")
