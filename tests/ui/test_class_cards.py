"""The cards of a class: the browser's code on a bare page."""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest
from playwright.sync_api import Page

from seqlab.figures.pupils import Pupil, RunCourse, small_multiples
from seqlab.ui.widgets import finite


@pytest.fixture
def page(bare: Callable[[str], Page]) -> Page:
    return bare("pupils")


def show(page: Page, *ids: str, runs: int = 1, chosen: str = "") -> None:
    course = RunCourse("GRU 8", "running", True, 50, 100, np.array([0.0, 50.0]), np.array([0.1, 0.8]))
    people = [Pupil(id, f"<b>{id}</b>", "Echo lab", True, (course,) * runs) for id in ids]
    page.evaluate("(data) => mount(data)", finite(asdict(small_multiples(people, chosen))))


def test_cards_change_in_place_and_one_is_chosen_by_hand_or_keyboard(page: Page) -> None:
    show(page, "p1", "p2", "p3", runs=3)
    cards = page.locator(".cards button")
    assert cards.locator("b").all_inner_texts() == ["<b>p1</b>", "<b>p2</b>", "<b>p3</b>"]
    assert page.locator("polyline").count() == 9
    cards.nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate("sent") == [["pick", "p2"]]
    assert cards.nth(1).get_attribute("aria-pressed") == "true"
    show(page, "p2", "p3", "p4", chosen="p2")  # one has gone and one has come; the hand stays where it was
    focused = "document.body.lastElementChild.shadowRoot.activeElement.dataset.person"
    assert page.evaluate(focused) == "p2"
    assert cards.locator("b").all_inner_texts() == ["<b>p2</b>", "<b>p3</b>", "<b>p4</b>"]
    assert page.locator("polyline").count() == 3
    assert page.locator("[aria-pressed=true]").count() == 1
