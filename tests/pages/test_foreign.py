"""Text of others is never Markdown, a formula, an icon or HTML, wherever it stands."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from seqlab.data import corpora, reviews
from seqlab.figures.curves import compare
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import pages
from tests.support.data import ROOT
from tests.support.pages import opened

POISON = "[x](http://evil.example/) ![y](/p.png) :red[z] $q$ <img src=e> www.evil.example"
MARKED = re.compile(r"\[x\]|(?<!\\)\]\(\/p|http://evil|www\.evil|:red\[[yz]|\$q\$|(?<!\\)<img")  # these act
WORDED = ("body", "label", "help", "text", "caption", "name")
ADDRESS = ("show", "task", "text", "data", "prompt", "word", "hears", "says", "symbols", "sentence", "sweep", "t",
           "network", "mode", "off", "temperature")


@pytest.fixture(scope="module")
def poisoned(folder: Path) -> Iterator[dict[str, str]]:
    """A run of every task whose name and message are a person's own, by task."""
    made = dict[str, str]()
    for place in sorted((ROOT / "checkpoints").iterdir()):
        config = json.loads((place / "config.json").read_bytes()) if (place / "config.json").exists() else None
        if config is None or config["task"]["name"] in made:
            continue
        target = folder / f"poisoned-{config['task']['name']}"
        shutil.copytree(place, target, ignore=shutil.ignore_patterns("optimiser"))
        (target / "config.json").write_text(json.dumps(config | {"name": POISON[:80]}))
        status = json.loads((place / "status.json").read_bytes())
        (target / "status.json").write_text(json.dumps(status | {"state": "failed", "message": POISON}))
        made[config["task"]["name"]] = target.name
    (folder / "broken-run").mkdir()
    (folder / "broken-run" / "config.json").write_text(json.dumps({"task": {"name": POISON[:39]}}))
    yield made
    for name in (*made.values(), "broken-run"):
        shutil.rmtree(folder / name)


def spoken(message: Message) -> Iterator[tuple[str, str]]:
    """Every text of an element that Streamlit reads as Markdown, or puts into the page as HTML."""
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for part in [value] if isinstance(value, Message) else value:
                if isinstance(part, Message):
                    yield from spoken(part)
        elif field.type == field.TYPE_STRING and field.name in WORDED:
            yield from ((field.full_name, part) for part in ([value] if isinstance(value, str) else value))


def acts(name: str, text: str) -> list[str]:
    """What of the poison acts in a text: all of it is text alone where each mark is escaped."""
    if name.endswith("Html.body"):
        return ["<img"] if "<img src=e" in text else []
    if "Code" in name or "TextArea.value" in name:
        return []
    return MARKED.findall(text)


def found(app: Any) -> list[tuple[str, str]]:
    """Where the poison acts on a page."""
    protos = [node.proto for node in app._tree if getattr(node, "proto", None) is not None]
    blocks = [block.proto for block in _blocks(app._tree) if block.proto is not None]
    return [(name, text[:200]) for proto in (*protos, *blocks) for name, text in spoken(proto) if acts(name, text)]


def _blocks(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", {}).values():
        if hasattr(child, "children"):
            yield child
            yield from _blocks(child)


@pytest.mark.parametrize("page", list(pages()))
def test_no_page_reads_a_persons_text_as_markdown(page: str, poisoned: dict[str, str]) -> None:
    tasks = [view.task for view in pages()[page].tasks] or ["text"]
    for task in tasks:
        run = poisoned.get(task)
        app = opened(page, **({"run": run} if run else {}), **dict.fromkeys(ADDRESS, POISON))
        assert not app.exception
        assert not found(app), found(app)


def test_the_test_sees_what_acts() -> None:
    from streamlit.testing.v1 import AppTest

    def script(text: str) -> None:
        import streamlit as st
        st.warning(text)
        st.button(text)
        st.expander(text).caption(text)
        st.toast(text)
    assert len(found(AppTest.from_function(script, args=(POISON,)).run())) >= 5
    assert not found(AppTest.from_function(script, args=(literal(POISON),)).run())


def test_deleted_renamed_and_uploaded_runs_are_named_as_they_are(poisoned: dict[str, str], folder: Path) -> None:
    assert not found(opened("echo", run=POISON))
    app = opened("runs")
    app.session_state["deleted"] = [(POISON, "gone")]
    app.session_state["sweep-gone"] = ("gone", POISON)
    assert not found(app.run())
    undo = opened("sweeps")
    undo.session_state["sweep-gone"] = ("gone", POISON)
    assert not found(undo.run())


def test_texts_and_tables_are_titled_as_they_are(poisoned: dict[str, str], cache: Path) -> None:
    text = corpora.add(b"one two three four five six seven. " * 400, POISON)
    for query in ({"text": text.name}, {"text": "gutenberg-999999"}):
        app = opened("text", **query)
        assert not app.exception
        assert not found(app)
    rows = (f"good film {n}\t[x](http://evil.example/)\nbad film {n}\t$q$ :red[z]" for n in range(30))
    table = reviews.add("\n".join(["text\tlabel", *rows]).encode(), POISON)
    app = opened("sentiment", data=table)
    assert not app.exception
    assert not found(app)


def test_a_chart_names_runs_as_they_are() -> None:
    import numpy as np
    columns = {"step": np.arange(3.0), "loss": np.ones(3)}
    name = compare({'<a href="http://evil.example">x</a> $q$': columns}, "loss").data[0].name
    assert "<" not in name
    assert "$" not in name


def test_one_line_keeps_its_characters() -> None:
    text = "1. a_b *c* [d](e) `f` é 日本 \\ \n\t g: h -> i"
    shown = re.sub(r"\\(.)", r"\1", literal(text).replace("\u2060", ""))
    assert shown == " ".join(text.split())
    assert literal("\ud800") == "?"
