"""The sampling studio in Chromium on a bare page: its own arithmetic is NumPy's, and everything answers at once."""

import json
import math
from base64 import b64encode
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from seqlab.data.vocabulary import Vocabulary
from seqlab.figures.linking import linked
from seqlab.figures.studio import SampledText, studio
from seqlab.reference.sampling import Choice, draw, entropy, shape, surprise, uniforms
from seqlab.ui.widgets import HERE, script, style

ALPHABET = Vocabulary.of_text(" abcdefghijklmnopqrstuvwxyz")
COUNT = 120
CHOICES = [Choice(), Choice(0.0), Choice(0.01), Choice(0.3), Choice(2.0), Choice(alpha=30.0),
           Choice(alpha=5.0, top_k=4), Choice(top_k=1), Choice(1.3, top_p=0.6), Choice(0.7, top_k=9, top_p=0.9),
           Choice(top_p=0.05), Choice(0.5, divide_probabilities=True), Choice(2.0, top_k=5, divide_probabilities=True)]


def logits() -> np.ndarray:
    found = np.random.default_rng(1).normal(scale=2.5, size=(COUNT, len(ALPHABET))).astype(np.float32)
    found[7, 3:6] = found[7].max() + 1  # equal logits: the smallest id comes first
    return found


def drawn(choice: Choice = CHOICES[0]) -> SampledText:
    numbers, draws = logits(), uniforms(3, COUNT)
    ids = draw(shape(numbers, choice, ALPHABET.masked).p, draws)
    return SampledText("the time ", ALPHABET, choice, 3, ids, numbers, draws)


def packed(choice: Choice = CHOICES[0], **more: object) -> bytes:
    column = {0.5: np.array([1, 2, 3]), 1.0: np.array([1, 2, 9])}
    return studio(drawn(choice), column, channel="sampling", **({"play": False} | more))


@pytest.fixture
def page(browser) -> Iterator[Page]:
    page, faults = browser.new_page(viewport={"width": 1200, "height": 1100}), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content("<body style='margin: 0; --st-background-color: #fdfcfa'><div id=host></div></body>")
    page.evaluate("""async ([code, arithmetic, css]) => {
        const module = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
        const parentElement = document.getElementById("host");
        parentElement.innerHTML = `<style>${css}</style><div class="studio"></div>`;
        const run = (await module(code)).default;
        window.parts = await module(arithmetic);
        window.sent = [];
        window.unpack = (text) => Uint8Array.from("xyz" + atob(text), (c) => c.charCodeAt(0)).subarray(3);
        window.mount = (text) => run({ data: unpack(text), parentElement,
            setTriggerValue: (name, value) => sent.push(value) });
    }""", [script("sampling"), linked(HERE / "sampling" / "shaping.js"), style("sampling")])
    yield page
    page.close()
    assert not faults


def show(page: Page, data: bytes) -> None:
    """Draw a text, with all that is folded open."""
    page.evaluate("""(text) => {
        const first = !document.querySelector("details");
        mount(text);
        if (first) for (const part of document.querySelectorAll("details")) part.open = true;
    }""", b64encode(data).decode())


def dial(page: Page, name: str, value: float, *, release: bool = False) -> None:
    page.locator(f"[data-dial={name}]").evaluate("""(range, [value, release]) => {
        range.value = value;
        range.dispatchEvent(new Event("input"));
        if (release) range.dispatchEvent(new Event("change"));
    }""", [value, release])


def fact(page: Page, name: str) -> str:
    return page.locator(".studio").get_attribute(f"data-{name}") or ""


def sent(page: Page) -> list[dict]:
    page.wait_for_timeout(50)
    return page.evaluate("sent")


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_the_browsers_arithmetic_is_that_of_numpy(page: Page, choice: Choice) -> None:
    asked = {"temperature": choice.temperature, "alpha": choice.alpha, "top_k": choice.top_k, "top_p": choice.top_p,
             "divide": choice.divide_probabilities}
    found = json.loads(page.evaluate("""([text, choice]) => {
        const studio = parts.readStudio(unpack(text)), shaper = new parts.Shaper(studio), p = [];
        for (let t = 0; t < studio.ids.length; t++) { shaper.shape(t, choice); p.push([...shaper.p]); }
        const all = shaper.all(choice);
        return JSON.stringify({ p, would: [...all.would], entropy: [...all.entropy],
            surprise: [...all.surprise].map((value) => (Number.isFinite(value) ? value : null)) });
    }""", [b64encode(packed(Choice(1.7))).decode(), asked]))
    shaped, text = shape(logits(), choice, ALPHABET.masked), drawn(Choice(1.7))
    np.testing.assert_allclose(found["p"], shaped.p, atol=1e-12)
    np.testing.assert_array_equal(found["would"], draw(shaped.p, text.draws))
    np.testing.assert_allclose(found["entropy"], entropy(shaped.p), atol=1e-5)  # kept in single precision for colours
    theirs = surprise(shaped.p, text.ids)
    for one, other in zip(found["surprise"], theirs, strict=True):
        assert (one is None) == math.isinf(other)
        assert one is None or one == pytest.approx(other, rel=1e-5, abs=1e-5)


def test_it_opens_with_the_text_its_colours_and_one_character_taken_apart(page: Page) -> None:
    show(page, packed())
    text = drawn()
    assert fact(page, "text") == text.text.removeprefix(text.prompt)
    expect(page.locator(".prompt")).to_have_text("the time ")
    expect(page.locator("[data-t]")).to_have_count(COUNT)
    assert len(set(page.locator("[data-t]").evaluate_all("cells => cells.map(cell => cell.style.background)"))) > 10
    expect(page.locator(".text .other")).to_have_count(0)
    assert page.locator(".explained").inner_text().startswith("u = 0.")
    expect(page.locator("[data-t].on")).to_have_count(1)


def test_the_distribution_shows_p_behind_its_outline_at_one_and_the_draw_stands_still(page: Page) -> None:
    show(page, packed())
    page.locator("[data-t='7']").click()
    place, text = page.locator(".mark").evaluate("node => node.style.left"), drawn()
    for choice, name, value in ((Choice(0.4), "temperature", 0.4), (Choice(0.4, top_k=3), "top_k", 3)):
        dial(page, name, value)
        p, plain = (shape(logits(), one, ALPHABET.masked).p[7] for one in (choice, Choice()))
        order = np.lexsort((np.arange(len(plain)), -plain))
        order = order[~np.isin(order, list(ALPHABET.masked))]
        heights = page.locator(".bin").evaluate_all(
            "bins => bins.map(bin => ['b', 'i'].map(part => parseFloat(bin.querySelector(part).style.height)))")
        np.testing.assert_allclose(heights, 100 * np.stack([p[order], plain[order]], 1), atol=1e-3)
        chosen = ALPHABET.symbols[int(draw(p[None], text.draws[7:8])[0])].replace(" ", "␣")
        expect(page.locator(".bin.chosen > span")).to_have_text(chosen)
        piece = page.locator(".parts .chosen").evaluate("one => [one.style.left, one.style.width].map(parseFloat)")
        assert piece[0] <= float(place.removesuffix("%")) <= sum(piece)
        assert page.locator(".mark").evaluate("node => node.style.left") == place
    expect(page.locator(".bin.out")).to_have_count(len(order) - 3)
    assert "p at T = 0.4" in (page.locator(".bars").get_attribute("aria-label") or "")


def test_a_large_alphabet_has_the_likeliest_bars_and_one_for_the_others(page: Page) -> None:
    large = Vocabulary.of_text("".join(chr(0x4E00 + k) for k in range(300)))
    numbers = np.random.default_rng(0).normal(scale=3, size=(2, len(large))).astype(np.float32)
    ids = np.argsort(numbers, 1)[:, 5]  # improbable, and shown all the same
    show(page, studio(SampledText("", large, Choice(), 1, ids, numbers, np.full(2, 0.3)), {}, channel="sampling",
                      play=False))
    bins = page.locator(".bin > span").all_inner_texts()
    assert 8 <= len(bins) < 60
    assert bins[-1] == f"{len(large) - len(large.masked) - (len(bins) - 1)} others"
    expect(page.locator(".bin.drawn")).to_have_count(1)
    total = page.locator(".bin b").evaluate_all("bars => bars.map(bar => parseFloat(bar.style.height))")
    assert sum(total) == pytest.approx(100, abs=1e-3)
    folded = page.locator("details").first
    folded.locator("summary").click()
    page.locator(".text").press("ArrowRight")
    folded.locator("summary").press("Enter")  # what was folded meanwhile is drawn when it opens
    expect(page.locator(".steps .where")).to_contain_text("2 of 2")
    assert page.locator(".steps tbody tr").count() > 5


def number(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("t", [0, 7, COUNT - 1])
def test_the_numbers_beside_a_character_are_its_steps(page: Page, t: int) -> None:
    show(page, packed())
    dial(page, "temperature", 0.6)
    page.locator(f"[data-t='{t}']").click()
    assert fact(page, "at") == str(t)
    shaped, text = shape(logits(), Choice(0.6), ALPHABET.masked), drawn()
    for row in page.locator(".steps tbody tr[data-id]").all():
        at, cells = int(row.get_attribute("data-id") or 0), row.locator("td").all_inner_texts()
        assert number(cells[0]) == pytest.approx(logits()[t, at], abs=0.006)
        assert number(cells[2]) == pytest.approx(shaped.scaled[t, at], abs=0.006)
        assert number(cells[4]) == pytest.approx(shaped.p[t, at], abs=6e-4)
        bar = row.locator("u").evaluate("bar => [parseFloat(bar.style.left), parseFloat(bar.style.width)]")
        assert sum(bar) == pytest.approx(100 * shaped.cumulative[t, at], abs=1e-4)
    now = int(draw(shaped.p, text.draws)[t])
    assert page.locator(".steps tr.now").get_attribute("data-id") == str(now)
    line = page.locator(".needle").evaluate("line => line.getBoundingClientRect().left")
    bar = page.locator(".now u").bounding_box()
    assert bar["x"] - 1.5 <= line <= bar["x"] + bar["width"] + 1.5  # u falls on the bar of what it chooses


def test_temperature_and_alpha_move_each_other_and_both_say_so(page: Page) -> None:
    show(page, packed())
    dial(page, "temperature", 0.5)
    values = page.locator(".pair output").all_inner_texts()
    assert values == ["0.5", "2"]
    assert "multiplied by 2 = 1/0.5" in page.locator(".same").inner_text()
    before = page.locator(".steps tbody").inner_text()
    page.get_by_role("button", name="alpha 5").click()
    assert page.locator(".pair output").all_inner_texts() == ["0.2", "5"]
    page.get_by_role("button", name="alpha 2", exact=True).click()
    assert page.locator(".steps tbody").inner_text() == before
    assert [part["alpha"] for part in sent(page)] == [5, 2]


def test_a_turned_dial_marks_what_the_same_draws_would_choose_and_release_asks_for_it(page: Page) -> None:
    show(page, packed())
    dial(page, "temperature", 0.4)
    would, text = draw(shape(logits(), Choice(0.4), ALPHABET.masked).p, drawn().draws), drawn()
    other = np.flatnonzero(would != text.ids)
    marked = page.locator(".text .other").evaluate_all("cells => cells.map(cell => Number(cell.dataset.t))")
    assert marked == other.tolist()
    told = page.locator(".verdict").inner_text()
    assert f"From character {other[0] + 1} on" in told
    assert ALPHABET.symbols[would[other[0]]].replace(" ", "␣") in told
    assert not sent(page)  # a dial that is still held asks nothing of the server
    page.locator(f"[data-t='{other[0]}']").click()
    assert "it would be" in page.locator(".explained").inner_text()
    dial(page, "temperature", 0.4, release=True)
    assert sent(page) == [{"temperature": 0.4, "alpha": 1, "top_k": 0, "top_p": 1, "divide": False,
                           "colour": "surprise"}]
    show(page, packed(Choice(0.4)))
    expect(page.locator(".text .other")).to_have_count(0)


def own(page: Page) -> str:
    """What the badge on the channel is told of a picture that nobody has proved."""
    return page.evaluate("window.__seqlab.sampling.own")


def test_a_kept_text_stays_until_it_is_asked_for(page: Page) -> None:
    show(page, packed())
    assert own(page) == ""
    page.get_by_label("Keep this text").check()
    dial(page, "temperature", 1.6, release=True)
    assert not sent(page)
    assert own(page) == "Computed in your browser; the proof follows when you press “Draw with these”."
    page.get_by_role("button", name="Draw with these").click()
    assert [part["temperature"] for part in sent(page)] == [1.6]
    assert own(page), "the answer is on its way"
    show(page, packed(Choice(1.6)))
    assert own(page) == ""


def test_a_dial_that_is_turned_shows_what_is_not_proved_yet(page: Page) -> None:
    show(page, packed())
    dial(page, "top_k", 3)
    assert own(page) == "Computed in your browser; the proof follows when the text is drawn anew."
    dial(page, "top_k", 27)
    assert own(page) == "", "back where it was proved"


def test_an_answer_that_is_overtaken_does_not_turn_the_dials_back(page: Page) -> None:
    show(page, packed())
    dial(page, "temperature", 0.5, release=True)
    page.wait_for_timeout(30)
    dial(page, "temperature", 0.3)
    show(page, packed(Choice(0.5)))
    assert page.locator("[data-dial=temperature]").input_value() == "0.3"
    dial(page, "temperature", 0.3, release=True)
    page.wait_for_timeout(30)
    show(page, packed(Choice(0.3)))
    show(page, packed(Choice(1.2)))  # such as after Reset
    assert page.locator("[data-dial=temperature]").input_value() == "1.2"


def test_the_fault_is_exposed_with_both_distributions_and_its_size(page: Page) -> None:
    show(page, packed())
    dial(page, "temperature", 0.5)
    page.locator("[data-dial=divide]").check()
    expect(page.locator(".text .other")).to_have_count(0)  # nothing changes
    told = page.locator(".fault").inner_text()
    assert "Dividing does nothing" in told
    plain, meant = (shape(logits(), Choice(T), ALPHABET.masked).p for T in (1.0, 0.5))
    moved = np.abs(plain - meant).max()
    assert told.endswith(f"moves them by up to {moved:.3f}.")
    tiny = float(told.split("whole text, is ")[1].split(". ")[0].replace("−", "-"))
    assert tiny < 1e-15
    at = int(fact(page, "at"))
    for row in page.locator(".steps tbody tr").all():
        letter, divided, right = (row.locator(what).inner_text() for what in ("th", ".divided", ".meant"))
        place = ALPHABET.symbols.index(letter.replace("␣", " "))
        assert number(divided.replace("e−", "e-")) == pytest.approx(plain[at, place], abs=6e-4)
        assert number(right.replace("e−", "e-")) == pytest.approx(meant[at, place], abs=6e-4)


def test_keys_move_from_character_to_character_and_from_line_to_line(page: Page) -> None:
    show(page, packed())
    page.locator("[data-t='5']").click()
    page.locator(".text").press("ArrowRight")
    assert fact(page, "at") == "6"
    page.locator(".text").press("ArrowDown")
    down = int(fact(page, "at"))
    boxes = "t => [6, t].map(k => document.querySelector(`[data-t='${k}']`).getBoundingClientRect())"
    tops = page.evaluate(boxes, down)
    assert tops[1]["top"] > tops[0]["top"] + 10
    assert abs(tops[1]["left"] - tops[0]["left"]) < 12
    page.locator(".text").press("ArrowUp")
    assert fact(page, "at") == "6"
    page.locator(".text").press("Home")
    page.get_by_role("button", name="Next character").click()
    assert fact(page, "at") == "1"


def test_a_text_is_played_and_can_be_skipped_and_a_calm_person_sees_it_at_once(page: Page) -> None:
    show(page, packed(play=True))
    page.wait_for_function("document.querySelectorAll('.unseen').length > 0")
    page.get_by_role("button", name="Skip to the end").click()
    expect(page.locator(".unseen")).to_have_count(0)
    page.get_by_role("button", name="Play the text").click()
    page.wait_for_function("document.querySelectorAll('.unseen').length > 0")
    page.wait_for_function("document.querySelectorAll('.unseen').length === 0", timeout=20_000)
    page.emulate_media(reduced_motion="reduce")
    show(page, packed(Choice(1.9), play=True))
    expect(page.locator(".unseen")).to_have_count(0)


def test_a_text_that_comes_after_a_dial_stands_there_at_once(page: Page) -> None:
    show(page, packed())
    other = b64encode(packed(Choice(0.8), play=True)).decode()
    unseen = page.evaluate("(text) => { mount(text); return document.querySelectorAll('.unseen').length; }", other)
    assert unseen == 0  # it was typed for 3 s at every dial that was let go


def test_a_row_of_the_column_becomes_the_text(page: Page) -> None:
    show(page, packed())
    expect(page.locator(".sample[aria-pressed=true]")).to_have_attribute("data-temperature", "1")
    assert page.locator(".sample").last.locator("i").last.inner_text() == " a"  # what it shares with the row above
    page.locator(".sample").first.click()
    assert [part["temperature"] for part in sent(page)] == [0.5]


def test_colours_have_a_fixed_scale_and_can_show_the_entropy(page: Page) -> None:
    show(page, packed())
    before = page.locator("[data-t]").evaluate_all("cells => cells.map(cell => cell.style.background)")
    page.get_by_role("button", name="entropy").click()
    after = page.locator("[data-t]").evaluate_all("cells => cells.map(cell => cell.style.background)")
    assert before != after
    assert "≥ 3 nats" in page.locator(".legend").inner_text()
    assert sent(page)[-1]["colour"] == "entropy"


def test_symbols_that_cannot_be_seen_have_signs(page: Page) -> None:
    strange = Vocabulary.of_sentences("a \n\t\x07<")
    ids = np.array([1, 2, 3, 4, 5, strange.end])
    numbers = np.zeros((6, len(strange)), np.float32)
    text = SampledText("<b>", strange, Choice(), 1, ids, numbers, np.full(6, 0.5))
    show(page, studio(text, {}, channel="sampling", play=False))
    names = page.locator("[data-t]").evaluate_all("cells => cells.map(cell => cell.title)")
    assert names == ["␣", "↵", "⇥", "U+0007", "<", "⏎"]
    assert page.locator(".text b").count() == 0  # a prompt is text, never markup


@pytest.mark.parametrize("count", [1, 2])
def test_very_short_texts_stand(page: Page, count: int) -> None:
    numbers = logits()[:count]
    text = SampledText("a", ALPHABET, Choice(), 1, np.ones(count, np.int64), numbers, np.full(count, 0.2))
    show(page, studio(text, {}, channel="sampling", play=False))
    expect(page.locator("[data-t]")).to_have_count(count)
    page.locator(".text").press("ArrowRight")
    page.locator(".text").press("ArrowDown")
    assert fact(page, "at") in ("0", "1")


def test_a_thousand_characters_of_a_large_alphabet_follow_a_dial(page: Page) -> None:
    large = Vocabulary.of_text("".join(chr(0x4E00 + k) for k in range(95)))
    numbers = np.random.default_rng(0).normal(scale=3, size=(1000, len(large))).astype(np.float32)
    draws = uniforms(1, 1000)
    text = SampledText("", large, Choice(), 1, draw(shape(numbers, Choice(), large.masked).p, draws), numbers, draws)
    show(page, studio(text, {}, channel="sampling", play=False))
    took = page.evaluate("""async () => {
        const range = document.querySelector("[data-dial=temperature]"), found = [];
        for (let k = 0; k < 20; k++) {
            const start = performance.now();
            range.value = 0.2 + 0.08 * k;
            range.dispatchEvent(new Event("input"));
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            found.push(performance.now() - start);
        }
        return found.sort((one, other) => one - other);
    }""")
    print(f"p25 {took[5]:.0f} ms, p50 {took[10]:.0f} ms, p95 {took[18]:.0f} ms")
    assert took[5] < 100  # on a machine of its own the median; others may be at work on this one
