"""A page on a projector in Chromium: nothing is small, nothing cut off, and a lesson is held by keys alone."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from seqlab.figures.theme import PRESENTED
from tests.support.browser import SECONDS, tab

PROJECTOR: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
FINE = {"small": [], "cut": [], "wide": False}

# Sizes of what is written on canvases, by the canvas; a drawing that is begun anew forgets those of before.
INK = """() => {
    window.__ink = new Map();
    const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...at) {
        __ink.delete(this.canvas);
        return clearRect.apply(this, at);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
        const size = parseFloat(this.font.match(/([\\d.]+)px/)[1]), { a, b } = this.getTransform();
        const page = size * Math.hypot(a, b) * this.canvas.clientWidth / this.canvas.width;
        if (!__ink.has(this.canvas)) __ink.set(this.canvas, []);
        __ink.get(this.canvas).push([page, text]);
        return fillText.call(this, text, ...at);
    };
}"""

# Every text that is seen: those under a size, and those that their place cuts off or that leave the window.
READ = """(least) => {
    const small = [], cut = [];
    const options = { opacityProperty: true, visibilityProperty: true };
    const scrolls = (node) => {
        for (let at = node; at; at = at.parentElement ?? at.getRootNode().host)
            if (["auto", "scroll"].includes(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth
                && !at.matches(".stMain")) return true;
        return false;
    };
    const look = (node) => {
        const text = [...node.childNodes].map((part) => (part.nodeType === 3 ? part.data : "")).join("")
            .replaceAll("\\u200b", "").trim();
        if (!text || node.matches("style, script, title, option, [data-testid=stIconMaterial], .katex-mathml *"))
            return;
        const box = node.getBoundingClientRect(), style = getComputedStyle(node);
        if (!node.checkVisibility(options) || box.width <= 1 || box.height <= 1 || box.bottom < 0) return;
        if (node.closest(".spoken") || style.clipPath !== "none") return;
        const scale = node.getScreenCTM ? Math.hypot(node.getScreenCTM().a, node.getScreenCTM().b) : 1;
        const size = parseFloat(style.fontSize) * scale, name = `${node.localName}.${node.getAttribute("class") ?? ""}`;
        if (size < least - 0.1) small.push(`${name} ${size.toFixed(1)} px: ${text.slice(0, 40)}`);
        const hides = ["hidden", "clip"].includes(style.overflowX) && node.scrollWidth > node.clientWidth + 1;
        if (hides || ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(node)))
            cut.push(`${name}: ${text.slice(0, 40)}`);
    };
    const walk = (root) => root.querySelectorAll("*").forEach((node) => {
        look(node);
        if (node.shadowRoot) walk(node.shadowRoot);
    });
    walk(document);
    for (const [canvas, texts] of __ink)
        if (canvas.isConnected && canvas.checkVisibility(options) && canvas.clientWidth)
            for (const [size, text] of texts)
                if (size < least - 0.1) small.push(`canvas in ${canvas.parentElement.className} ${size}: ${text}`);
    return { small, cut, wide: document.documentElement.scrollWidth > innerWidth };
}"""


def read(page: Page) -> dict[str, object]:
    page.wait_for_timeout(400)  # what is measured there is what stands there: charts draw once their fonts are known
    result: dict[str, object] = page.evaluate(READ, PRESENTED.least)
    return result


def test_a_lesson_is_held_by_keys_alone_with_nothing_small_or_cut_off(server, browser: Browser):
    with tab(browser, PROJECTOR) as page:
        page.add_init_script(f"({INK})()")
        page.goto(f"{server.url}/echo?run=echo-variable-gru")
        page.locator(".explorer .out").first.wait_for(timeout=60 * SECONDS)
        field = page.get_by_label("Your word", exact=True)
        field.fill("pip")  # letters that are typed are no keys
        expect(page.locator("html[data-present]")).to_have_count(0)
        page.locator("h1").click()
        page.keyboard.press("p")
        expect(page.locator("html[data-present]")).to_be_attached()
        expect(page).to_have_url(re.compile("[?&]present"))
        expect(page.locator("h1")).to_be_hidden()
        page.locator(".explorer[data-theme~=presented]").wait_for()
        letters, gates = page.locator(".explorer .main").bounding_box(), page.locator(".explorer .gates").bounding_box()
        assert gates["x"] > letters["x"] + letters["width"]  # beside h
        page.keyboard.press(" ")
        expect(page.locator(".explorer .play")).to_have_attribute("title", "Pause")
        page.keyboard.press(" ")
        view = page.locator("[data-views] [role=radio]").first
        view.wait_for(timeout=60 * SECONDS)
        page.locator("[data-test-script-state=notRunning]").wait_for(timeout=60 * SECONDS)
        page.keyboard.press("1")
        expect(view).to_be_checked(timeout=30 * SECONDS)
        page.mouse.wheel(0, 600)
        expect(field).to_be_in_viewport()  # the word stays above
        expect(page.locator("[data-theme]:not([data-theme~=presented])")).to_have_count(0, timeout=60 * SECONDS)
        assert read(page) == FINE
        page.keyboard.press("b")
        assert "invert" in page.locator("html").evaluate("node => getComputedStyle(node).filter")
        page.reload()
        expect(page.locator("html[data-present=inverted]")).to_be_attached()
        page.locator(".explorer .out").first.wait_for(timeout=60 * SECONDS)
        page.keyboard.press("p")
        expect(page).not_to_have_url(re.compile("present"))
        expect(page.locator("h1")).to_be_visible()
