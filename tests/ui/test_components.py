"""The wrappers in AppTest, and the browser's code in Chromium on a bare page, without a server."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from seqlab.figures.film import film, film_id
from seqlab.figures.theme import DARK, LIGHT
from seqlab.figures.trails import film_part, trail_parts
from seqlab.reference.cells import cells
from seqlab.trace import Trace
from seqlab.ui.widgets import finite, script, style
from seqlab.ui.widgets.live import thinned

ALPHABET = "·abcdefghijklmnopqrstuvwxyz"
COMPONENTS = ("explorer", "badge", "live")
HERE = Path("seqlab/ui/widgets").resolve()
ROUNDING = ("In float32 the two differ by 3e−2 (float64: 4e−13 agrees). torch's own float32 is 5e−2 from its float64: "
            "weights up to 812 make rounding errors grow.")


def make(word: str = "echo", delay: int = 2, frames: int = 3, units: int = 6, lost: float = 0, **more) -> bytes:
    """A film whose last frame echoes and whose earlier frames say ``z`` everywhere; a share may be lost to NaN."""
    rng, target = np.random.default_rng(len(word)), "·" * delay + word
    traces = []
    for frame in range(frames):
        said = target if frame == frames - 1 else "z" * len(target)
        p = np.full((1, len(target), 27), 0.1 / 26)
        p[0, np.arange(len(target)), [ALPHABET.index(c) for c in said]] = 0.9
        values = {f"{key}.0": rng.uniform(0, 1, (1, len(target), units)) for key in cells()["gru"].views}
        for array in values.values() if lost else ():
            array[rng.uniform(0, 1, array.shape) < lost] = np.nan
        traces.append(Trace({**values, "p": p}))
    return film(traces, core=cells()["gru"], steps=[100 * k for k in range(frames)], alphabet=ALPHABET,
                inputs=word + "·" * delay, target=target, channel="echo", delay=delay, **more)


def mounted() -> None:
    """A page with every component, with and without data."""
    from seqlab.ui.widgets.badge import badge
    from seqlab.ui.widgets.explorer import explorer
    from seqlab.ui.widgets.live import live
    from tests.ui.test_components import make

    explorer(make(), key="one")
    explorer(make(word=""), key="two")
    badge({"channel": "echo", "id": "x", "state": "pending", "message": ""}, key="badge")
    live({"steps": 10, "state": "training", "columns": {"step": [0], "loss": [float("nan")]}, "marks": []}, key="live")


def test_every_component_mounts_twice_without_an_exception() -> None:
    app = AppTest.from_function(mounted, default_timeout=20).run()
    assert not app.exception
    assert not app.run().exception


def test_nothing_is_fetched_from_anywhere() -> None:
    for path in [*HERE.rglob("*.js"), *HERE.rglob("*.css")]:
        links = set(re.findall(r"https?://[^\"' )]+", path.read_text(encoding="utf-8")))
        assert links <= {"http://www.w3.org/2000/svg"}, path.name


@pytest.mark.parametrize("name", COMPONENTS)
def test_colours_come_from_the_theme_alone(name: str) -> None:
    assert json.dumps(LIGHT.right) in script(name)
    assert not re.findall(r"#[0-9a-fA-F]{6}", style(name))


def test_finite_leaves_plain_data_without_nan() -> None:
    given = {"a": np.array([1.0, np.nan]), "b": [np.float32("inf"), 2, True, "x", None], 3: (1.5,)}
    assert finite(given) == {"a": [1.0, None], "b": [None, 2, True, "x", None], "3": [1.5]}


def test_thinning_keeps_the_ends_and_the_evaluations() -> None:
    evaluation = [0.5 if row % 997 == 3 else None for row in range(5000)]
    columns = thinned({"step": list(range(5000)), "evaluation": evaluation}, most=100)
    assert len(columns["step"]) <= 100
    assert (columns["step"][0], columns["step"][-1]) == (0, 4999)
    assert sum(value is not None for value in columns["evaluation"]) == sum(value is not None for value in evaluation)
    assert thinned({"step": [], "loss": []}) == {"step": [], "loss": []}


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A bare page on which ``mount(name, data)`` calls a component as Streamlit does; its errors fail the test."""
    page, faults = browser.new_page(viewport={"width": 1100, "height": 1000}), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content("<body style='margin: 0; --st-background-color: #fdfcfa'></body>")
    for name in COMPONENTS:
        page.evaluate("""async ([name, code, css]) => {
            const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
            const host = document.body.appendChild(document.createElement("div"));
            host.id = name;
            const parentElement = host.attachShadow({ mode: "open" });
            parentElement.innerHTML = `<style>${css}</style><div class="${name}"></div>`;
            const run = (await import(url)).default;
            (window.mounts ??= {})[name] = (data) => run({ data, parentElement });
        }""", [name, script(name), style(name)])
    page.evaluate("""window.unpack = (text) => {
        const bytes = Uint8Array.from("xyz" + atob(text), (c) => c.charCodeAt(0));
        return bytes.subarray(3); // at an odd place in its buffer, as protobuf hands bytes over
    }""")
    yield page
    page.close()
    assert not faults


def show(page: Page, data: bytes) -> None:
    page.evaluate("(text) => { window.leave = mounts.explorer(unpack(text)); }", b64encode(data).decode())


def facts(page: Page) -> dict[str, str]:
    return page.locator(".explorer").evaluate("node => ({ ...node.dataset })")


def slide(page: Page, frame: int) -> None:
    page.locator(".explorer .track input").evaluate(
        "(node, frame) => { node.value = frame; node.dispatchEvent(new Event('input')); }", frame)


def test_the_explorer_starts_on_the_last_frame_and_marks_right_wrong_and_blank(page: Page) -> None:
    show(page, data := make())
    now = facts(page)
    assert (now["frame"], now["step"], now["frames"], now["id"]) == ("2", "200", "3", film_id(data))
    states = page.locator("[data-out]").evaluate_all("nodes => nodes.map((n) => n.dataset.state)")
    assert states == ["blank"] * 2 + ["right"] * 4
    slide(page, 0)
    states = page.locator("[data-out]").evaluate_all("nodes => nodes.map((n) => n.dataset.state)")
    assert states == ["blank"] * 2 + ["wrong"] * 4
    assert facts(page)["step"] == "0"
    assert page.evaluate("window.__seqlab.echo.frame") == 0
    assert "0 %" in page.locator(".where").inner_text()


def test_new_data_is_drawn_in_place_and_keeps_what_was_chosen(page: Page) -> None:
    show(page, make())
    slide(page, 1)
    page.locator(".explorer select").select_option("number")
    page.locator('[data-view="z"]').click(position={"x": 100, "y": 40})
    before = facts(page)
    assert before["time"] != ""
    page.evaluate("window.canvas = document.querySelector('#explorer').shadowRoot.querySelector('canvas')")
    show(page, make(word="ohce"))
    after = facts(page)
    kept = ("frame", "time", "unit", "theme")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["id"] != before["id"]
    assert page.locator(".explorer select").input_value() == "number"
    assert page.evaluate("canvas === document.querySelector('#explorer').shadowRoot.querySelector('canvas')")
    show(page, make(word="ohce", frames=4))
    assert facts(page)["frame"] == "3"


def test_the_number_read_is_the_number_sent(page: Page) -> None:
    show(page, make())
    page.locator(".explorer select").select_option("number")
    page.locator('[data-view="r"] .heat').click(position={"x": 5, "y": 5})
    rng = np.random.default_rng(4)
    views = [{key: rng.uniform(0, 1, (1, 6, 6)) for key in cells()["gru"].views} for _ in range(3)]
    assert (facts(page)["time"], facts(page)["unit"]) == ("0", "0")
    assert f"= {views[2]['r'][0, 0, 0]:.3f}" in page.locator(".hint").inner_text()
    page.keyboard.press("Escape")
    page.mouse.move(0, 999)
    assert facts(page)["time"] == ""


def test_arrow_keys_move_time_and_unit(page: Page) -> None:
    show(page, make())
    page.locator(".explorer select").select_option("number")
    page.locator('[data-view="h"]').focus()
    unit = int(facts(page)["unit"])
    for key in ("ArrowRight", "ArrowRight", "ArrowUp" if unit else "ArrowDown"):
        page.keyboard.press(key)
    assert facts(page)["time"] == "1"
    assert int(facts(page)["unit"]) == (unit - 1 if unit else 1)


def test_an_answer_shows_its_five_best_letters(page: Page) -> None:
    show(page, make())
    page.locator("[data-out='2']").hover()
    rows = page.locator(".card li")
    assert rows.count() == 5
    assert rows.first.inner_text().split() == ["e", "0.900"]
    assert "right" in page.locator(".card p").inner_text()


def test_an_empty_film_invites_to_type_and_a_word_brings_the_pictures_back(page: Page) -> None:
    show(page, make(word=""))
    assert page.get_by_text("Type a word").is_visible()
    show(page, make())
    assert not page.get_by_text("Type a word").is_visible()
    assert page.locator("canvas").first.is_visible()


def test_a_film_plays_once_by_itself_and_stops_unless_motion_is_unwanted(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    show(page, make(autoplay=True))
    assert facts(page)["frame"] == "2"
    page.evaluate("leave()")
    page.emulate_media(reduced_motion="no-preference")
    show(page, make(autoplay=True))
    assert facts(page)["frame"] == "0"
    page.wait_for_function("window.__seqlab.echo.frame === 2", timeout=8000)
    page.wait_for_function("document.querySelector('#explorer').shadowRoot.querySelector('.play')"
                           ".getAttribute('aria-label').startsWith('Play')")


def lit(**more) -> bytes:
    """A film with the trails of its letters: unit k holds each for k steps; and a film within it for another delay."""
    trails = np.zeros((4, 6, 6))
    for at, lag in np.ndindex(4, 3):
        if at + lag < 6:
            trails[at, at + lag, lag] = 0.5
    parts = trail_parts({"h.0": trails}, range(4), cells()["gru"])
    others = [film_part(make(delay=delay, frames=1), delay) for delay in (1, 2)]
    return make(trailed=range(4), more=[*parts, *others], **more)


def test_the_story_lights_letters_one_after_another_and_a_hand_takes_over(page: Page) -> None:
    show(page, lit(autoplay=True))
    page.wait_for_function("document.querySelector('#explorer').shadowRoot.querySelector('.explorer').dataset.lit"
                           " === '1'")
    name = page.locator(".main header b")
    assert name.inner_text() == "trail of c"
    page.locator(".in").nth(3).hover()
    assert (facts(page)["lit"], name.inner_text()) == ("3", "trail of o")
    assert "o is held by up to 1 of 6 units from t = 3 until it is said at t = 5" in page.locator(".hint").inner_text()
    page.locator('[data-view="strip"]').focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    page.mouse.move(0, 999)
    assert (facts(page)["lit"], name.inner_text()) == ("", "hidden state")


def test_the_delay_moves_the_picture_and_tells_the_server_only_at_rest(page: Page) -> None:
    show(page, lit())
    page.get_by_role("slider", name="Delay").evaluate(
        "node => { node.value = 0; node.dispatchEvent(new Event('input')); }")
    assert page.locator("[data-out]").count() == 5
    show(page, lit(total=7))  # what comes while the hand is there does not take it back
    assert page.locator("[data-out]").count() == 5
    assert page.get_by_role("slider", name="Delay").get_attribute("aria-valuetext") == "1 letter"


@pytest.mark.parametrize(("units", "lost", "delay"), [(1, 0, 0), (700, 0, 1), (6, 0.5, 2), (6, 1, 2)])
def test_extreme_films_are_drawn(page: Page, units: int, lost: float, delay: int) -> None:
    show(page, data := make(units=units, lost=lost, delay=delay, frames=1))
    assert facts(page)["id"] == film_id(data)
    heights = page.locator(".heat").evaluate_all("nodes => nodes.map((node) => node.offsetHeight)")
    assert all(20 <= height <= 460 for height in heights)
    if lost == 1:
        page.locator('[data-view="z"] .heat').click(position={"x": 5, "y": 5})
        assert "not a number" in page.locator(".hint").inner_text()


def test_a_dark_page_gets_the_dark_colours(page: Page) -> None:
    show(page, data := make())
    assert page.locator(".explorer").evaluate("n => n.style.getPropertyValue('--right')") == LIGHT.right
    page.evaluate("document.body.style.setProperty('--st-background-color', '#11141b')")
    show(page, data)
    assert page.locator(".explorer").evaluate("n => n.style.getPropertyValue('--right')") == DARK.right


@pytest.mark.parametrize("width", [390, 900])
def test_sixty_letters_never_widen_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    show(page, make(word="abcde" * 12, delay=8))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    strip, heat = page.locator(".strip .scroller"), page.locator(".main .scroller")
    strip.evaluate("node => { node.scrollLeft = 120; }")
    page.wait_for_timeout(100)
    assert heat.evaluate("node => node.scrollLeft") == strip.evaluate("node => node.scrollLeft") == 120


@pytest.mark.parametrize("width", [375, 700, 1100])
def test_the_badge_follows_the_explorer_and_keeps_its_height(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    data = make()
    show(page, data)
    frames = [{"step": 100 * k, "float32": 6e-7, "float64": 4.4e-16, "at": "", "fault": None} for k in range(3)]
    frames[0]["fault"] = "update gate (layer 0, t = 7, unit 31)"
    proof = {"channel": "echo", "id": "another", "state": "proved", "frames": frames, "numbers": 12345,
             "against": "torch", "tolerance": {"float64": 1e-10}}

    def seen(**changes) -> tuple[str, float]:
        page.evaluate("(proof) => mounts.badge(proof)", proof | changes)
        node = page.locator(".badge")
        return node.get_attribute("data-state") or "", node.evaluate("node => node.offsetHeight")

    pending, proved = seen(), seen(id=film_id(data))
    assert (pending[0], proved[0]) == ("pending", "proved")
    assert "4.4e−16 (float64), 6.0e−7 (float32) over 12,345 numbers" in page.locator(".badge").inner_text()
    slide(page, 0)
    assert page.locator(".badge").get_attribute("data-state") == "wrong"
    assert "Differs first at update gate (layer 0, t = 7, unit 31)" in page.locator(".badge").inner_text()
    unavailable = seen(state="unavailable", message="No worker has answered.")
    assert len({pending[1], proved[1], unavailable[1], page.locator(".badge").evaluate("n => n.offsetHeight")}) == 1
    rounded = seen(id=film_id(data), frames=[frame | {"fault": None, "rounding": ROUNDING} for frame in frames])
    assert rounded == ("rounding", proved[1])
    assert "In float32 the two differ by 3e−2" in page.locator(".badge").inner_text()
    page.locator(".badge").get_by_role("button").click()
    assert ROUNDING in page.locator(".badge .more").inner_text()
    page.locator(".badge").get_by_role("button").click()
    page.evaluate("""(id) => dispatchEvent(new CustomEvent("seqlab:frame", { detail: window.__seqlab.echo =
        { channel: "echo", id, frame: 0, step: 0, own: "Computed in your browser; the proof follows." } }))""",
                  film_id(data))
    own = page.locator(".badge")
    assert (own.get_attribute("data-state"), own.evaluate("node => node.offsetHeight")) == ("browser", proved[1])
    assert "Computed in your browser" in own.inner_text()


def test_live_charts_grow_in_place_and_agree_on_the_step_pointed_at(page: Page) -> None:
    def feed(rows: int) -> None:
        columns = {"step": list(range(rows)), "loss": [3 - k / 100 for k in range(rows)], "accuracy": [None] * rows,
                   "grad_norm": [0.5] * rows, "lr": [0.003] * rows, "tokens_per_s": [60000] * rows,
                   "evaluation": [None] * rows}
        data = {"steps": 200, "state": "training", "columns": columns, "marks": [], "chance": 0.04, "clip": 0.5}
        page.evaluate("(data) => mounts.live(data)", data)

    feed(50)
    page.evaluate("window.canvas = document.querySelector('#live').shadowRoot.querySelector('canvas')")
    feed(101)
    assert page.evaluate("canvas === document.querySelector('#live').shadowRoot.querySelector('canvas')")
    live = page.locator(".live")
    assert "step 100 of 200" in live.inner_text()
    assert [node.inner_text() for node in live.locator("output").all()] == ["2.000", "–", "0.500", "0.00300"]
    live.locator("canvas").nth(2).hover(position={"x": 46, "y": 60})
    assert "at step 0" in live.inner_text()
    assert live.locator("output").first.inner_text() == "3.000"
