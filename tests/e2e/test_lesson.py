"""Every shipped lesson as a person goes through it: wrong, a hint, right, on, to the end; and the panel by itself."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from seqlab.lessons.asked import typed
from seqlab.lessons.checker import right_answer, wrong_answers
from seqlab.lessons.lesson import Lesson, Question, Step
from seqlab.lessons.library import FOLDER, shelf
from seqlab.lessons.progress import FILE
from seqlab.lessons.scene import Answer, Scene
from seqlab.reference import change_text
from seqlab.training.library import Library
from tests.support import axe
from tests.support.access import REST, RULES, VIEWPORTS
from tests.support.browser import PHONE, SECONDS, headed, stands_still_sideways, tab
from tests.support.servers import Server, serving

LONG = 60 * SECONDS
LESSONS = [pytest.param(lesson, id=name) for name, lesson in shelf().lessons.items()]
# As when a person goes back there: Streamlit takes the address from where it stands now.
GO = "(address) => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }"

UNCOVERED = """() => {
  const [ring, panel] = [".lesson-ring", ".st-key-lesson"].map((name) => document.querySelector(name)
    .getBoundingClientRect());
  return ring.top > 0 && ring.bottom <= (panel.left ? innerHeight : panel.top);
}"""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: lessons make runs."""
    with serving(tmp_path_factory.mktemp("lessons") / "runs") as running:
        yield running


@pytest.fixture(scope="module")
def pupil(browser: Browser) -> Iterator[Page]:
    """One tab for all lessons: it has loaded Streamlit once."""
    with tab(browser) as page:
        yield page


def panel(page: Page) -> Locator:
    return page.locator(".st-key-lesson")


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_answered_wrongly_then_rightly_and_done(school: Server, pupil: Page, lesson: Lesson) -> None:
    (school.runs / FOLDER / FILE).unlink(missing_ok=True)  # nobody has done anything yet, in a second try neither
    pupil.goto(f"{school.url}/lessons")
    pupil.get_by_role("link", name=f"Start: {lesson.title}").click(timeout=LONG)
    view = lesson.steps[0]
    for number, step in enumerate(lesson.steps, 1):
        title = panel(pupil).locator(".lesson-title")
        expect(title).to_have_attribute("data-at", f"{lesson.name}.{number}", timeout=LONG)
        expect(title).to_have_text(step.title)
        expect(pupil).to_have_url(re.compile(f"/{step.page}\\?" if step.page and step.page != "home" else "."))
        for ring in pupil.locator(".lesson-ring").all():
            expect(ring).to_be_visible(timeout=LONG)
        assert pupil.locator(".lesson-ring").count() == len(step.look)
        view = step if step.page else view
        scene = stands(view, Library(school.runs, school.shipped))
        if step.question is not None:
            answered(pupil, scene, step, step.question)
        elif step.check is not None:
            deed(pupil, scene, step, f"{lesson.name}.{number}")
        dot = panel(pupil).locator(".lesson-steps a[aria-current]")
        expect(dot).to_have_accessible_name(re.compile(f"Step {number}, done"), timeout=LONG)
        if number < len(lesson.steps):
            panel(pupil).get_by_role("link", name="Next →").click()
    expect(panel(pupil)).to_contain_text("✓ Done.")
    panel(pupil).get_by_role("link", name="All lessons").click()
    expect(pupil.locator(f".st-key-lesson-card-{lesson.name}")).to_contain_text("✓ Done", timeout=LONG)


def stands(view: Step, library: Library) -> Scene:
    """The page as a step's view begins, without opening it: its network, word and changes stand in the address."""
    address = view.address
    scene = Scene(library, view.page, address, began=time.time(), changes=change_text.read(address.get("change", "")))
    if "run" not in address:
        return scene
    run = library.get(address["run"])
    delay = int(address["delay"]) if "delay" in address else None
    text = address.get("word") or address.get("string")
    return replace(scene, run=run, given=typed(run, text, delay) if text else None)


def answered(page: Page, scene: Scene, step: Step, question: Question) -> None:
    """Answer a question wrongly, see that it is told so, ask for a hint, and answer rightly."""
    assert step.check is not None
    computed = step.check.computed(scene)
    right = right_answer(computed, question)
    assert right is not None
    form = panel(page).locator(".stForm")
    expect(form).to_have_count(1, timeout=LONG)  # that of the step before goes when this one is drawn
    expect(form).to_contain_text(question.ask[:20], timeout=LONG)
    wrong = wrong_answers(computed, question)[-1]
    give(page, question, wrong)
    expect(panel(page).locator(".lesson-said.wrong")).to_be_visible(timeout=LONG)
    if step.hints:
        panel(page).get_by_role("button", name=re.compile("^Hint")).click()
        expect(panel(page).locator(".st-key-lesson-hints .stMarkdown")).to_have_count(1, timeout=LONG)
    give(page, question, right, wrong)
    expect(panel(page).locator(".lesson-said.right")).to_contain_text(computed.because[:20], timeout=LONG)


def give(page: Page, question: Question, answer: Answer, before: Answer = frozenset()) -> None:
    """Answer as a hand does; ``before`` is what stands there, of which places that are marked stay so."""
    if question.kind == "choice":
        panel(page).locator("[role=radiogroup] label").nth(question.choices.index(str(answer))).click()
    elif isinstance(answer, frozenset):
        assert isinstance(before, frozenset)
        for place in answer ^ before:
            panel(page).locator(".stButtonGroup button").nth(place).click()
    else:
        panel(page).locator(".stForm input").filter(visible=True).fill(str(answer))  # that of the step before is hidden
    panel(page).get_by_role("button", name="Check", exact=True).click()


def deed(page: Page, scene: Scene, step: Step, at: str) -> None:
    """Do what a step asks for: by the page's own buttons where it is code, else so that the page and runs stand so."""
    assert step.check is not None
    assert step.check.kind.deed is not None
    waits = panel(page).locator(".lesson-said.waits")
    expect(waits).to_be_visible(timeout=LONG)
    done = step.check.kind.deed(step.check.settings, scene)
    changes = {"change": ";".join(map(change_text.write, done.changes))} if done.changes else {}
    if done.exact:
        page.get_by_role("button", name="Load a correct one").click()
        field = page.get_by_role("textbox", name="Your code", exact=True)
        expect(field).not_to_have_value(re.compile("✎"), timeout=LONG)
        page.locator(".st-key-check button").click()
    elif (done.page, done.address, done.changes) != (scene.page, scene.address, scene.changes):
        page.evaluate(GO, f"{done.page}?{urlencode({**done.address, **changes, 'lesson': at})}")
    expect(waits).to_have_count(0, timeout=LONG)


def test_a_panel_takes_the_keyboard_folds_and_goes_back_with_the_browser(school: Server, page: Page) -> None:
    first, *_ = shelf().lessons.values()
    page.goto(f"{school.url}/?lesson={first.name}")
    title = panel(page).locator(".lesson-title")
    expect(title).to_be_focused(timeout=LONG)
    expect(panel(page).get_by_role("status")).to_have_class(re.compile("st-key-lesson-verdict"))
    field = page.get_by_label("Your word", exact=True)
    expect(field).not_to_have_value("", timeout=LONG)
    at_first = field.input_value()
    field.fill("changed")
    expect(page).to_have_url(re.compile("word=changed"), timeout=LONG)
    page.get_by_role("link", name="Page as at first").click()
    expect(field).to_have_value(at_first, timeout=LONG)
    panel(page).get_by_role("link", name="Next →").click()
    expect(title).to_have_text(first.steps[1].title, timeout=LONG)
    page.go_back()
    expect(title).to_have_text(first.steps[0].title, timeout=LONG)
    page.keyboard.press("l")
    expect(title).to_be_hidden()
    expect(page.get_by_role("button", name="Lesson: words and question")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("l")
    expect(title).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    expect(title).to_have_count(0, timeout=LONG)
    expect(page).not_to_have_url(re.compile("lesson="))


@pytest.mark.skipif(not axe.SCRIPT.exists(), reason="axe-core is not here: `npm ci` installs it")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_panel_has_no_serious_finding_on_desk_and_phone(school: Server, browser: Browser, scheme: str) -> None:
    first, *_ = shelf().lessons.values()
    with tab(browser, color_scheme=scheme) as page:
        page.goto(f"{school.url}/?lesson={first.name}")
        expect(panel(page).locator(".lesson-title")).to_be_focused(timeout=LONG)
        panel(page).get_by_role("button", name="Check", exact=True).click()
        expect(panel(page).locator(".lesson-said.wrong")).to_be_visible(timeout=LONG)
        axe.load(page)
        for (of, device), rules in RULES.items():
            if of == scheme:
                page.set_viewport_size(VIEWPORTS[device])
                page.evaluate(REST, 300)
                assert not axe.serious(page, rules), device


def test_on_a_phone_the_panel_stands_at_the_foot_and_the_page_above_it(school: Server, browser: Browser) -> None:
    first, *_ = shelf().lessons.values()
    with tab(browser, PHONE) as page:
        page.goto(f"{school.url}/?lesson={first.name}")
        headed(page, "Echo lab")
        box = panel(page).bounding_box()
        assert box is not None
        assert (box["x"], box["width"]) == (0, 390)
        assert 400 < box["y"] < 500
        assert box["y"] + box["height"] == 844
        stands_still_sideways(page)
        page.get_by_role("button", name="Lesson: words and question").tap()
        expect(panel(page).locator(".lesson-title")).to_be_hidden()


def test_what_a_step_speaks_of_comes_out_from_behind_the_panel_also_where_the_page_grows(
        school: Server, browser: Browser) -> None:
    step, address = "write-the-rnn.1", {**shelf().get("write-the-rnn").steps[0].address}
    for size in (PHONE, {"viewport": {"width": 1280, "height": 720}}):
        with tab(browser, size) as page:
            page.goto(f"{school.url}/stepper?{urlencode({**address, 'lesson': step})}")
            page.locator(".lesson-ring").wait_for(timeout=LONG)
            page.wait_for_function(UNCOVERED, timeout=LONG)
            page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop = 0")  # as when more comes above it
            page.wait_for_function(UNCOVERED, timeout=LONG)
            if size is not PHONE:  # the words are longer than the panel; the way on is seen all the same
                way = panel(page).get_by_role("link", name="Next →").bounding_box()
                assert way
                assert way["y"] + way["height"] <= 720
