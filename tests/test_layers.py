"""Who may import whom: each layer only what stands to its left, and the web process never torch."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = {"described", "errors", "files", "glossary", "labels", "locks", "paths", "remote", "registry", "notation",
        "numerals", "trace", "agreement", "reference"}
# Of training, what a page may not touch: it trains in this process. The rest reads, starts and steers runs.
STEERING = {f"training.{file.stem}" for file in (ROOT / "seqlab/training").glob("[a-z]*.py")} - {
    f"training.{name}" for name in (
        "band_files", "band_runs", "batched", "compiler", "group_session", "loop", "planting", "preload", "session",
        "stacked_loss", "stacked_weights", "state", "worker")}
ALLOWED = {
    **dict.fromkeys(CORE, CORE),
    "checking": CORE | {"checking"},
    "data": CORE | {"data"},
    "tasks": CORE | {"data", "tasks"},
    "figures": CORE | {"data", "tasks", "figures"},
    "models": CORE | {"data", "tasks", "models", "training.config"},
    "training": CORE | {"data", "tasks", "models", "training"},
    "lenses": CORE | {"data", "tasks", "models", "training", "lenses"},
    "adopt": CORE | {"data", "tasks", "adopt"} | STEERING,
    "export": CORE | {"data", "tasks", "figures", "models", "training", "lenses", "adopt", "export", "studies"},
    "recording": CORE | {"data", "tasks", "training", "adopt", "recording"},
    "studies": CORE | {"data", "tasks", "models", "training", "lenses", "figures", "studies"},
    "lessons": CORE | {"checking", "data", "tasks", "lessons"} | STEERING,
    "classroom": CORE | {"classroom", "figures.qr"} | STEERING,
    "ui": CORE | {"checking", "classroom", "data", "tasks", "figures", "adopt", "export", "lessons", "ui",
                  "studies"} | STEERING,
    "pages": {"errors", "notation", "tasks", "figures", "ui"} | STEERING,
    "app": {"ui", "paths"},
    "api": CORE | {"data", "tasks", "figures", "models", "training", "lenses", "adopt", "export",
                   "api",
                   "ui.shell"},  # only to know a run's page
    **dict.fromkeys(("__main__", "command_line"), None),  # the command line may use everything
    "__init__": {"api", "recording"},
}
OUTSIDE = {  # packages that a layer must not import itself
    "pages": {"numpy", "torch", "plotly", "safetensors", "dask", "distributed"},
    "app": {"numpy", "torch", "plotly", "safetensors", "dask", "distributed"},
    "reference": {"torch", "streamlit", "plotly", "dask", "distributed", "pydantic"},
    "notation": {"torch", "streamlit", "plotly", "dask", "distributed", "pydantic"},
    "trace": {"torch", "streamlit", "plotly", "dask", "distributed", "pydantic"},
    "agreement": {"torch", "streamlit", "plotly", "dask", "distributed", "pydantic"},
    "checking": {"torch", "streamlit", "plotly", "dask", "distributed", "pydantic"},
    "figures": {"torch", "streamlit", "dask", "distributed"},
    "ui": {"torch"},
    **{layer: {"streamlit", "plotly"}
       for layer in ("data", "tasks", "models", "training", "lenses", "adopt", "export", "recording", "studies",
                     "classroom", "lessons")},
}
OPENING = {"child", "modules"}  # of adopt, what works where torch is
WEB = ["config", "run", "control", "library", "engine"]
STUDIES = ["[a-z]*", "chapter/*"]  # a page lists them all, and measures by some; they train where torch is


def place(path: Path) -> str:
    """The layer of a file: its package in seqlab, a module of seqlab itself, ``pages`` or ``app``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "seqlab" else parts[0]


def imports(path: Path) -> Iterator[str]:
    """Full names of everything that a file imports, at any depth, except for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in
                   ast.unparse(node.test) for part in node.body for inner in ast.walk(part)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and id(node) not in typing_only:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and id(node) not in typing_only:
            assert not node.level, f"{path.name} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def through_a_wall(path: Path, layer: str) -> list[str]:
    """What a file of a layer imports and may not."""
    allowed, found = ALLOWED[layer], []
    for full in imports(path):
        package, _, inside = full.partition(".")
        if package in OUTSIDE.get(layer, ()):
            found.append(full)
        elif package == "seqlab" and inside and allowed is not None:
            steps = inside.split(".")
            if not {steps[0], ".".join(steps[:2])} & allowed:
                found.append(full)
    return found


def test_every_file_imports_only_what_stands_to_its_left() -> None:
    files = (*ROOT.glob("app.py"), *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "seqlab").rglob("*.py")))
    assert {place(path) for path in files} <= set(ALLOWED), "a new layer needs its place in this test"
    assert not [f"{path.relative_to(ROOT)}: {full}" for path in files for full in through_a_wall(path, place(path))]


@pytest.mark.parametrize(("layer", "line"), [
    ("reference", "import torch"), ("reference", "from seqlab.models import models"),
    ("figures", "from torch import nn"), ("checking", "from seqlab.ui.shell import faults"),
    ("tasks", "from seqlab.training.config import RunConfig"),
    ("ui", "from seqlab.training.loop import learner"), ("ui", "from seqlab.lenses import proof"),
    ("pages", "import numpy as np"), ("pages", "from seqlab.reference import network"), ("models", "import streamlit"),
])
def test_a_wall_is_felt(layer: str, line: str, tmp_path: Path) -> None:
    file = tmp_path / "part.py"
    file.write_text(f"def f():\n    {line}\n")
    assert through_a_wall(file, layer)


def web_modules() -> list[str]:
    """Everything that the web process may import, as far as it exists."""
    files = [*(ROOT / "seqlab/ui").rglob("*.py"), *(ROOT / "seqlab/figures").rglob("*.py"),
             *(ROOT / f"seqlab/training/{name}.py" for name in WEB),
             *(file for file in (ROOT / "seqlab/adopt").rglob("*.py") if file.stem not in OPENING),
             *(file for name in STUDIES for file in (ROOT / "seqlab/studies").glob(f"{name}.py"))]
    names = (file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for file in files if file.exists())
    return sorted(name.removesuffix(".__init__") for name in names)


def imported_in_a_fresh_process(modules: list[str]) -> list[str]:
    """Those of torch and its kin that are loaded after the modules have been imported."""
    lines = ["import sys, importlib, logging", "logging.disable(logging.CRITICAL)",
             *(f"importlib.import_module({module!r})" for module in modules),
             "print(*sorted({'torch', 'seqlab.training.loop', 'seqlab.models.network'} & set(sys.modules)))"]
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", "\n".join(lines)], cwd=ROOT, text=True, check=False,
                          capture_output=True, timeout=120, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


def test_the_web_process_never_imports_torch() -> None:
    assert imported_in_a_fresh_process(web_modules()) == []


def test_that_check_can_fail() -> None:
    assert imported_in_a_fresh_process(["seqlab.models.network"]) == ["seqlab.models.network", "torch"]


def test_the_reference_is_numpy_alone() -> None:
    files = (ROOT / "seqlab/reference").rglob("[a-z]*.py")
    modules = sorted(file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for file in files)
    assert imported_in_a_fresh_process([*modules, "seqlab.agreement", "seqlab.notation"]) == []
