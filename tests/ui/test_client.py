"""The client of the workers: every target is there, and every call on the pages fits it."""

import ast
import inspect
import typing
from importlib import import_module
from pathlib import Path

import pytest

from seqlab.ui.proof import client
from seqlab.ui.proof.client import Remote

UI = Path(client.__file__).parents[1]
REMOTES = {name: value for name, value in vars(client).items() if isinstance(value, Remote)}


def resolved(remote: Remote) -> object:
    module, _, name = remote.target.partition(":")
    return getattr(import_module(module), name)


def test_there_are_remotes() -> None:
    assert len(REMOTES) >= 20
    assert len({remote.target for remote in REMOTES.values()}) == len(REMOTES)


@pytest.mark.parametrize("name", REMOTES)
def test_a_target_is_the_function_whose_signature_is_checked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    remote = REMOTES[name]
    module = remote.target.partition(":")[0]
    monkeypatch.setitem(remote.signature.__globals__, module.rpartition(".")[2], import_module(module))
    assert remote.signature() is resolved(remote)


@pytest.mark.parametrize("name", REMOTES)
def test_an_answer_can_be_read_without_torch(name: str) -> None:
    """What is unpickled on the pages' side must not import a lens."""
    annotation = typing.get_type_hints(resolved(REMOTES[name]))["return"]
    waiting, seen = [annotation], []
    while waiting:
        part = waiting.pop()
        seen.append(getattr(part, "__module__", ""))
        waiting += typing.get_args(part)
    assert not [module for module in seen if module.startswith(("seqlab.lenses", "seqlab.models", "torch"))]


def calls() -> list[tuple[str, ast.Call, str]]:
    """Every call of a remote in the pages' code: its name, the call, and where it stands."""
    found = []
    for file in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(
                    node.func.value, ast.Name) and node.func.value.id == "client":
                found.append((node.func.attr, node, f"{file.relative_to(UI)}:{node.lineno}"))
    return found


def test_every_remote_is_called_and_every_call_binds() -> None:
    called = set()
    for name, call, place in calls():
        called.add(name)
        if not any(isinstance(part, ast.Starred) for part in call.args):
            keywords = {part.arg: part for part in call.keywords if part.arg}
            try:
                inspect.signature(resolved(REMOTES[name])).bind(*call.args, **keywords)
            except TypeError as error:
                pytest.fail(f"{place}: {error}")
    named_only = {"convention_logits", "convention_network"}  # chosen between by name
    assert called | named_only >= set(REMOTES)


def test_no_other_file_of_the_pages_names_a_lens() -> None:
    texts = {file: file.read_text(encoding="utf-8") for file in UI.rglob("*.py") if file.name != "client.py"}
    assert not [file for file, text in texts.items() if '"seqlab.lenses' in text]
