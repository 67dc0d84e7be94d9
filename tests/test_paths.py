"""One module knows all folders, and the page and the command line agree wherever they are started."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from seqlab import paths
from seqlab.__main__ import main
from seqlab.errors import Fault
from seqlab.training.library import Library
from seqlab.ui.shell import services

ROOT = Path(__file__).parents[1]
NAMES = ("SEQLAB_RUNS", "SEQLAB_CHECKPOINTS", "SEQLAB_CACHE", "SEQLAB_DATA", "SEQLAB_LESSONS")
PRINT = "from seqlab import paths; print(paths.runs(), paths.checkpoints(), paths.APP, paths.SETTINGS, sep='\\n')"


@pytest.fixture(autouse=True)
def unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def asked(package: Path, folder: Path, **environment: str) -> list[str]:
    """What a fresh process, started in a folder, says of the folders of a package that lies in another one."""
    bare = {name: value for name, value in os.environ.items() if name not in NAMES}
    done = subprocess.run([sys.executable, "-c", PRINT], cwd=folder, capture_output=True, text=True, check=True,
                          timeout=60, env=bare | {"PYTHONPATH": str(package)} | environment)
    return done.stdout.splitlines()


def test_in_a_checkout_everything_lies_beside_the_app_wherever_it_is_started(tmp_path: Path) -> None:
    expected = [str(ROOT / name) for name in ("runs", "checkpoints", "app.py", ".streamlit/config.toml")]
    assert asked(ROOT, tmp_path) == asked(ROOT, ROOT) == expected
    assert paths.APP.is_file()
    assert paths.SETTINGS.is_file()
    assert (paths.PAGES / "home.py").is_file()


def test_installed_the_app_is_in_the_package_and_runs_are_the_person_s(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "seqlab"
    (package / "_app").mkdir(parents=True)
    for name in ("__init__.py", "errors.py", "paths.py"):
        (package / name).write_bytes((ROOT / "seqlab" / name).read_bytes())
    own = tmp_path / "share"
    runs, shipped, app, settings = asked(package.parent, tmp_path, XDG_DATA_HOME=str(own), HOME=str(own))
    assert Path(runs).is_relative_to(own)
    assert runs.endswith("seqlab/runs")
    assert [shipped, app, settings] == [str(package / "_app" / name) for name in
                                        ("checkpoints", "app.py", ".streamlit/config.toml")]


@pytest.mark.parametrize(("address", "said"), [
    ("gs://bucket/runs", "install gcsfs"), ("simplecache::sftp://me:secret@host/runs", '"paramiko"'),
    ("nothing://me:secret@host/runs", "no address that can be used")])
def test_an_address_that_nothing_here_speaks_to_is_refused_in_a_sentence(
        address: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SEQLAB_RUNS", address)
    with pytest.raises(SystemExit) as ended:
        main(["runs"])
    refusal = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in refusal
    assert "host" in refusal or "bucket" in refusal
    assert "secret" not in refusal
    monkeypatch.setenv("SEQLAB_RUNS", "c:/runs")
    assert paths.runs().name == "runs"


def test_an_address_of_runs_is_a_folder_here_and_other_folders_are_none(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SEQLAB_RUNS", f"file://{tmp_path}/runs")
    root = paths.runs()
    assert root.is_relative_to(tmp_path / "cache")
    assert paths.runs() == Library().root == root
    assert os.environ["SEQLAB_RUNS"] == str(root)  # for the processes that this one starts
    paths.hand_over()
    assert os.environ["SEQLAB_RUNS"] == f"file://{tmp_path}/runs"
    monkeypatch.setenv("SEQLAB_DATA", "s3://bucket/data")
    with pytest.raises(Fault, match="SEQLAB_DATA must name a folder"):
        paths.data()


def test_the_environment_names_other_places_and_nothing_depends_on_the_current_folder(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.setenv(name, name.lower())
    named = [paths.runs(), paths.checkpoints(), paths.cache(), paths.data(), paths.lessons()]
    assert named == [tmp_path / name.lower() for name in NAMES]
    for name in NAMES:
        monkeypatch.setenv(name, "")
    assert paths.data() is None
    assert paths.runs() == ROOT / "runs"


def test_the_page_and_the_command_line_open_the_same_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    services.everything.cache_clear()
    page, terminal = services.library(), Library()
    services.everything.cache_clear()
    assert (page.root, page.shipped) == (terminal.root, terminal.shipped) == (ROOT / "runs", ROOT / "checkpoints")


def test_no_other_file_knows_a_folder() -> None:
    """Whoever wants a folder asks ``paths``: no other file reads its name in the environment or climbs to the root."""
    knowing = {}
    for file in (ROOT / "seqlab").rglob("*.py"):
        found = [part for part in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if knows(part)]
        if found and file.name != "paths.py":
            knowing[file.relative_to(ROOT).as_posix()] = [ast.unparse(part) for part in found]
    assert not knowing


def knows(part: ast.AST) -> bool:
    """Whether a piece of code looks a folder up: ``os.environ`` with one of the names, or ``….parents[…]``."""
    text = ast.unparse(part) if isinstance(part, ast.Call | ast.Subscript) else ""
    return ("environ" in text and any(name in text for name in NAMES)) or text.startswith("Path(__file__).parents[")


@pytest.mark.parametrize(("line", "known"), [
    ("os.environ.get('SEQLAB_RUNS')", True), ("os.environ['SEQLAB_DATA']", True), ("Path(__file__).parents[2]", True),
    ("os.environ.get('SEQLAB_SCHEDULER')", False), ("Path(__file__).with_name('echo.css')", False)])
def test_that_check_can_fail(line: str, known: bool) -> None:
    assert any(knows(part) for part in ast.walk(ast.parse(line))) is known


def test_it_imports_nothing_heavy() -> None:
    heavy = ("torch", "numpy", "streamlit", "plotly", "dask", "pydantic", "pooch")
    code = f"import sys; import seqlab.paths; print(*sorted(set({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
