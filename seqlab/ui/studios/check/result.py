"""The result of a check: whether it agrees, the likely cause, where it differs, and what the code printed."""

from typing import Any

import streamlit as st

from seqlab.checking.check import CheckResult, run_check
from seqlab.checking.comparison import Difference
from seqlab.checking.exercise import CodingExercise, Hint
from seqlab.checking.export import case_npz
from seqlab.errors import Fault
from seqlab.figures.check import differences
from seqlab.ui.shell.charts import chart
from seqlab.ui.shell.deeds import code_is_exact
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.theme import is_dark


def check(exercise: CodingExercise, code: str, slot: Any) -> None:
    """Run the code on every case and store the result; the slot shows the progress."""
    waiting = slot.empty()
    bar = waiting.progress(0.0, "Starting Python …")

    def progress(done: int, of: int) -> None:
        bar.progress(done / of, f"Case {min(done + 1, of)} of {of} …")

    try:
        result = CheckResult(False, "Write the line marked ✎ first; there is nothing to check yet.", source=code) \
            if code.strip() in {"", exercise.template.strip()} else run_check(exercise, code, progress=progress)
    except Fault as fault:
        result = CheckResult(False, str(fault), source=code)
    waiting.empty()
    if result.agrees:
        code_is_exact(exercise.key)
    st.session_state[_kept(exercise.key)] = result


def show_result(exercise: CodingExercise, code: str) -> None:
    """Draw the result of the last check of this exercise."""
    result: CheckResult | None = st.session_state.get(_kept(exercise.key))
    if result is None:
        st.caption(f"Your function is tried on {len(exercise.sizes)} seeded cases of different sizes, in float64.")
        return
    if result.agrees:
        st.success(f"**✓ {literal(result.message)}**")
    else:
        st.error(f"**✗ {literal(result.message)}**")
    if not result.sealed:
        st.caption(":material/lock_open: This system cannot close the code's process off from files and network; run "
                   "only code that you have read.")
    if result.source != code:
        st.caption(":material/edit: You have changed the code since; press **Check** to compare it again.")
    if result.line is not None:
        _line(result)
    if result.hint is not None:
        st.info(f"**{_lead(result.hint)}.** {literal(result.hint.advice)}", icon=":material/lightbulb:")
    if result.printed:
        with st.expander("What it printed", icon=":material/terminal:"):
            st.code(result.printed, language=None, height=220 if result.printed.count("\n") > 8 else "content")


def show_difference(exercise: CodingExercise) -> None:
    """Draw where the first sequence that differs does so; nothing where none does."""
    result: CheckResult | None = st.session_state.get(_kept(exercise.key))
    if result is None or result.difference is None:
        return
    place = result.difference
    st.subheader("Where it differs", anchor=False)
    st.caption(f"|Δ| of {place.output.name} in case {place.case + 1} ({exercise.size(place.case)}){_of(place)}. The "
               "frame is the first number that differs.")
    chart(differences(place.yours, place.reference, place.cell, axes=place.axes, dark=is_dark()),
          key=f"where-{exercise.key}", tools=False)
    st.download_button("Download this case", lambda: case_npz(exercise, place.case, result.returned[place.case]),
                       f"{exercise.key}-case-{place.case + 1}.npz", "application/octet-stream", key="case",
                       icon=":material/download:", on_click="ignore", type="tertiary",
                       help="Its arguments, your answer and the reference's, for numpy.load.")


def mistakes_line(key: str, code: str) -> int | None:
    """The line to mark in the code: that of the error, while the code is as it was checked."""
    result: CheckResult | None = st.session_state.get(_kept(key))
    return result.line if result is not None and result.source == code else None


def _lead(hint: Hint) -> str:
    if not hint.title:
        return "No known mistake fits"
    return f"{'This is exactly what comes out with' if hint.causes else 'It looks like'}: {literal(hint.title)}"


def _of(place: Difference) -> str:
    return f", sequence {place.index[0]}, by time and unit" if place.output.axes[:2] == ("sequence", "t") else ""


def _line(result: CheckResult) -> None:
    lines = result.source.splitlines()
    if result.line is not None and 0 < result.line <= len(lines) and lines[result.line - 1].strip():
        st.code(f"{result.line}  {lines[result.line - 1].strip()[:200]}", language="python")


def _kept(key: str) -> str:
    return f"result-{key}"
