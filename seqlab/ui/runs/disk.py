"""What runs take of the disk: the trash, a quota and an age, and what goes by them, said before it goes."""

import streamlit as st

from seqlab.training import settings, storage
from seqlab.training.settings import LEAST_DAYS, LEAST_GB, NAMES, Settings
from seqlab.ui.shell import acting
from seqlab.ui.shell.faults import attempt, show_fault_inline
from seqlab.ui.shell.services import everything
from seqlab.ui.shell.visitor import visitor

MOST_NAMED = 3


def disk() -> None:
    """Draw the button that opens the disk's dialog; nothing is measured before. In a class it is the teacher's."""
    if visitor().teaches and st.button("Disk", icon=":material/hard_drive:", key="disk",
                 help="What runs take, the trash, and how long runs stay."):
        _dialog()


@show_fault_inline
def announced() -> None:
    """Say which runs go, where a quota or an age is set; nothing elsewhere."""
    chosen = settings.read(everything().root)
    if chosen.quota_gb is None and chosen.keep_days is None:
        return
    known = _use(chosen)
    for several, text in ((known.now, "within the next minutes"), (known.next, "next")):
        runs = [run for run in several if acting.may_change(run)]
        if runs:
            more = f" and {len(runs) - MOST_NAMED} more" if len(runs) > MOST_NAMED else ""
            st.warning(f"Runs that go {text}, for good, by the limits under Disk; pin what is to stay:",
                       icon=":material/auto_delete:")
            st.text(", ".join(run.name for run in runs[:MOST_NAMED]) + more)


@st.cache_data(ttl=30, show_spinner=False)
def _measured(root: str, chosen: dict[str, object]) -> storage.Use:
    return storage.use(everything(), Settings.model_validate(chosen))


def _use(chosen: Settings) -> storage.Use:
    return _measured(str(everything().root), chosen.model_dump())


@st.dialog("Disk")
def _dialog() -> None:
    _content()


@show_fault_inline
def _content() -> None:
    acting.require_teacher()
    chosen, fixed = settings.read(everything().root), settings.fixed()
    known = storage.use(everything(), chosen)
    st.markdown(f"Runs take **{_size(known.runs)}**, the trash {_size(known.trash)}. "
                "Deleted runs stay in the trash for a week.")
    st.button("Empty the trash", icon=":material/delete_forever:", key="empty-trash", disabled=not known.trash,
              help="Frees the disk at once; what is in the trash cannot be brought back then.", on_click=_empty)
    with st.form("disk-settings", border=False):
        told = {name: field.description for name, field in Settings.model_fields.items()}
        resume = st.toggle("Runs go on when the server starts again", chosen.resume, disabled="resume" in fixed,
                           help=told["resume"])
        quota = st.number_input("Most that runs may take (GB)", LEAST_GB, 1e6, chosen.quota_gb, step=1.0, format="%.4g",
                                placeholder="no limit", disabled="quota_gb" in fixed, help=told["quota_gb"])
        days = st.number_input("Days that a run stays", LEAST_DAYS, 1e5, chosen.keep_days, step=1.0, format="%.4g",
                               placeholder="for ever", disabled="keep_days" in fixed, help=told["keep_days"])
        st.caption("Beyond a limit the oldest run that is not pinned goes, for good. The Runs page names it before.")
        if fixed:
            st.caption(f"Set by the environment: {', '.join(NAMES[key] for key in fixed)}.")
        if st.form_submit_button("Save", icon=":material/check:"):
            attempt(lambda: acting.write_settings(Settings(resume=resume, quota_gb=quota, keep_days=days)))
            st.rerun()


def _empty() -> None:
    attempt(acting.empty_trash)
    st.session_state.pop("deleted", None)


def _size(count: int) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
