"""All that pages change goes through one guard, and the limits of a class bind its pupils alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from seqlab.checking.sandbox import LONGEST_CODE
from seqlab.classroom.limits import Limits, outlived
from seqlab.classroom.person import ANYONE, TEACHER
from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.studies.sentences import SENTENCES
from seqlab.training import owner, status
from seqlab.training.run import create
from seqlab.ui.runs.picker import candidates, title
from seqlab.ui.shell import acting, own_code, own_texts, services
from seqlab.ui.shell.visitor import NotInClass, visitor
from seqlab.ui.shell.whose import whose
from seqlab.ui.studios.exercises.runs import configs
from tests.support.classes import SmallClass, finished, small_class
from tests.support.data import ROOT
from tests.support.runs import tiny_config

GUARD = {"acting.py", "services.py"}
# Modules that change runs, and what changes nothing in them.
GUARDED: dict[str, set[str]] = {"control": set(), "unit_names": {"LONGEST"}, "fork": set(),
                                "owners_word": {"check", "kept"}}
ACTS = {"start", "resume", "go_on", "stop", "delete", "restore"}  # of the engine, its feeder and its sweeps


def unguarded(source: str) -> list[str]:
    """What a file changes by itself."""
    acts = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            holder = ast.unparse(node.value)
            acts += [f"{holder}.{node.attr}"] * (holder in GUARDED and node.attr not in GUARDED[holder])
            acts += [f"{holder}.{node.attr}"] * (holder.startswith(("engine()", "feeder()", "sweeps()"))
                                                 and node.attr in ACTS)
        elif isinstance(node, ast.ImportFrom) and node.module in ("seqlab.training.control", "seqlab.training.owner"):
            acts.append(node.module)
        elif isinstance(node, ast.ImportFrom) and node.module == "seqlab.training.storage":
            acts += [alias.name for alias in node.names if alias.name == "pin"]
    return acts


def test_no_page_changes_anything_by_itself() -> None:
    files = [file for file in (ROOT / "seqlab/ui").rglob("*.py") if file.name not in GUARD]
    assert not {str(file.relative_to(ROOT)): acts for file in files if (acts := unguarded(file.read_text("utf-8")))}


@pytest.mark.parametrize("line", ["control.stop(run)", "engine().start(config)", "engine().sweeps.go_on(sweep)",
                                  "from seqlab.training.storage import pin", "partial(control.pause, run)"])
def test_that_check_can_fail(line: str) -> None:
    assert unguarded(line)


class Engine:
    """An engine that only notes what it is asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[tuple[object, ...]] = []

    def start(self, config: object, name: str | None, id: str | None, *, owner: str) -> object:
        self.asked.append(("start", owner))
        return create(self.root, config, id, owner)  # type: ignore[arg-type]

    def resume(self, run: object, from_step: int | None, *, owner: str) -> object:
        self.asked.append(("resume", run, from_step, owner))
        return run


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallClass]:
    with small_class(tmp_path, monkeypatch, Limits(steps=100, parameters=5000, text_kb=1, disk_mb=1)) as known:
        engine = Engine(known.root)
        monkeypatch.setattr(acting, "engine", lambda: engine)
        yield known


def test_each_sees_their_own_the_shared_and_the_shipped(known: SmallClass) -> None:
    def seen() -> set[str]:
        return {run.name for run in services.library().runs() if not services.everything().is_shipped(run)}

    assert seen() == {"Anas gift", "Anas live one"}
    known.sits(known.ana)
    assert seen() == {"Anas secret", "Anas gift", "Anas live one"}
    assert [whose(run) for run in (known.private, known.teachers)] == ["", "Teacher"]
    acting.share(known.shared, False)
    known.sits(TEACHER)
    assert seen() == {"Anas secret", "Anas gift", "Anas live one", "The teachers"}
    assert {run.name for run in candidates().values()} >= {"The teachers", "Anas live one"}
    assert "Anas secret" not in {run.name for run in candidates().values()}
    assert title(known.live).split(" · ")[1:3] == ["live", "of Ana"]
    known.here.roster.remove(known.ana)
    assert whose(known.private) == "somebody who has left"
    known.sits(known.ana)
    with pytest.raises(NotInClass):
        services.library()
    known.sits(None)
    with pytest.raises(NotInClass, match="join again"):
        visitor()


def test_one_trains_and_three_wait(known: SmallClass) -> None:
    runs = [acting.start(tiny_config(), id=f"bo-{place}") for place in range(4)]
    assert {owner.of(run.path).id for run in runs} == {known.bo.id}
    with pytest.raises(Fault, match="4 networks in training or waiting"):
        acting.start(tiny_config())
    with pytest.raises(Fault, match="4 networks"):
        acting.resume(known.shared)
    status.write(runs[0].path, runs[0].status, state="stopped")
    acting.start(tiny_config(), id="bo-5")
    known.sits(TEACHER)
    for place in range(6):
        acting.start(tiny_config(steps=5000), id=f"teacher-{place}")


@pytest.mark.parametrize(("changes", "sentence"), [({"steps": 101}, "at most 100 in this class"),
                                                   ({"network": {"hidden": 200}}, "at most 5,000 in this class")])
def test_a_run_that_is_too_much_is_refused_in_a_sentence(changes: dict[str, object], sentence: str,
                                                        known: SmallClass) -> None:
    with pytest.raises(Fault, match=sentence):
        acting.start(tiny_config(**changes))
    assert not acting.engine().asked  # type: ignore[attr-defined]


def test_a_text_and_the_disk_have_an_end(known: SmallClass) -> None:
    with pytest.raises(Fault, match="at most 1 kB"):
        own_texts.add(1001, lambda: corpora.add(b"x" * 1001, "Long"), lambda made: made.name)
    assert not corpora.names()
    own = finished(known.root, "Bos", owner=known.bo.id)
    (own.path / "big").write_bytes(b"x" * 1_100_000)
    with pytest.raises(Fault, match="1 MB here; delete some"):
        acting.start(tiny_config())
    assert outlived(Limits(days=1), [own]) == []
    assert outlived(Limits(days=1), [own, known.live], now=own.status.updated + 90_000) == [own]


def test_going_on_from_another_ones_run_makes_one_of_ones_own(known: SmallClass) -> None:
    acting.resume(known.shared)
    acting.resume(known.live, 0)
    known.sits(known.ana)
    acting.resume(known.shared)
    assert acting.engine().asked == [  # type: ignore[attr-defined]
        ("resume", known.shared, 0, known.bo.id), ("resume", known.live, 0, known.bo.id),
        ("resume", known.shared, None, known.ana.id)]


def test_a_shared_network_brings_the_text_that_it_learned_from(known: SmallClass) -> None:
    known.sits(known.ana)
    name = own_texts.add(900, lambda: corpora.add(b"to be or not to be " * 40, "Ana's"), lambda made: made.name).name
    run = finished(known.root, "On a text", owner=known.ana.id)
    config = run.config.model_dump() | {"task": {"name": "text", "corpus": name}}
    (run.path / "config.json").write_text(type(run.config).model_validate(config).model_dump_json())
    known.sits(known.bo)
    with pytest.raises(Fault, match="somebody else"):
        own_texts.checked(name)
    assert own_texts.visible([name, "time-machine"]) == ["time-machine"]
    known.sits(known.ana)
    acting.share(run, True)
    known.sits(known.bo)
    assert own_texts.visible([name, "time-machine"]) == [name, "time-machine"]


def test_the_sentence_assignment_takes_a_table_that_one_may_read(known: SmallClass, tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    def table(animal: str) -> bytes:
        rows = (f"the {animal} sat on mat {place} and was glad" for place in range(24))
        return "\n".join(["sentence", *rows]).encode()

    def added(animal: str) -> str:
        return own_texts.add(900, lambda: corpora.add_table(table(animal), animal), lambda made: made.name).name

    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    mine = added("cat")
    known.sits(known.ana)
    hers = added("dog")
    assert configs(SENTENCES)["tuned"].task["corpus"] == hers
    known.sits(known.bo)
    assert configs(SENTENCES)["tuned"].task["corpus"] == mine, "the newest is another's"
    (own_texts.own_place() / own_texts.FOLDER / mine).unlink()
    with pytest.raises(Fault, match="no table of sentences"):
        configs(SENTENCES)
    (tmp_path / corpora.LAID_TABLE).write_bytes(table("hen"))
    laid = configs(SENTENCES)["tuned"].task["corpus"]
    assert own_texts.checked(laid) == laid != hers
    with pytest.raises(Fault, match="somebody else"):
        own_texts.checked(hers)


def test_code_is_there_on_any_device_and_for_nobody_else(known: SmallClass) -> None:
    own_code.remember("rnn", "x = 'é'")
    own_code.remember("rnn", "x" * (LONGEST_CODE + 1))
    assert own_code.recall("rnn") == "x = 'é'"
    mine = own_code.browser_name("code/rnn")
    known.sits(known.ana)
    assert own_code.recall("rnn") is None
    assert own_code.browser_name("code/rnn") != mine
    known.sits(TEACHER)
    own_code.remember("rnn", "y")
    assert own_code.recall("rnn") is None


def test_without_a_class_nothing_is_asked_and_no_mark_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEQLAB_CLASS", raising=False)
    monkeypatch.setattr(acting, "engine", lambda: Engine(tmp_path))
    assert visitor() == ANYONE
    run = acting.start(tiny_config(), id="mine")
    assert not (run.path / owner.FILE).exists()
    assert acting.may_change(run)
    assert services.library() is services.everything()
