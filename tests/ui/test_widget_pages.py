"""Every component's own page: the folder is whole, it mounts twice, and its sample is drawn, light and dark."""

import json
import subprocess
import sys
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from seqlab.ui.widgets import HERE, script, style
from tests.support.data import ROOT

NAMES = sorted(path.parent.name for path in HERE.glob("*/__init__.py"))
QUIET = {"code_field", "frame", "kept_area", "live_area"}  # without a picture of their own

MOUNT = """async ([code, css, html, data, dark]) => {
    document.body.style.setProperty("--st-background-color", dark ? "#11141b" : "#fdfcfa");
    const host = document.body.appendChild(document.createElement("div"));
    const parentElement = host.attachShadow({ mode: "open" });
    parentElement.innerHTML = `<style>${css}</style>${html}`;
    const run = (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).default;
    const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    run({ data: data.bytes ? bytes(data.bytes) : data.json, parentElement, setTriggerValue: () => {} });
}"""


@cache
def shown(name: str) -> list[tuple[str, dict[str, Any]]]:
    """What a component's page mounts: its element, and its data as they are sent."""
    app = AppTest.from_file(str(HERE / name / "page.py"), default_timeout=30).run()
    assert not app.exception, app.exception[0].message
    sent = [element.proto for element in app.get("bidi_component")]
    assert not app.run().exception
    return [(proto.html_content, {"bytes": b64encode(proto.bytes).decode()} if proto.bytes
             else {"json": json.loads(proto.json)}) for proto in sent]


def test_every_component_has_its_folder() -> None:
    assert len(NAMES) > 10
    for name in NAMES:
        assert {f"{name}.js", "page.py"} <= {path.name for path in (HERE / name).iterdir()}, name


@pytest.mark.parametrize("name", NAMES)
def test_its_page_mounts_twice(name: str) -> None:
    assert shown(name)


@pytest.mark.e2e
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in QUIET])
def test_its_sample_is_drawn(browser: Browser, name: str, dark: bool, tmp_path: Path) -> None:
    page, faults = browser.new_page(viewport={"width": 1100, "height": 900}), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: request.url.startswith("blob:") or faults.append(request.url))
    page.set_content("<body style='margin: 0'></body>")
    for html, data in shown(name):
        page.evaluate(MOUNT, [script(name), style(name), html, data, dark])
    page.wait_for_timeout(100)
    roots = page.locator("[data-theme]")
    assert roots.count() == len(shown(name))
    assert all(root.get_attribute("data-theme") == ("dark" if dark else "light") for root in roots.all())
    assert all((root.bounding_box() or {"height": 0})["height"] >= 30 for root in roots.all())
    canvases = page.locator("canvas").evaluate_all("""(all) => all.filter((one) => one.clientWidth && one.clientHeight)
        .map((one) => one.getContext("2d").getImageData(0, 0, one.width, one.height).data.some((value) => value))""")
    assert all(canvases), "a canvas is empty"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1100
    page.screenshot(path=tmp_path / "sample.png", full_page=True)
    assert not faults
    page.close()


def test_no_component_makes_the_server_load_pandas() -> None:
    """Half a second before the first picture, and 48 MB."""
    code = ("import sys; from streamlit.testing.v1 import AppTest\n"
            f"app = AppTest.from_file({str(HERE / 'badge' / 'page.py')!r}).run()\n"
            "print(len(app.get('bidi_component')) > 0, len(app.exception), 'pandas' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, check=True, capture_output=True)
    assert done.stdout.split() == ["True", "0", "False"]
