"""The list of what a network wrote: marks, the place where a string leaves its language, and a curve to press."""

from playwright.sync_api import Browser, Page

from seqlab.ui.widgets import script, style

MOUNT = """async ([code, css]) => {
    document.body.innerHTML = `<style>${css}</style><div id="host"><div class="samples"></div></div>`;
    const run = (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).default;
    window.mount = (data) => run({ data, parentElement: document.querySelector("#host") });
}"""


def evaluation(step: int, valid: float, *samples: tuple[str, str, bool]) -> dict:
    return {"step": step, "name": f"Epoch {step} · step {step}", "valid": valid, "samples": list(samples)}


FIRST = evaluation(1, 0.25, ("((", ")))", False), ("((", "", False))
LAST = evaluation(2, 1.0, ("((<i>))", "", True), ("", "", True))


def mounted(browser: Browser, *evaluations: dict, seed: str = "((") -> Page:
    page = browser.new_page(viewport={"width": 900, "height": 500})
    page.evaluate(MOUNT, [script("samples"), style("samples")])
    page.evaluate("(data) => mount(data)", {"evaluations": list(evaluations), "seed": seed})
    return page


def test_a_string_is_marked_from_where_it_leaves(browser: Browser) -> None:
    page = mounted(browser, FIRST)
    assert page.locator("li.wrong").count() == 2
    assert page.locator("li mark").inner_text() == ")))"
    assert page.locator("li small").inner_text() == "ends too early"
    assert page.locator("li .seed").first.inner_text() == "(("
    assert page.locator("input").is_disabled()
    page.close()


def test_it_opens_with_the_last_epoch_and_a_press_on_the_curve_goes_back(browser: Browser) -> None:
    page = mounted(browser, FIRST, LAST)
    assert page.locator("li.right").count() == 2
    assert page.locator("code").first.inner_text() == "((<i>))"
    assert page.locator("code i").count() == 0
    assert page.locator("li small").inner_text() == "the empty string"
    assert page.locator("header span").inner_text() == "100.0 % of 1,000 strings are in the language"
    page.locator(".rate canvas").click(position={"x": 50, "y": 30})
    assert page.locator("header b").inner_text() == "Epoch 1 · step 1"
    page.evaluate("(data) => mount(data)", {"evaluations": [FIRST, LAST, evaluation(3, 0.9)], "seed": "(("})
    assert page.locator("header b").inner_text() == "Epoch 1 · step 1"  # what is looked at stays
    page.close()
