"""Opens pages without a browser, by Streamlit's own test of apps, for the checker of lessons."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any

from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from seqlab.errors import Fault
from seqlab.figures import components
from seqlab.lessons.checker import OpenedPage
from seqlab.lessons.scene import Scene
from seqlab.training.library import Library
from seqlab.training.run import Run
from seqlab.ui.lessons.scene import noted
from seqlab.ui.shell import script, services
from seqlab.ui.shell.navigation import HOME, pages

set_log_level("ERROR")  # Streamlit misses a browser, and says so at every page
PATIENCE = 120.0  # seconds for one page, on a machine that is busy
_PART = re.compile(r'"data-look": "([\w-]+)"')
_KEY = re.compile(r"\$\$ID-[0-9a-f]+-(.+)", re.DOTALL)


def opened(page: str, address: Mapping[str, str]) -> OpenedPage:
    """Open a page by its address and read what stands on it; raises Fault for a page that there is not."""
    if page not in pages():
        raise Fault(f"There is no page {page!r:.40}; there are {', '.join(pages())}.")
    app = AppTest.from_file(script.__file__, default_timeout=PATIENCE)
    for name, value in address.items():
        app.query_params[name] = value
    if page != HOME:
        app._page_hash = calc_hash(page)  # Streamlit knows a page by the name in its address
    try:
        app.run()
    except RuntimeError:
        raise Fault("The page did not come to its end in two minutes.") from None
    scene = _scene(app, page)
    keys = {key for key, _ in _keys(app)} | {f"{key}/{part}" for key, component in _keys(app) if component
                                             for part in _parts(scene.run)}
    return OpenedPage(frozenset(keys), tuple(_complaints(app)), scene)


def closed() -> None:
    """End the workers that pages have started."""
    services.engine().close()


def _complaints(app: AppTest) -> Iterator[str]:
    if app.exception:
        yield f"The page breaks: {app.exception[0].value:.200}"
    for element in (*app.error, *app.warning):
        yield f"The page says: {element.value:.200}"


def _keys(app: AppTest) -> Iterator[tuple[str, bool]]:
    """The keys of everything on the page, as in the classes of its elements, and whether it is a component."""
    waiting: list[Any] = [app._tree]
    while waiting:
        node = waiting.pop()
        match = _KEY.fullmatch(str(getattr(getattr(node, "proto", None), "id", "")))
        if match:
            yield match[1], getattr(node, "type", "") == "bidi_component"
        waiting += getattr(node, "children", {}).values()


def _parts(run: Run | None) -> set[str]:
    """Names by which components call their parts: those in their code, and the quantities of a network in pictures."""
    return {*_named_in_code(), *(run.core.views if run else ())}


@cache
def _named_in_code() -> frozenset[str]:
    code = (path.read_text(encoding="utf-8") for path in components.HERE.rglob("*.js"))
    return frozenset(name for text in code for name in _PART.findall(text))


def _scene(app: AppTest, page: str) -> Scene:
    """The page as it stands, from what its views have noted."""
    query = {name: values[0] if isinstance(values, list) else values for name, values in app.query_params.items()}
    return noted(Library(), page, query, partial(_state, app))


def _state(app: AppTest, key: str) -> Any:
    """What the session's state holds under a key; None where it holds nothing."""
    return app.session_state[key] if key in app.session_state else None  # noqa: SIM401 (it has no ``get``)
