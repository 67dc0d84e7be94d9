"""Every page says everything about itself once; menu, links, cards and tabs are questions to the pages."""

import ast

import pytest

from seqlab import paths
from seqlab.reference.core import cores
from seqlab.tasks import tasks
from seqlab.training.library import Library
from seqlab.ui.shell.navigation import HOME, lab_of, pages, task_view
from seqlab.ui.shell.page import Page, Section
from tests.support.pages import opened

PAGES = [pytest.param(page, id=name) for name, page in pages().items()]
LONGEST_LINES = 5  # of a file in pages/: its sentence, the page's object, drawn


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole(page: Page) -> None:
    assert page.name.replace("-", "").isalnum()
    assert page.title
    assert page.icon.startswith(":material/")
    assert page.caption.endswith((".", "look."))
    assert page.tab == f"{page.title} · seqlab"
    assert page.section in Section
    if page.opens:
        assert page.empty or page.name in ("hello", "attention"), "without a run the page must say what to do"
    assert not page.form or page.tasks, "a form makes runs of a task whose lab the page is"


@pytest.mark.parametrize("page", PAGES)
def test_the_preferred_run_is_shipped_and_can_be_shown(page: Page) -> None:
    if page.opens and page.opens.prefers:
        assert page.opens.accepts(Library(paths.checkpoints(), paths.checkpoints()).get(page.opens.prefers))


def test_a_file_in_pages_draws_the_page_that_it_is_named_after() -> None:
    files = {file.stem: file for file in paths.PAGES.glob("*.py")}
    generic = {name for name, page in pages().items() if page.name in tasks() and name not in files}
    assert set(files) | generic == set(pages())
    for name, file in files.items():
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= LONGEST_LINES
        (module,) = [node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
        assert module == pages()[name].view.__module__ or module.endswith(f"{name}.page")


def test_names_titles_icons_and_places_are_of_one_page_each() -> None:
    known = list(pages().values())
    for part in (lambda page: page.title, lambda page: (page.section, page.place, page.name)):
        assert len({part(page) for page in known}) == len(known)
    assert not {page.title for page in known} & {section.value for section in Section}, "a head named as a page"
    shipped = [page for page in known if (paths.PAGES / f"{page.name}.py").exists()]
    assert len({page.icon for page in shipped}) == len(shipped)


@pytest.mark.parametrize("task", sorted(tasks()))
def test_every_task_has_one_lab(task: str) -> None:
    assert [view.task for page in pages().values() for view in page.tasks].count(task) == 1
    lab = lab_of(task)
    assert lab.opens
    assert task_view(task) in lab.tasks


def test_home_is_first_and_leads_to_every_page_with_a_card() -> None:
    assert next(iter(pages())) == HOME
    assert sum(page.card is not None for page in pages().values()) >= 9


def test_the_menu_holds_every_page_but_the_teachers_under_its_head(shipped: object) -> None:
    app = opened(HOME)
    shown = [page.title for page in pages().values() if not page.teachers]
    listed = [element.proto.label for element in app.get("page_link")][:len(shown)]
    assert listed == shown
    heads = [caption.value for caption in app.caption][:len(Section) - 1]
    assert heads == [section.value for section in Section][1:]


def test_views_need_symbols_that_some_core_has() -> None:
    known = {symbol for core in cores().values() for symbol in core.symbols}
    assert all(page.opens.needs <= known for page in pages().values() if page.opens)
