"""``pip install .`` gives a ``seqlab`` that works from any folder: the wheel, the command, the first page."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import proved, tab
from tests.support.data import ROOT
from tests.support.servers import serving

PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
INSIDE = ("pages", "checkpoints", ".streamlit", "app.py")  # beside the package in a checkout, in it when installed
NAMES = ("SEQLAB_RUNS", "SEQLAB_CHECKPOINTS", "SEQLAB_CACHE", "SEQLAB_PARTS", "XDG_DATA_HOME", "PYTHONPATH")
LEFT_BEHIND = {".mypy_cache", "__pycache__", ".lock", ".progress"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), "."], cwd=ROOT,
                   check=True, timeout=120)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command, in an environment of its own that borrows all other packages from this one."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place)
    python = place / "bin" / "python"
    subprocess.run([*PIP, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], check=True,
                   timeout=120)
    packages = place / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return place / "bin" / "seqlab"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and a home of one's own where nothing names another place."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


def requirements() -> set[str]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def sources() -> set[str]:
    """Every file of the product as a wheel should name it."""
    files = {path.relative_to(ROOT) for place in ("seqlab", *INSIDE) for path in
             ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*")) if path.is_file()}
    own = {file for file in files if not LEFT_BEHIND & set(file.parts)}
    return {file.as_posix() if file.parts[0] == "seqlab" else f"seqlab/_app/{file.as_posix()}" for file in own}


def test_the_wheel_has_the_whole_product_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == sources()
    kinds = {Path(name).suffix for name in names}
    assert {".py", ".js", ".css", ".png", ".toml", ".json", ".jsonl", ".safetensors"} <= kinds


def test_what_it_needs_is_written_once(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        facts = Parser().parsestr(archive.read(name).decode())
    assert set(facts.get_all("Requires-Dist") or []) == requirements()
    assert "torch==2.13.0" in requirements()
    assert all("==" in line for line in requirements())
    assert facts["Name"] == "seqlab"


def test_the_build_needs_what_the_tests_have() -> None:
    """The wheel of these tests is made by the same tools as a person's."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert set(build) <= set((ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines())


def test_a_container_is_built_from_what_is_there_and_has_all_that_the_wheel_needs() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    assert {name for name in let_in if not (ROOT / name).exists()} == set()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for names in copied for name in names.split()} - {"."} <= let_in
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["only-include"], *wheel["force-include"], project["project"]["readme"],
              *project["project"]["license-files"], "pyproject.toml",
              *project["tool"]["hatch"]["metadata"]["hooks"]["requirements_txt"]["files"]}
    assert needed <= let_in


def answer(command: Path, folder: Path, *arguments: str) -> str:
    # Not os.environ as it is: an engine of an earlier test sets PYTHONPATH in it whenever it forks a worker.
    environment = {name: value for name, value in os.environ.items() if name not in NAMES}
    done = subprocess.run([command, *arguments], cwd=folder, env=environment, capture_output=True, text=True,
                          check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_command_says_what_it_can_do(command: Path, elsewhere: Path) -> None:
    usage = answer(command, elsewhere, "--help")
    assert usage.startswith("usage: seqlab ")
    assert all(name in usage for name in ("train", "runs", "serve", "sweep", "reproduce"))


def test_the_shipped_networks_are_there_from_any_folder_and_runs_are_the_person_s(
        command: Path, elsewhere: Path) -> None:
    listed = answer(command, elsewhere, "runs")
    assert all(path.name in listed for path in (ROOT / "checkpoints").iterdir() if path.name != "results")
    answer(command, elsewhere, "train", "--steps", "3", "--network.hidden", "8", "--name", "mine", "echo")
    assert "mine" in answer(command, elsewhere, "runs")
    kept = list((elsewhere.parent / "home").rglob("runs/*/config.json"))
    assert len(kept) == 1
    assert not list(elsewhere.iterdir())
    assert os.listdir(kept[0].parents[1]) == [kept[0].parent.name]


@pytest.mark.e2e
def test_the_first_page_shows_a_proved_network_from_an_empty_folder(
        command: Path, elsewhere: Path, browser: Browser) -> None:
    start = [str(command)]
    with serving(elsewhere.parent / "runs", start, elsewhere, SEQLAB_RUNS="") as server, tab(browser) as page:
        page.goto(server.url)
        proved(page)
        # The theme and the menu of the checkout: Streamlit finds its settings beside app.py.
        ground = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        assert ground == "rgb(253, 252, 250)"
        expect(page.get_by_test_id("stTopNavSection").first).to_be_visible()
        page.goto("about:blank")
    assert not list(elsewhere.iterdir())
