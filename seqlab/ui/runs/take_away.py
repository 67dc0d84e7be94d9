"""Take it with you: everything in which the run on the screen can leave, behind one button."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import streamlit as st

from seqlab.errors import Fault
from seqlab.export.exports import Export, Leaving, exports
from seqlab.ui.proof import client

PATIENCE = 120.0  # seconds: a large network is written as several files, and proved meanwhile


@dataclass(frozen=True)
class Numbers:
    """Arrays of the view itself, which leave as a file too: its name, and what is in it."""

    label: str
    content: Callable[[], bytes | str]
    file: str
    help: str


def take_away(leaving: Leaving, shown: str, *numbers: Numbers, key: str) -> None:
    """Draw the button; behind it stand the view that is ``shown``, the other forms, and last those that cannot be."""
    leaving = replace(leaving, link=_link())
    forms = sorted(exports().values(), key=lambda form: form.name != shown)
    reasons = {form.name: form.why_not(leaving.run) for form in forms}
    with st.popover("Take it with you", icon=":material/download:", type="tertiary", key=f"take-{key}"), \
            st.container(gap=None):
        st.caption("Files that work without seqlab.")
        for form in (form for form in forms if not reasons[form.name]):
            _button(form.label, _content(form, leaving), form.file_name(leaving.run), key, form.note)
        for part in numbers:
            _button(part.label, part.content, part.file, key, part.help)
        for form in (form for form in forms if reasons[form.name]):
            _button(form.label, b"", form.file_name(leaving.run), key, reasons[form.name], disabled=True)


def _button(label: str, content: Callable[[], bytes | str] | bytes, file: str, key: str, help: str,
            disabled: bool = False) -> None:
    st.download_button(label, content, file, "application/octet-stream", key=f"{key}-{file}", on_click="ignore",
                       type="tertiary", icon=":material/download:", help=help, disabled=disabled)


def _content(form: Export, leaving: Leaving) -> Callable[[], bytes]:
    """Have a worker make the file when it is asked for."""
    def made() -> bytes:
        answer, end = client.leaving_file(form.name, leaving), time.monotonic() + PATIENCE
        while not answer.done():  # outside of the page's own script, so there is no hand that could move meanwhile
            if time.monotonic() > end:
                raise Fault("No worker has made the file; try again.")
            time.sleep(0.02)
        return answer.result()
    return made


def _link() -> str:
    """Where this view stands, as its address says it."""
    url, query = st.context.url or "", urlencode(st.query_params.to_dict())
    return f"{url}?{query}" if url and query else url
