"""A person writes a cell in the browser: keys, Ctrl + Enter, a mistake that is named, an endless loop that ends."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS


def go(page: Page, section: str, name: str) -> None:
    """Open a page by the menu at the top."""
    page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=name).first.click()


def open_page(page: Page, url: str, task: str = "RNN"):
    page.goto(f"{url}/check?task={task}")
    area = page.get_by_role("textbox", name="Your code")
    expect(area).to_be_visible(timeout=30 * SECONDS)
    expect(area).to_have_attribute("wrap", "off", timeout=30 * SECONDS)  # the keys of a code field are there
    return area


def test_code_is_typed_and_checked_without_the_mouse(server, page):
    area = open_page(page, server.url)
    area.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("import numpy as np\ndef rnn(wt_h, wt_x, bias, init_state, input_data):\n"
                       "h, out = init_state, []\nfor x in input_data.swapaxes(0, 1):\n"
                       "h = np.tanh(h @ wt_h + x @ wt_x + bias)\nout.append(h)\n")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("return np.stack(out, axis=1)")
    assert area.input_value().splitlines()[-2:] == ["        out.append(h)", "    return np.stack(out, axis=1)"]
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("✓ It agrees: largest |Δ|")).to_be_visible(timeout=40 * SECONDS)


def test_a_classic_mistake_is_named_with_its_picture(server, page):
    open_page(page, server.url, "Causal attention")
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="missing mask").click()
    page.wait_for_function("() => !document.querySelector('textarea').value.includes('✎')")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("This is exactly what comes out with: missing mask.")).to_be_visible(timeout=40 * SECONDS)
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=20 * SECONDS)
    expect(page.locator(".badge[data-state=proved]")).to_be_visible(timeout=60 * SECONDS)


def test_an_endless_loop_ends_and_the_line_of_an_error_is_marked(server, page):
    area = open_page(page, server.url)
    area.fill("def rnn(*given):\n    while True: pass\n")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("seconds and was stopped")).to_be_visible(timeout=60 * SECONDS)
    area.fill("def rnn(*given):\n    return nowhere\n")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("NameError: name 'nowhere' is not defined")).to_be_visible(timeout=40 * SECONDS)
    page.wait_for_function("() => document.querySelector('textarea').style.backgroundImage.includes('rect')")
    assert area.input_value() == "def rnn(*given):\n    return nowhere\n"  # nothing is lost


def test_what_was_typed_survives_a_look_at_another_page(server, page):
    area = open_page(page, server.url)
    area.fill("mine = 1")
    page.get_by_role("button", name="Load a correct one").click()
    page.get_by_role("button", name="Undo").click()
    expect(area).to_have_value("mine = 1", timeout=20 * SECONDS)
    go(page, "Networks", "Runs")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible(timeout=30 * SECONDS)
    go(page, "Inside", "Your code")
    expect(page.get_by_role("textbox", name="Your code")).to_have_value("mine = 1", timeout=30 * SECONDS)


def test_what_was_typed_survives_a_reload_and_a_reset_is_forgotten(server, page):
    area = open_page(page, server.url)
    area.fill("mine = 1\n")  # and nothing else is pressed
    page.reload()
    expect(page.get_by_role("textbox", name="Your code")).to_have_value("mine = 1\n", timeout=30 * SECONDS)
    page.goto(f"{server.url}/check?task=GRU")  # each exercise has a place of its own
    other = page.get_by_role("textbox", name="Your code")
    expect(other).to_have_value(re.compile("def gru"), timeout=30 * SECONDS)
    page.goto(f"{server.url}/check?task=RNN")
    expect(page.get_by_role("textbox", name="Your code")).to_have_value("mine = 1\n", timeout=30 * SECONDS)
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("textbox", name="Your code")).to_have_value(re.compile("✎"), timeout=20 * SECONDS)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("textbox", name="Your code")).to_have_value("mine = 1\n", timeout=20 * SECONDS)
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("textbox", name="Your code")).to_have_value(re.compile("✎"), timeout=20 * SECONDS)
    page.wait_for_function("() => localStorage.getItem('seqlab:code/rnn') === null")
    page.reload()
    expect(page.get_by_role("textbox", name="Your code")).to_have_value(re.compile("✎"), timeout=30 * SECONDS)
