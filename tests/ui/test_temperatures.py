"""A text at several temperatures, in Chromium on a bare page: the text follows the slider while it is dragged."""

from playwright.sync_api import Browser, expect

from seqlab.ui.widgets import script, style

MOUNT = """async ([code, css]) => {
    const run = (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).default;
    const parentElement = document.getElementById("host");
    parentElement.innerHTML = `<style>${css}</style><div class="temperatures"></div>`;
    window.sent = [];
    window.mount = (data) => run({ data: [data], parentElement, setTriggerValue: (name, value) => sent.push(value) });
}"""
TEXTS = [[0, "and the and the"], [0.7, "time was <b>here</b>"], [1.5, "tqz"]]


def test_the_text_follows_the_hand_and_the_page_follows_when_it_rests(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 600})
    page.set_content("<div id=host></div>")
    page.evaluate(MOUNT, [script("temperatures"), style("temperatures")])
    page.evaluate("(data) => mount(data)", {"prompt": "the ", "texts": TEXTS, "at": 1})
    text, slider = page.locator(".text-sample"), page.get_by_role("slider", name="temperature")
    expect(text).to_have_text("the time was <b>here</b>")
    slider.evaluate("one => { one.value = 2; one.dispatchEvent(new Event('input')); }")
    expect(text).to_have_text("the tqz")
    assert page.evaluate("sent") == []  # a hand that still drags asks nothing of the server
    page.evaluate("(data) => mount(data)", {"prompt": "the ", "texts": [[at, f"{at}!"] for at, _ in TEXTS], "at": 1})
    expect(text).to_have_text("the 1.5!")  # other draws leave the slider where it is
    slider.press("Home")
    expect(text).to_have_text("the 0!")
    assert slider.get_attribute("aria-valuetext") == "0"
    assert page.evaluate("sent") == [0]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
