"""What the tests of the user interface share: an engine whose worker is this process, and a bare page."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from playwright.sync_api import Page

from seqlab.training.answer import Answer
from seqlab.ui.proof import client
from seqlab.ui.widgets import script, style


class Here(Answer):
    """An engine whose worker is this process; ``spoil`` may change torch's answer on its way."""

    def __init__(self) -> None:
        self.asked = 0
        self.spoil: Callable[[Any], object] = lambda answer: None

    def ask(self, target: str, *args: Any) -> "Here":
        self.asked += 1
        place, name = target.split(":")
        self.answer = getattr(import_module(place), name)(*args)
        self.spoil(self.answer)
        return self

    def done(self) -> bool:
        return True

    def result(self, timeout: float | int = 10) -> Any:
        return self.answer


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    engine = Here()
    monkeypatch.setattr(client, "engine", lambda: engine)
    return engine


@pytest.fixture
def bare(browser) -> Iterator[Callable[[str], Page]]:
    """Mount a component's code on an empty page: ``mount(data)`` draws there, ``sent`` holds what it says back."""
    page, faults = browser.new_page(viewport={"width": 700, "height": 600}), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content("<body style='margin: 0; --st-background-color: #fdfcfa'></body>")

    def mounted(name: str) -> Page:
        page.evaluate("""async ([name, code, css]) => {
            const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
            const host = document.body.appendChild(document.createElement("div"));
            const parentElement = host.attachShadow({ mode: "open" });
            parentElement.innerHTML = `<style>${css}</style><div class="${name}"></div>`;
            const run = (await import(url)).default;
            window.sent = [];
            window.mount = (data) => { run({ data, parentElement, setTriggerValue: (...said) => sent.push(said) }); };
        }""", [name, script(name), style(name)])
        return page

    yield mounted
    page.close()
    assert not faults
