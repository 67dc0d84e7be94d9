"""Pages opened without a browser, and what stands on them."""

import json
import re
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.ui.runs.train_bar import opened as form_was_opened
from seqlab.ui.shell import services
from seqlab.ui.shell.navigation import HOME, pages
from tests.support.data import ROOT
from tests.support.waiting import wait_for
from tests.support.words import wordless

# What no person reads: a program's exponent, its words for nothing, endless decimals, one thing as several.
UNREADABLE = re.compile(
    r"\d(?:\.\d+)?e[+-]?\d|\b(?:None|nan|inf)\b|\d\.\d{8}|(?<![\d.,:])1 (?:are|(?:update|step|run|letter|word|"
    r"character|point|unit|string|sentence|epoch|head|layer|sample|review|second|text|network|snapshot|number|position)s)\b")
WORDED = ("title", "markdown", "caption", "info", "warning", "error", "subheader")


def forget_folders() -> None:
    """Let the next call open the folders that the environment names now."""
    services.everything.cache_clear()
    services.engine.cache_clear()


def opened(page: str, *, folded: bool = False, **query: str) -> AppTest:
    """Open a page as a browser would, by its address; ``page`` is its name or its file.

    The form of a new network is drawn, as if a person had opened it, unless it is ``folded``.
    """
    app = AppTest.from_file(str(ROOT / "seqlab" / "ui" / "shell" / "script.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    for lab in () if folded else filter(lambda page: page.form, pages().values()):
        app.session_state[form_was_opened(lab.name)] = True
    name = Path(page).stem
    if name != HOME:
        app._page_hash = calc_hash(name)  # Streamlit knows a page by the name in its address
    return app.run()


def words(app: AppTest, *kinds: str) -> str:
    """Everything the page says in words, or in elements of these kinds, without Markdown's escapes."""
    values = (element.value for kind in kinds or WORDED for element in getattr(app, kind))
    return "\n".join(values).replace("\\", "").replace("\u2060", "")


def complaints(app: AppTest) -> str:
    """What stands in red and in yellow."""
    return words(app, "error", "warning")


def healthy(app: AppTest, *, warnings: bool = False) -> None:
    """See that nothing broke, nothing is complained of and every input has its sentence.

    Warnings only where a test expects them.
    """
    assert not app.exception
    assert not wordless(app), wordless(app)
    assert not app.error, words(app, "error")
    assert warnings or not app.warning, words(app, "warning")


def pictures(app: AppTest) -> int:
    """How many components stand on the page: explorers, charts, badges, without the page's frame and sliders."""
    return sum(not part.proto.id.endswith(("-page-frame", "-slider")) for part in app.get("bidi_component"))


def chart(app: AppTest, key: str) -> Any:
    """The data of the component that stands under a key."""
    (match,) = [part.proto for part in app.get("bidi_component") if part.proto.id.endswith(f"-{key}")]
    (data,) = json.loads(match.json)
    return data


def sliders(app: AppTest) -> dict[str, dict[str, Any]]:
    """What the sliders that move while they are dragged were given, by their labels."""
    return {(data := json.loads(part.proto.json)[0])["label"]: data for part in app.get("bidi_component")
            if part.proto.id.endswith("-slider")}


def slide(app: AppTest, key: str, value: object) -> AppTest:
    """Have the slider with a key stand at a value, as its message from the browser does."""
    assert chart(app, f"{key}-slider")["texts"]
    app.session_state[key] = value
    return app.run()


def html(app: AppTest, mark: str = "") -> str:
    """All raw HTML of the page, or the first piece that holds an element of this class."""
    bodies = [element.proto.body for element in app.get("html")]
    return next((body for body in bodies if f'class="{mark}"' in body), "") if mark else "\n".join(bodies)


def started(config: RunConfig) -> Run:
    """A run that the pages' engine trains; returned once it has made a step."""
    run = services.engine().start(config)
    wait_for(lambda: run.status.step > 0)
    return run


def own_runs(folder: Path) -> list[Run]:
    """The runs that a page made in the folder of runs."""
    return [Run(path) for path in folder.glob("*-*")]


def unreadable(app: AppTest) -> list[str]:
    """Numbers and counts on a page that no person writes so, each with what stands around it."""
    text = "\n".join((words(app), re.sub("<style>.*?</style>|<[^>]*>", " ", html(app), flags=re.DOTALL),
                      *(button.label for button in app.button)))
    return [text[max(0, match.start() - 30):match.end() + 20] for match in UNREADABLE.finditer(text)]
