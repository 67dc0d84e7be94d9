"""The panel of a lesson beside the page: words, a question with its verdict, hints, and the way on."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab.errors import Fault
from seqlab.lessons.scene import Verdict
from seqlab.ui.lessons import kept
from seqlab.ui.lessons.asking import ask
from seqlab.ui.lessons.opened import OpenStep, href, leave, link_to, open_step, shelf, titled
from seqlab.ui.lessons.scene import begin, scene_of
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.in_view import in_view
from seqlab.ui.shell.style import style
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.shell.visitor import visitor

LOOK = 1.5  # seconds between two looks at what the person does
PAGE = "lessons"  # the page of all lessons
_VERDICT, _HINTS, _SEEN = "lesson-verdict-", "lesson-hints-", "lesson-seen"


def step_here() -> OpenStep | None:
    """The step that is open; one that is unknown is told, and none is open."""
    try:
        return open_step()
    except Fault as fault:
        st.warning(literal(fault), icon=":material/link_off:")
        return None


@contextmanager
def panel(opened: OpenStep, page: str) -> Iterator[None]:
    """Draw the panel of a step beside a page, which is drawn within; a fragment, so that an answer leaves it alone.

    Where the question is about the letters on the page, the panel is drawn when they are known.
    """
    # The rings lie beside what Streamlit draws; there no theme reaches them.
    scheme = "dark" if is_dark() else "light"
    style(Path(__file__).with_name("panel.css"), f".lesson-ring {{ color-scheme: {scheme}; }}")
    in_view(page)  # what another page showed is no part of the scene
    begin(opened.at)
    kept.visit(opened)
    if opened.step.check is None:
        kept.mark(opened)
    place, question = st.container(key="lesson"), opened.step.question
    late = question is not None and question.kind == "places"
    if not late:
        _drawn(opened, page, place)
    yield
    if late:
        _drawn(opened, page, place)


def _drawn(opened: OpenStep, page: str, place: DeltaGenerator) -> None:
    with place:
        st.fragment(_panel)(opened, page)


@show_fault_inline
def _panel(opened: OpenStep, page: str) -> None:
    step, head = opened.step, st.container()
    with st.container(key="lesson-body"):
        with st.container(key="lesson-words"):
            st.markdown(step.words)
        if step.question is not None:
            _question(opened, page)
        elif step.check is not None:
            waits = _verdict_of(opened) is None
            st.fragment(_deed, run_every=LOOK if waits else None)(opened, page)
        _hints(opened)
        _end(opened)
        st.html(_ways(opened))
        _second(opened)
    head.html(_head(opened))  # last: an answer may have been right


def _question(opened: OpenStep, page: str) -> None:
    with st.form(f"lesson-form-{opened.at}", border=False):
        scene, question = scene_of(opened.at, page), opened.step.question
        answer = ask(question, opened.at, scene) if question else None
        pressed = st.form_submit_button("Check", key=f"lesson-check-{opened.at}", type="secondary")
    if pressed:
        _judged(opened, opened.step.judge(answer, scene))
    with st.container(key="lesson-verdict"):
        st.html(_said(_verdict_of(opened)))


def _deed(opened: OpenStep, page: str) -> None:
    """Look whether what the step asks for is done; once it is, that stays."""
    verdict = _verdict_of(opened) or opened.step.judge(None, scene_of(opened.at, page))
    if verdict.right and _verdict_of(opened) is None:
        _judged(opened, verdict)
        st.rerun()
    with st.container(key="lesson-verdict"):
        st.html(_said(verdict, waits=True))


def _judged(opened: OpenStep, verdict: Verdict) -> None:
    st.session_state[f"{_VERDICT}{opened.at}"] = verdict
    if verdict.right:
        kept.mark(opened)


def _verdict_of(opened: OpenStep) -> Verdict | None:
    """The last verdict on this step; of one that was done another time, just that, where nothing else says so."""
    known: Verdict | None = st.session_state.get(f"{_VERDICT}{opened.at}")
    return known or (Verdict(True, "" if _is_end(opened) else "Done before.") if kept.is_done(opened) else None)


def _hints(opened: OpenStep) -> None:
    """Draw the hints that were asked for, and the button for the next one."""
    hints, key = opened.step.hints, f"{_HINTS}{opened.at}"
    shown: int = min(st.session_state.get(key, 0), len(hints))
    with st.container(key="lesson-hints"):
        for hint in hints[:shown]:
            st.markdown(f":material/lightbulb: {hint}")
    if shown < len(hints):
        several = f" ({shown + 1} of {len(hints)})" if len(hints) > 1 else ""
        st.button(f"Hint{several}", key=f"lesson-hint-{opened.at}", type="tertiary", icon=":material/lightbulb:",
                  on_click=st.session_state.__setitem__, args=(key, shown + 1))


def _end(opened: OpenStep) -> None:
    """Say at the last step what was made, once every step is done."""
    if _is_end(opened):
        st.html(f'<p class="lesson-made"><b>✓ Done.</b> {escape(opened.lesson.makes)}</p>')


def _is_end(opened: OpenStep) -> bool:
    return opened.after is None and kept.known().finished(opened.lesson)


def _second(opened: OpenStep) -> None:
    """Draw what is rarely wanted: the page as at first, the way out, and for whoever teaches the note."""
    with st.container(horizontal=True, key="lesson-second"):
        if opened.view:
            st.html(f'<a class="lesson-go" target="_self" href="{escape(link_to(opened))}" '
                    'title="Put the page as this step begins">Page as at first</a>', width="content")
        if st.button("Leave", key="lesson-leave", type="tertiary", icon=":material/close:",
                     help="What is done stays done; the page Lessons leads back here."):
            leave()
            st.rerun()
    if visitor().teaches and opened.lesson.teacher:
        with st.expander("Teacher's note", icon=":material/school:"):
            st.markdown(opened.lesson.teacher)


def _head(opened: OpenStep) -> str:
    lesson, done = opened.lesson, kept.known().done(opened.lesson)
    steps = "".join(_dot(OpenStep(lesson, number), opened, number in done)
                    for number in range(1, len(lesson.steps) + 1))
    return (f'<div class="lesson-head"><p class="lesson-name">{escape(titled(lesson))}</p>'
            f'<p class="lesson-count">{opened.number} of {len(lesson.steps)}</p>'
            f'<button type="button" class="lesson-fold" aria-expanded="true" aria-label="Lesson: words and question">'
            f'</button></div><h2 class="lesson-title" tabindex="-1" data-at="{escape(opened.at)}">'
            f'{escape(opened.step.title)}</h2><nav class="lesson-steps" aria-label="Steps">{steps}</nav>')


def _dot(step: OpenStep, opened: OpenStep, done: bool) -> str:
    here = ' aria-current="step"' if step == opened else ""
    says = f"Step {step.number}{', done' if done else ''}: {step.step.title}"
    return (f'<a class="lesson-go{" done" if done else ""}"{here} {_where(step, opened)} title="{escape(says)}" '
            f'aria-label="{escape(says)}"></a>')


def _ways(opened: OpenStep) -> str:
    """Write the links back and on; after the last step, to the next lesson and to all of them."""
    right = opened.step.check is None or kept.is_done(opened)
    way = "lesson-go on" if right else "lesson-go"
    back = f'<a class="lesson-go" {_where(opened.before, opened)}>← Back</a>' if opened.before else ""
    if opened.after:
        on = f'<a class="{way}" {_where(opened.after, opened)}>Next →</a>'
    else:
        following = shelf().after(opened.lesson)
        on = f'<a class="{way}" {_where(OpenStep(following, 1), opened)}>Next lesson →</a>' if following else ""
        every = "lesson-go" if following else way
        on = f'<a class="{every}" target="_self" href="{href(PAGE, {"lesson": ""})}">All lessons</a>{on}'
    return f'<div class="lesson-ways">{back}{on}</div>'


def _where(step: OpenStep, opened: OpenStep) -> str:
    """Write where a link to a step leads; one that opens no view leaves that of the step before it as it is."""
    stays = "" if step.step.page or step.view is not opened.view else f' data-stay="{escape(step.at)}"'
    return f'target="_self" href="{escape(link_to(step))}"{stays}'


def _said(verdict: Verdict | None, *, waits: bool = False) -> str:
    if verdict is None or not verdict.sentence:
        return "<p></p>"
    how, sign = ("right", "✓") if verdict.right else ("waits", "…") if waits else ("wrong", "✗")
    return f'<p class="lesson-said {how}"><b>{sign}</b> {escape(verdict.sentence)}</p>'
