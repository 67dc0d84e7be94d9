"""What a person does on the attention page, in Chromium."""

import re
import statistics
import time

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS, fact, proved
from tests.support.servers import Server
from tests.support.waiting import wait_for

FREE = "attention?weights=Free+weights"


def opened(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.url}/{path}")
    page.locator(".attention[data-drawn]").wait_for(timeout=60 * SECONDS)


def column(page: Page, number: int) -> list[str]:
    return page.locator(f".chain tbody tr td:nth-child({number})").all_inner_texts()


def tokens(page: Page) -> list[str]:
    return page.locator(".token").all_inner_texts()


def test_another_sentence_has_other_maps_and_is_proved_anew(server, page):
    opened(page, server, FREE)
    proved(page)
    assert tokens(page)[-2:] == ["tired", "."]
    before = fact(page, "attention", "id")
    page.get_by_label("Your sentence", exact=True).fill("<img src=x onerror=alert(1)> eats 👩‍👩‍👧 <b>hay</b>")
    wait_for(lambda: fact(page, "attention", "id") != before)
    assert tokens(page) == ["<img", "src=x", "onerror=alert(1)>", "eats", "👩‍👩‍👧", "<b>hay</b>"]
    assert page.locator(".attention img, .attention b:text-is('hay')").count() == 0  # a token is never markup
    proved(page)
    assert "sentence=" in page.url
    page.get_by_label("Your sentence", exact=True).fill("")
    expect(page.get_by_text("Type at least two tokens")).to_be_visible(timeout=20 * SECONDS)


def test_a_head_becomes_large_and_the_query_moves_with_its_numbers(server, page):
    opened(page, server, FREE)
    page.locator("[data-head='0.1']").click()
    expect(page.locator(".head-map header b")).to_have_text("Head 1")
    assert (fact(page, "attention", "head"), fact(page, "attention", "query")) == ("1", "10")
    seen = [column(page, 6)]
    for _ in range(3):
        page.locator(".token[tabindex='0']").press("ArrowLeft")
        seen.append(column(page, 6))
        assert page.locator(".chain tfoot output").first.inner_text() == "1.000"
    assert fact(page, "attention", "query") == "7"
    assert len({tuple(one) for one in seen}) == 4
    masks = column(page, 5)
    assert [mask == "− ∞" for mask in masks] == [key > 7 for key in range(11)]
    assert {share for share, mask in zip(seen[-1], masks, strict=True) if mask == "− ∞"} == {"0.000"}
    product, scaled = (float(column(page, number)[3].replace("−", "-")) for number in (3, 4))
    assert product / 2 == pytest.approx(scaled, abs=0.011)  # width 16, 4 heads: √d = 2


def test_a_click_in_the_map_reads_a_number_and_chooses_its_row(server, page):
    opened(page, server, FREE)
    heat = page.locator(".square")
    side = heat.bounding_box()["width"] / 11
    heat.click(position={"x": 2.5 * side, "y": 5.5 * side})
    assert fact(page, "attention", "query") == "5"
    read = page.locator(".reading").inner_text()
    assert read.startswith("“mat” (t = 5) reads “sat” (2): ")
    assert read.split(": ")[1].startswith(column(page, 6)[2].strip())  # and how to let go of it
    heat.press("ArrowDown")
    heat.press("ArrowLeft")
    assert fact(page, "attention", "query") == "6"
    assert "“because” (t = 6) reads “cat” (1)" in page.locator(".reading").inner_text()
    page.get_by_label("Query position").fill("0")
    assert fact(page, "attention", "query") == "0"
    assert column(page, 6)[0].strip() == "1.000"  # the first position sees itself alone


def test_heads_switched_off_change_the_answer_and_stay_proved(server, page):
    opened(page, server, "attention?word=remember&delay=3")
    proved(page)
    expect(page.locator(".outcome")).to_contain_text("All heads are on: 8 of 8 right", timeout=30 * SECONDS)
    for head in range(3):
        before = fact(page, "attention", "id")
        page.locator(f"[data-head='1.{head}']").click()
        page.get_by_role("button", name=f"Switch layer 1, head {head} off").click()
        wait_for(lambda before=before: fact(page, "attention", "id") != before)
    assert fact(page, "attention", "off") == "1.0,1.1,1.2"
    expect(page.locator(".thumb.off")).to_have_count(3)
    without = "Without layer 1, head 0; layer 1, head 1 and layer 1, head 2"
    expect(page.locator(".outcome")).to_contain_text(without, timeout=30 * SECONDS)
    assert page.locator(".says .changed").count() > 0
    moved = float(re.search(r"moves by up to (\d\.\d+)", page.locator(".outcome").inner_text())[1])
    assert moved > 0.1
    proved(page)
    assert "off=" in page.url
    page.get_by_role("button", name="All heads on").click()
    wait_for(lambda: fact(page, "attention", "off") == "")
    proved(page)
    assert page.locator(".says .changed").count() == 0
    assert "off=" not in page.url


def test_the_snapshot_slider_shows_attention_form_without_the_server(server, page):
    opened(page, server, "attention?word=remember&delay=3")
    proved(page)
    page.evaluate("() => { window.fetch = () => { throw new Error('no server'); }; }")
    slider, last = page.get_by_label("Snapshot of the training"), fact(page, "attention", "step")
    ends = [column(page, 6)]
    slider.focus()
    page.keyboard.press("Home")
    assert (fact(page, "attention", "step"), fact(page, "attention", "frame")) == ("0", "0")
    ends.append(column(page, 6))
    assert ends[0] != ends[1]
    proved(page)
    page.keyboard.press("End")
    assert fact(page, "attention", "step") == last
    assert column(page, 6) == ends[0]


# The browser itself notes when a key goes down and when maps with another id have been drawn.
WATCH = """() => {
    window.__moves = [];
    let down = null, { id } = Object.values(window.__seqlab)[0];
    addEventListener("keydown", () => { down = performance.now(); }, true);
    addEventListener("seqlab:frame", ({ detail }) => {
        if (down !== null && detail.id !== id) { __moves.push(performance.now() - down); down = null; }
        id = detail.id;
    });
}"""


def median_move(page: Page, name: str) -> float:
    """Milliseconds from a key on a slider to the new picture, the median of 16."""
    proved(page)
    page.evaluate(WATCH)
    page.get_by_role("slider", name=name).focus()
    for move in range(16):
        page.keyboard.press("ArrowLeft" if move // 3 % 2 else "ArrowRight")
        page.wait_for_function("n => __moves.length > n", arg=move, timeout=30 * SECONDS)
        time.sleep(0.25)
    return statistics.median(page.evaluate("__moves"))


@pytest.mark.timed
@pytest.mark.slow
@pytest.mark.parametrize(("path", "name"), [(FREE, "Scale of q and k"), ("attention?delay=3", "Delay")])
def test_a_slider_moves_the_maps_at_once(server, page, path, name, record_property):
    opened(page, server, path)
    here = median_move(page, name)
    record_property("milliseconds", {name: round(here)})
    print(f"{name}: {here:.0f} ms")
    assert here < 500  # some 100 ms on a quiet machine; a picture that waited for its proof would take longer


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
def test_nothing_widens_the_page(server, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    opened(page, server, "attention?word=" + "abcde" * 12 + "&delay=8")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".attention").evaluate("node => node.scrollWidth <= node.clientWidth + 4")
