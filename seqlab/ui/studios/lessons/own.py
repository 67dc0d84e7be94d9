"""A lesson of one's own: a file is read, and kept if it is one; else its words say which line is wrong."""

from pathlib import PurePath

import streamlit as st

from seqlab.errors import Fault
from seqlab.lessons import library
from seqlab.lessons.lesson import Lesson
from seqlab.lessons.reading import MOST_BYTES
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import own_place

_SAID, _COUNT = "lesson-file-said", "lesson-files"  # in the session's state: what became of the last file; how many


def own_lesson(*, opens: bool) -> None:
    """Draw the field for a lesson's file, and what was said of the last one."""
    said: tuple[bool, str] | None = st.session_state.get(_SAID)
    with st.expander("A lesson of your own", opens or said is not None, icon=":material/upload_file:"):
        key = f"lesson-upload-{st.session_state.setdefault(_COUNT, 0)}"
        st.file_uploader(f"A Markdown file, up to {MOST_BYTES // 1024} KB", type="md", key=key, max_upload_size=1,
                         on_change=_take, args=(key,),
                         help="Download one above under More, change it, and add it here; only you see it.")
        if said is not None:
            (st.success if said[0] else st.error)(literal(said[1]))


def _take(key: str) -> None:
    """Keep the file that was chosen; the same one can be chosen once more after it was changed."""
    file = st.session_state.get(key)
    if file is None:
        return
    try:
        lesson = library.add(own_place(), PurePath(file.name).name, file.getvalue())
        st.session_state[_SAID] = (True, f"“{lesson.title}” is here: {len(lesson.steps)} steps, no fault.")
    except Fault as fault:
        st.session_state[_SAID] = (False, str(fault))
    st.session_state[_COUNT] += 1


def forget(lesson: Lesson) -> None:
    """Delete an uploaded lesson."""
    attempt(lambda: library.remove(own_place(), lesson))
