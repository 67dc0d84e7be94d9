"""Opens pages without a browser, by Streamlit's own test of apps, for the checker of lessons."""

import logging
import re
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import streamlit as st
from streamlit.runtime.caching import cache_data_api
from streamlit.runtime.scriptrunner_utils import script_run_context
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from seqlab.errors import Fault
from seqlab.figures import components
from seqlab.lessons.checker import OpenedPage
from seqlab.lessons.scene import Scene
from seqlab.training.library import Library
from seqlab.training.run import Run
from seqlab.ui.lessons.scene import noted
from seqlab.ui.runs.train_bar import PART
from seqlab.ui.shell import script, services
from seqlab.ui.shell.navigation import HOME, pages

for misses_a_browser in (script_run_context, cache_data_api):
    logging.getLogger(misses_a_browser.__name__).disabled = True  # a level is set anew with Streamlit's settings
PATIENCE = 120.0  # seconds for one page, on a machine that is busy
_READ = re.compile(r"(?:NAMES = |recalled\()\[([^\]]+)\]")  # names that a component reads in the address by itself
_QUOTED = re.compile(r"[\"`]([^\"`]+)[\"`]")
_PART = re.compile(r'"data-look": "([\w-]+)"')
_KEY = re.compile(r"\$\$ID-[0-9a-f]+-(.+)", re.DOTALL)


def opened(page: str, address: Mapping[str, str]) -> OpenedPage:
    """Open a page by its address and read what stands on it; raises Fault for a page that there is not."""
    if page not in pages():
        raise Fault(f"There is no page {page!r:.40}; there are {', '.join(pages())}.")
    app, names = _drawn(page, address)
    if not names.issuperset(address):  # what a form reads that is folded: it is drawn where a part is searched for
        names |= _drawn(page, {**address, PART: "settings"})[1]
    scene, nodes = _scene(app, page), list(_nodes(app))
    keys = {key for key, _ in nodes} | {f"{key}/{part}" for key, proto in nodes if _component(proto)
                                        for part in _parts(scene.run)}
    return OpenedPage(frozenset(keys), frozenset(names), tuple(_complaints(app)), scene)


def closed() -> None:
    """End the workers that pages have started."""
    services.engine().close()


def _drawn(page: str, address: Mapping[str, str]) -> tuple[AppTest, set[str]]:
    """Draw a page, and note all names that it reads in its address."""
    app = AppTest.from_file(script.__file__, default_timeout=PATIENCE)
    for name, value in address.items():
        app.query_params[name] = value
    if page != HOME:
        app._page_hash = calc_hash(page)  # Streamlit knows a page by the name in its address
    try:
        with _noted_names() as names:
            app.run()
    except RuntimeError:
        raise Fault("The page did not come to its end in two minutes.") from None
    return app, names | {PART} | {name for key, proto in _nodes(app) for name in _read_in(key, proto)}


def _complaints(app: AppTest) -> Iterator[str]:
    if app.exception:
        yield f"The page breaks: {app.exception[0].value:.200}"
    for element in (*app.error, *app.warning):
        yield f"The page says: {element.value:.200}"


@dataclass(frozen=True)
class _Noting(MutableMapping[str, str]):
    """The address as a page reads it (``known``), and the ``names`` that it asked for, there or not."""

    known: MutableMapping[str, str]
    names: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self.known[name]

    def __setitem__(self, name: str, value: str) -> None:
        self.names.add(name)
        self.known[name] = value

    def __delitem__(self, name: str) -> None:
        self.names.add(name)
        del self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def to_dict(self) -> dict[str, str]:
        """Give all of it; who takes all asks for no name."""
        return {name: self.known[name] for name in self.known}

    def items(self) -> Any:
        """All of it, likewise."""
        return self.to_dict().items()


@contextmanager
def _noted_names() -> Iterator[set[str]]:
    """Note which names pages ask the address for, while they are drawn."""
    known = st.query_params
    noting = _Noting(known)
    st.query_params = noting  # type: ignore[assignment]
    try:
        yield noting.names
    finally:
        st.query_params = known


def _nodes(app: AppTest) -> Iterator[tuple[str, Any]]:
    """Everything on the page that has a key, as in the classes of its elements, and what Streamlit says of it."""
    waiting: list[Any] = [app._tree]
    while waiting:
        node = waiting.pop()
        proto = getattr(node, "proto", None)
        match = _KEY.fullmatch(str(getattr(proto, "id", "")))
        if match:
            yield match[1], proto
        waiting += getattr(node, "children", {}).values()


def _component(proto: Any) -> str:
    """The component that something is, by the name of its folder; an empty text for what is none."""
    return str(getattr(proto, "component_name", "")).rpartition("seqlab_")[2]


def _read_in(key: str, proto: Any) -> Iterator[str]:
    """The names in the address that are read by a field itself, or by a component in the browser."""
    if bound := getattr(proto, "query_param_key", ""):
        yield bound
    if component := _component(proto):
        before, dash, _ = key.rpartition("-")  # pictures of one kind begin their names as their keys do
        yield from (name.replace("${key}", before + dash) for name in read_by(component))


@cache
def read_by(component: str) -> frozenset[str]:
    """The names in the address that a component's own code reads; ${key} in them is how its key begins."""
    code = (path.read_text(encoding="utf-8") for path in (components.HERE / component).glob("*.js"))
    return frozenset(name for text in code for names in _READ.findall(text) for name in _QUOTED.findall(names))


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
