"""The sentence of a label where it stands: under a pointer, by the keyboard, and by a finger."""

import re

from playwright.sync_api import Page, expect

from seqlab.ui.finding.said import said
from tests.support import axe
from tests.support.access import drawn, settled
from tests.support.browser import SECONDS, stands_still_sideways
from tests.support.servers import Server

LONG = {"timeout": 60 * SECONDS}
GRADIENTS = "cells?show=Gradients"
SCROLLED = """head => {
  document.querySelector("[data-testid=stMain]").scrollBy({ top: 30, behavior: "instant" });
  const frame = () => new Promise(requestAnimationFrame);
  return frame().then(frame).then(() => head.getBoundingClientRect().top);
}"""


def test_axes_curves_and_columns_say_what_they_are_under_a_pointer_and_by_keys(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/{GRADIENTS}")
    drawn(page)
    tip = page.locator(".said:popover-open")
    # An axis that a canvas shows: a field over its label.
    axis = page.locator(".axis-label[data-said]").filter(visible=True).first
    expect(axis).to_be_visible(**LONG)
    axis.hover()
    expect(tip).to_have_text(said("length of dL/d"))
    page.mouse.move(5, 5)
    expect(tip).to_have_count(0)
    # A table is one stop for Tab, arrows go along its heads, Esc lets go.
    heads = page.locator("thead th[data-said]")
    expect(heads.first).to_have_attribute("tabindex", "0")
    heads.first.focus()
    page.keyboard.press("ArrowRight")
    expect(heads.nth(1)).to_be_focused()
    expect(tip).to_have_text(said("length of the gradient"))
    assert heads.evaluate_all("heads => heads.filter(({ tabIndex }) => tabIndex === 0).length") == 1
    expect(heads.nth(1)).to_have_accessible_description(said("length of the gradient"))
    # Coming to a label scrolls the page, and its browser tells that a frame later.
    over = heads.nth(1).evaluate(SCROLLED)
    expect(tip).to_have_text(said("length of the gradient"))
    assert abs(over - tip.evaluate("tip => tip.getBoundingClientRect().bottom")) < 40
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    # A curve of Plotly's, and its axis.
    page.get_by_role("radio", name="Five lines").click()
    name = page.locator(".legendtext").filter(has_text="our median")
    expect(name).to_have_attribute("data-said", said("our median"), **LONG)
    name.locator("xpath=..").locator(".legendtoggle").hover()
    expect(tip).to_have_text(said("our median"))
    page.locator("text.xtitle").hover()
    expect(tip).to_have_text(said("difference"))


def test_a_finger_reads_a_label_and_nothing_moves(server: Server, phone: Page) -> None:
    phone.goto(f"{server.url}/echo")
    settled(phone)
    name = phone.locator(".live header b").filter(has_text="Gradient norm")
    expect(name).to_have_attribute("data-said", said("Gradient norm"), **LONG)
    name.tap()
    tip = phone.locator(".said:popover-open")
    expect(tip).to_have_text(said("Gradient norm"))
    box = tip.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    stands_still_sideways(phone)
    axe.load(phone)
    assert not axe.serious(phone)
    phone.locator("h1").first.tap()
    expect(tip).to_have_count(0)
    expect(phone.locator(".live .status")).to_contain_text(re.compile("batches"))


def test_heads_that_a_phone_stacks_and_columns_of_a_grid_are_read_by_a_finger(server: Server, phone: Page) -> None:
    phone.goto(f"{server.url}/runs")
    settled(phone)
    phone.get_by_role("button", name="Columns", exact=True).tap()
    meanings = phone.locator("[data-testid=stPopoverBody]")
    expect(meanings).to_contain_text(re.compile(f"Seconds.*{re.escape(said('Seconds'))}", re.DOTALL))
    # A canvas has no heads for a hand; those of its columns that are seen are described to who reads the screen.
    expect(phone.locator("canvas th").first).to_have_attribute("aria-description", said("Name"))
    phone.goto(f"{server.url}/{GRADIENTS}")
    drawn(phone)
    head = phone.locator(".weights-table td > .over[data-said]").nth(3)
    expect(head).to_be_visible(**LONG)
    head.tap()
    expect(phone.locator(".said:popover-open")).to_have_text(said("largest change"))
