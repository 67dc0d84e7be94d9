"""The text lab in Chromium: upload a book, train on it live, see perplexity fall and the text change."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS, choose, open_settings, stands_still_sideways
from tests.support.servers import Server, serving

TEXT = "the old man and his dog went down to the sea where a grey ship lay still in the morning light"
WORDS = TEXT.split(" ")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory):
    """A server with a cache of its own and no network that answers."""
    folder = tmp_path_factory.mktemp("text")
    with serving(folder / "runs", SEQLAB_CACHE=str(folder / "cache"), SEQLAB_DATA="", SEQLAB_CHECKPOINTS=str(folder),
                 http_proxy="http://127.0.0.1:9", https_proxy="http://127.0.0.1:9") as running:
        yield running


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of 60,000 characters that is easy to learn."""
    rng, path = random.Random(1), tmp_path_factory.mktemp("book") / "sea.txt"
    lines = (" ".join(rng.choices(WORDS, k=9)) for _ in range(1500))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def fill(page: Page, label: str, value: str) -> None:
    field = page.get_by_role("spinbutton", name=label, exact=True)
    field.fill(value)
    field.press("Tab")


def live(page: Page, name: str) -> str:
    return page.locator(".live").get_attribute(f"data-{name}") or ""


def written(page: Page) -> str:
    return page.locator(".text-sample").inner_text().strip()


def perplexity(page: Page) -> float:
    """Validation perplexity as the chart says it."""
    return float(page.locator(".chart", has_text="Perplexity").locator(".held").inner_text().strip("● "))


def test_upload_a_book_train_on_it_and_see_perplexity_fall_and_the_text_change(own: Server, page: Page, book: Path):
    page.goto(f"{own.url}/text")
    expect(page.get_by_text("There is no trained network yet")).to_be_visible(timeout=60 * SECONDS)
    open_settings(page)
    choose(page, "Text", "Your own: upload or paste …")
    page.locator("input[type=file]").set_input_files(book)
    expect(page.get_by_text("Nothing is lost and nothing is changed.")).to_be_visible(timeout=30 * SECONDS)
    page.get_by_role("button", name="Take it as it is shown").click()
    expect(page.get_by_text(re.compile("^sea.txt · .* characters"))).to_be_visible(timeout=30 * SECONDS)
    expect(page.locator(".corpus-bars > div")).to_have_count(len(set("\n ".join(WORDS))))
    for label, value in (("Hidden units", "48"), ("Steps", "900"), ("Symbols a window", "24"), ("Batch", "32")):
        fill(page, label, value)
    page.get_by_role("button", name="Train a new one").click()
    page.wait_for_url(re.compile("run="))
    expect(page.locator(".live")).to_have_attribute("data-state", re.compile("running|finished"), timeout=90 * SECONDS)
    expect(page.locator(".text-sample")).to_be_visible(timeout=60 * SECONDS)
    first_text = written(page)
    expect(page.locator(".chart", has_text="Perplexity").locator(".held")).to_be_visible(timeout=120 * SECONDS)
    first = perplexity(page)
    expect(page.locator(".live")).to_have_attribute("data-state", "finished", timeout=240 * SECONDS)
    expect(page.locator(".badge[data-state=proved]")).to_be_visible(timeout=90 * SECONDS)
    last, last_text = perplexity(page), written(page)
    print(f"perplexity {first} -> {last}: {last_text[:80]!r}")
    assert 1 < last < min(first, 4.5)  # nine letters in ten follow from the ones before
    assert last_text != first_text
    words = last_text.split()[1:-1]
    assert sum(word in WORDS for word in words) > 0.6 * len(words)
    page.get_by_role("button", name="Draw again").click()
    expect(page.locator(".text-sample")).not_to_have_text(last_text)
    bold = page.get_by_role("slider", name="temperature")
    bold.press("End")
    expect(page.locator(".temperatures")).to_have_attribute("data-temperature", "1.5")
    expect(page).to_have_url(re.compile("temperature=1.5"), timeout=20 * SECONDS)
    page.locator(".st-key-text-actions").get_by_role("link", name="Sampling").click()
    page.wait_for_url(re.compile(r"/sampling\?.*run="))


def test_without_a_network_the_default_says_so_and_offers_what_needs_none(own: Server, page: Page):
    page.goto(f"{own.url}/text?text=gutenberg-84")
    page.get_by_role("button", name="Train a new one").click()
    expect(page.get_by_text("Frankenstein could not be downloaded")).to_be_visible(timeout=60 * SECONDS)
    page.get_by_role("button", name=re.compile("^Train on Python")).click()
    page.wait_for_url(re.compile("run="), timeout=60 * SECONDS)
    expect(page.locator(".live")).to_have_attribute("data-state", re.compile("running|queued"), timeout=90 * SECONDS)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".live")).to_have_attribute("data-state", "stopped", timeout=60 * SECONDS)


def test_too_large_a_text_is_refused_in_one_sentence(own: Server, page: Page, tmp_path: Path):
    large = tmp_path / "large.txt"
    large.write_bytes(b"word " * 4_400_000)
    page.goto(f"{own.url}/text")
    open_settings(page)
    choose(page, "Text", "Your own: upload or paste …")
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_text("The text has 22 MB; take one of at most 20 MB.")).to_be_visible(timeout=30 * SECONDS)
    assert page.get_by_text("Traceback").count() == 0


def test_a_phone_shows_the_form_without_scrolling_sideways(own: Server, phone: Page):
    phone.goto(f"{own.url}/text?recipe=text-python")
    open_settings(phone)
    expect(phone.locator(".corpus-parts")).to_be_visible(timeout=30 * SECONDS)
    stands_still_sideways(phone)
