"""The network as one Python file: of every core, in every setting, the file answers as the run does, without seqlab."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from seqlab import command_line as commands
from seqlab.errors import Fault
from seqlab.export.exports import Leaving, exports
from seqlab.export.making import as_file
from seqlab.export.making.standalone import Assembly
from seqlab.reference.core import cores
from seqlab.training.run import Run
from tests.support.runs import random_run
from tests.test_settings import SETTINGS as CHOICES
from tests.test_settings import config

FIXED = {"name": "echo", "delay": 2, "length": 8, "form": "fixed"}
VARIABLE = FIXED | {"form": "variable"}
FILES = ("numpy", "pytorch")
SETTINGS = [{"input": "one-hot", "pooling": "max"}, {"condition_first": True, "layers": 2, "pooling": "mean"},
            {"readout": "state", "hidden": 27, "heads": 3}]
ALONE = """
import json, pathlib, runpy, sys
sys.modules["seqlab"] = None  # the import raises
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    print(folder.name, end=" ")
    runpy.run_path(str(folder / "network.py"), run_name="__main__")
"""


def ways() -> list[tuple[dict[str, object], dict[str, object]]]:
    """Every core with each of the settings that it can have, and the task: with a condition, or without."""
    own = [({"model": name, "hidden": 8, "heads": 2, "embedding": 4} | change, VARIABLE) for name in cores()
           for change in SETTINGS]
    return own + [(dict(config(way)) | {"context": 64}, FIXED) for way in CHOICES if way.get("readout") != "state"]


def unpacked(run: Run, form: str, folder: Path) -> None:
    content = exports()[form].made(Leaving.of(run, "tea"))
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder / f"{run.id}-{form}")


def test_every_core_leaves_in_every_setting_and_answers_alone(tmp_path: Path) -> None:
    for number, (network, task) in enumerate(ways()):
        run = random_run(tmp_path / "runs", number, network=network, task=task, name=f"{number} {network['model']}")
        for form in FILES:
            unpacked(run, form, tmp_path / "files")
    done = subprocess.run([sys.executable, "-W", "error", "-c", ALONE, str(tmp_path / "files")], cwd=tmp_path,
                          capture_output=True, text=True, check=False, timeout=120,
                          env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"})
    assert done.returncode == 0, done.stderr[-2000:]
    gaps = [float(line.rpartition(" ")[2]) for line in done.stdout.splitlines() if "largest difference" in line]
    assert len(gaps) == len(FILES) * len(ways()) > 60
    assert max(gaps) < 1e-9


def test_a_file_is_read_and_says_what_it_is(tmp_path: Path) -> None:
    run = random_run(tmp_path)
    unpacked(run, "numpy", tmp_path / "files")
    text = (tmp_path / "files" / f"{run.id}-numpy" / "network.py").read_text(encoding="utf-8")
    assert text.count("def gru(") == 1
    assert "gradient" not in text
    assert "jaxtyping" not in text
    assert max(map(len, text.splitlines())) <= 120
    example = json.loads((tmp_path / "files" / f"{run.id}-numpy" / "example.json").read_text(encoding="utf-8"))
    assert len(example["logits"][0]) == len(example["ids"][0]) == 3
    assert example["run"] == run.id


def test_what_would_answer_otherwise_does_not_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = random_run(tmp_path)
    monkeypatch.setattr(Run, "weights", lambda run, step, dtype="float32": {
        name: part.astype(dtype) + (dtype == "float32") for name, part in WEIGHTS(run, step, dtype).items()})
    with pytest.raises(Fault, match="would not give its answer"):
        exports()["numpy"].made(Leaving.of(run, "tea"))
    with pytest.raises(Fault, match="made with a list"):
        Assembly().source([], {"CORE": [as_file]})


WEIGHTS = Run.weights


def test_the_command_line_writes_what_is_asked_and_nothing_else(tmp_path: Path,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    files = {form: tmp_path / f"{form}.zip" for form in ("numpy", "pytorch", "csv", "notebook")}
    commands.main(["export", "hello-rnn", "--text", "hello", *(part for form, path in files.items()
                                                               for part in (f"--{form}", str(path)))])
    assert capsys.readouterr().out.count("Written: ") == len(files)
    assert all(zipfile.is_zipfile(path) for path in files.values())
    for wrong, sentence in ((["--html-attention", "x"], "no attention"), ([], "Say what to write: --"),
                            (["--numpy", str(tmp_path / "no" / "x")], "make it first"),
                            (["--numpy", str(tmp_path)], "cannot be written"),
                            (["--numpy", "x", "--text", "xyz"], "does not know 'x' 'y' 'z'"),
                            (["--numpy", "x", "--step", "77"], "There are no weights"),
                            (["--numpy", "x", "--condition", "1"], "leave condition= out"),
                            (["--csv", "x", "--live"], "--live with --tensorboard")):
        with pytest.raises(SystemExit):
            commands.main(["export", "hello-rnn", *wrong])
        assert sentence in capsys.readouterr().err
    assert {path.suffix for path in tmp_path.iterdir()} == {".zip"}
