"""Beside the cards: what can be done with the person who was chosen, with one of their networks, or with all."""

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

import streamlit as st

from seqlab.classroom.board import Address
from seqlab.classroom.ownership import is_shared
from seqlab.numerals import counted
from seqlab.training.run import Run
from seqlab.ui.runs.picker import label
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import HOME, lab_of, link, pages
from seqlab.ui.studios.teacher import acts
from seqlab.ui.studios.teacher.people import Attendance

MOST_LISTED = 8  # of a person's networks; the Runs page has all


def everybody(people: Sequence[Attendance]) -> None:
    """Draw what concerns all pupils at once."""
    going = [run for one in people for run in one.going]
    here = sum(one.present is not None for one in people)
    st.markdown(f"**{here} of {counted(len(people), 'person', 'people')}** here, {counted(len(going), 'network')} in "
                "training or waiting.")
    st.button("Stop all training", icon=":material/stop:", key="class-stop-all", disabled=not going,
              on_click=acts.stop, args=(going, "the class"))


def person(one: Attendance) -> None:
    """Draw what concerns one person and their networks."""
    st.markdown(f"**{literal(one.nickname)}**")
    st.caption(f"{one.where} · joined at {datetime.fromtimestamp(one.member.joined):%H:%M}")
    if one.present and one.present.at and one.present.at.page in pages():
        st.html(_screen(one.present.at))
    for run in one.runs[:MOST_LISTED]:
        _network(run)
    if len(one.runs) > MOST_LISTED:
        link("runs", f"{len(one.runs) - MOST_LISTED} more on the Runs page")
    elif not one.runs:
        st.caption("No network yet.")
    with st.container(horizontal=True, key="class-person"):
        if len(one.going) > 1:
            st.button(f"Stop all {len(one.going)}", icon=":material/stop:", key="class-stop", on_click=acts.stop,
                      args=(one.going, one.nickname))
        if len(one.over) > 1:
            st.button(f"Clear {len(one.over)}", icon=":material/delete:", key="class-clear", on_click=acts.clear,
                      args=(one.over, one.nickname), help="Puts the networks that have ended in the trash.")
        st.button("Remove", icon=":material/person_remove:", key=f"class-remove-{one.id}", on_click=acts.remove,
                  args=(one,), help="Out of the class: what trains is stopped, the networks stay with you.")


@show_fault_inline
def _network(run: Run) -> None:
    state = run.status.state
    with st.container(border=True, key=f"class-run-{run.id}"):
        st.markdown(f"{literal(label(run))}  \n:small[{state}{' · shared' if is_shared(run) else ''}]")
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"class-acts-{run.id}"):
            if run.status.active:
                _button(run, "Stop", "stop", lambda: acts.stop([run]))
            else:
                if state in acts.STOPPED:
                    _button(run, "Go on", "play_arrow", lambda: acts.go_on([run]))
                _button(run, "Clear", "delete", lambda: acts.clear([run]))
            _sharing(run)
            link(lab_of(run.config.task["name"]).name, "Open", run=run.id)


def _sharing(run: Run) -> None:
    shared = is_shared(run)
    _button(run, "Unshare" if shared else "Share", "group_off" if shared else "group_add",
            lambda: acts.share(run, not shared))
    _button(run, "Send to all", "send", lambda: acts.send(run))


def _button(run: Run, text: str, icon: str, do: Callable[[], None]) -> None:
    st.button(text, icon=f":material/{icon}:", key=f"class-{icon}-{run.id}", on_click=do)


def _screen(at: Address) -> str:
    """A link to what is on a person's screen now, in a tab of its own, which leads nobody."""
    page = "" if at.page == HOME else at.page
    address = escape(f"./{page}{f'?{at.query}' if at.query else ''}")
    return f'<a class="way-on" href="{address}" target="_blank">Open their screen</a>'
