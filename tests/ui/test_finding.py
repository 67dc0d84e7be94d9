"""What people ask leads to what answers it, by the browser's own ranking over the index that the server makes."""

import json
import subprocess
from pathlib import Path
from shutil import which

import pytest

from seqlab import glossary
from seqlab.lessons import library
from seqlab.notation import SYMBOLS
from seqlab.tasks import tasks
from seqlab.training.setting_words import fields
from seqlab.ui.finding.index import index, plain
from seqlab.ui.finding.places import ELSEWHERE, SETTINGS, TERMS
from seqlab.ui.shell.navigation import pages
from tests.support.data import ROOT

RANKING = ROOT / "seqlab" / "ui" / "widgets" / "frame" / "ranking.js"
RANK = """
import { readFileSync } from "node:fs";
import { cut, ranked } from %s;
const { entries, questions } = JSON.parse(readFileSync(0));
const known = cut(entries);
console.log(JSON.stringify(questions.map((question) => ranked(known, question))));
"""
# What is asked, and the kind and name of what must come first.
QUESTIONS = {
    "what is z": ("symbol", "z"), "r": ("symbol", "r"), "z": ("symbol", "z"), "update gate": ("symbol", "z"),
    "what does the forget gate do": ("symbol", "f"), "hidden state": ("symbol", "h"),
    "where is perplexity": ("term", "perplexity"), "GRU gates": ("term", "gate"), "ppl": ("term", "perplexity"),
    "learning rate": ("setting", "Learning rate"), "lr": ("setting", "Learning rate"),
    "batch size": ("setting", "Batch size"), "how do I set dropout": ("setting", "Dropout"),
    "number of heads": ("setting", "Number of heads"), "gradient clip": ("setting", "Gradient clip"),
    "clip": ("setting", "Gradient clip"), "temperature": ("term", "temperature"), "top-k": ("term", "top-k"),
    "nucleus": ("term", "top-p"), "what does the badge mean": ("term", "difference"),
    "vanishing gradient": ("term", "vanishing gradient"), "attention": ("term", "attention"),
    "another book": ("section", "Another book"), "sweeps": ("term", "sweep"),
    "text lab": ("page", "Text lab"), "logits": ("symbol", "logits"),
    "opened networks": ("page", "Opened networks"), "dyck": ("recipe", "Dyck"),
    "a letter comes back": ("lesson", "A letter comes back"), "perplx": (None, None),
}


def asked(questions: list[str]) -> list[list[dict[str, str]]]:
    """What the browser finds for each question."""
    node = which("node")
    if node is None:
        pytest.skip("there is no Node.js here")
    done = subprocess.run([node, "--input-type=module", "-e", RANK % json.dumps(RANKING.as_uri())], text=True,
                          input=json.dumps({"entries": plain(), "questions": questions}), capture_output=True,
                          check=True)
    found: list[list[dict[str, str]]] = json.loads(done.stdout)
    return found


def test_what_people_ask_is_answered_first() -> None:
    firsts = [(found[0]["kind"], found[0]["name"]) if found else (None, None) for found in asked(list(QUESTIONS))]
    wrong = {question: (first, wanted) for (question, wanted), first in zip(QUESTIONS.items(), firsts, strict=True)
             if first != wanted}
    assert not wrong


def test_each_letter_narrows_what_is_found_and_part_of_a_question_is_better_than_nothing() -> None:
    letters, half, nothing = asked(["perpl", "perplexity of bananas", "qqq"])
    assert letters[0]["name"] == half[0]["name"] == "perplexity"
    assert nothing == []


def test_everything_with_a_name_is_in_the_index() -> None:
    names = {(entry.kind, entry.name) for entry in index()}
    assert {("symbol", key) for key in SYMBOLS} <= names
    assert {("term", name) for name in glossary.TERMS} <= names
    assert {("page", page.title) for page in pages().values()} <= names
    assert {("recipe", recipe.label) for task in tasks().values() for recipe in task.recipes.values()} <= names
    assert {("section", name) for name in pages()["cells"].sections} <= names


def test_every_entry_says_a_sentence_and_leads_to_a_page() -> None:
    assert not [entry for entry in index() if len(entry.text) < 10 or entry.page not in pages()]
    assert TERMS.keys() == glossary.TERMS.keys()
    every = {path for task in tasks() for path in fields(task)}
    assert set(SETTINGS) | ELSEWHERE <= every
    assert not [path for path in ELSEWHERE if path in SETTINGS]


def test_sections_are_those_that_the_page_has() -> None:
    from seqlab.ui.studios.cells.sections import SECTIONS as CELLS
    from seqlab.ui.studios.compare.page import SECTIONS as COMPARE
    from seqlab.ui.studios.reading.sections import SECTIONS as READING

    for name, known in (("cells", CELLS), ("reading", READING), ("compare", COMPARE)):
        assert list(pages()[name].sections) == list(known)


def test_the_teachers_page_is_found_by_the_teacher_alone() -> None:
    (teachers,) = [page.title for page in pages().values() if page.teachers]
    assert teachers in {entry["name"] for entry in plain(leads=True)}
    assert teachers not in {entry["name"] for entry in plain()}


def test_a_lesson_of_ones_own_is_found_at_once_and_by_nobody_else(tmp_path: Path) -> None:
    mine = (library.SHIPPED / "01-letter-comes-back.md").read_text(encoding="utf-8").replace(
        "A letter comes back", "How my letter returns")
    library.add(tmp_path, "returns.md", mine.encode())
    assert ("lesson", "How my letter returns") in {(entry.kind, entry.name) for entry in index(tmp_path)}
    assert "How my letter returns" not in {entry.name for entry in index()}
