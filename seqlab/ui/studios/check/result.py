"""What came of a check: a verdict, the likely cause, where it differs, and what the code printed."""

import re
from typing import Any

import streamlit as st

from seqlab.checking.exercises import Exercise
from seqlab.checking.export import case_npz
from seqlab.checking.judge import Verdict, judge
from seqlab.checking.samples import TEMPLATES
from seqlab.errors import Fault
from seqlab.figures.check import differences
from seqlab.ui.shell.theme import is_dark


def check(exercise: Exercise, code: str, slot: Any) -> None:
    """Run the code on every case and keep the verdict; the slot shows how far it is."""
    waiting = slot.empty()
    bar = waiting.progress(0.0, "Starting Python …")

    def progress(done: int, of: int) -> None:
        bar.progress(done / of, f"Case {min(done + 1, of)} of {of} …")

    try:
        verdict = Verdict(False, "Write the line marked ✎ first; there is nothing to check yet.", source=code) \
            if code.strip() in {"", TEMPLATES[exercise.key].strip()} else judge(exercise, code, progress=progress)
    except Fault as fault:
        verdict = Verdict(False, str(fault), source=code)
    waiting.empty()
    st.session_state[_kept(exercise.key)] = verdict


def show_result(exercise: Exercise, code: str) -> None:
    """Draw the verdict of the last check of this exercise."""
    verdict: Verdict | None = st.session_state.get(_kept(exercise.key))
    if verdict is None:
        st.caption(f"Your function is tried on {len(exercise.sizes)} seeded cases of different sizes, in float64.")
        return
    if verdict.agrees:
        st.success(f"**✓ {plain(verdict.message)}**")
    else:
        st.error(f"**✗ {plain(verdict.message)}**")
    if verdict.source != code:
        st.caption(":material/edit: You have changed the code since; press **Check** to judge it anew.")
    if verdict.line is not None:
        _line(verdict)
    if verdict.hint is not None:
        lead = "This is exactly what comes out with" if verdict.hint.causes else "It looks like"
        st.info(f"**{lead}: {plain(verdict.hint.title)}.** {plain(verdict.hint.advice)}", icon=":material/lightbulb:")
    if verdict.printed:
        with st.expander("What it printed", icon=":material/terminal:"):
            st.code(verdict.printed, language=None, height=220 if verdict.printed.count("\n") > 8 else "content")


def show_difference(exercise: Exercise) -> None:
    """Draw where the first sequence that differs does so; nothing where none does."""
    verdict: Verdict | None = st.session_state.get(_kept(exercise.key))
    if verdict is None or verdict.difference is None:
        return
    place = verdict.difference
    st.subheader("Where it differs", anchor=False)
    st.caption(f"|Δ| of case {place.case + 1} ({exercise.size(place.case)}), sequence {place.sequence}, by time and "
               "unit. The frame is the first number that differs.")
    st.plotly_chart(differences(place.yours, place.reference, (place.time, place.unit), dark=is_dark()), theme=None,
                    key=f"where-{exercise.key}", config={"displayModeBar": False})
    st.download_button("Download this case", lambda: case_npz(exercise, place.case, verdict.returned[place.case]),
                       f"{exercise.key}-case-{place.case + 1}.npz", "application/octet-stream", key="case",
                       icon=":material/download:", on_click="ignore", type="tertiary",
                       help="Its arguments, your answer and the reference's, for numpy.load.")


def mistakes_line(key: str, code: str) -> int | None:
    """The line to mark in the code: that of the error, while the code is as it was checked."""
    verdict: Verdict | None = st.session_state.get(_kept(key))
    return verdict.line if verdict is not None and verdict.source == code else None


def plain(text: str) -> str:
    """Keep Markdown from reading anything into a text that may quote a person's own."""
    return re.sub(r"([\\`*_\[\]$<>~#:|{}!])", r"\\\1", text)


def _line(verdict: Verdict) -> None:
    lines = verdict.source.splitlines()
    if verdict.line is not None and 0 < verdict.line <= len(lines) and lines[verdict.line - 1].strip():
        st.code(f"{verdict.line}  {lines[verdict.line - 1].strip()[:200]}", language="python")


def _kept(key: str) -> str:
    return f"verdict-{key}"
