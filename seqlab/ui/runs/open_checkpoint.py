"""Open a checkpoint: a file of weights, what each tensor was taken for, what is asked, and the run that comes of it."""

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from seqlab.adopt import opening, reading
from seqlab.adopt.expected import Expected
from seqlab.adopt.owners_word import agreeing, check, keep
from seqlab.adopt.parts import Contents, TensorUse, size
from seqlab.adopt.proposal import Adopted, Network, Proposal, corrected_by, propose
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.ui.proof.owners_word import answers_field, say
from seqlab.ui.runs.checkpoint_questions import VOCABULARY, asked, by_key, symbols_read, take, unless_decided
from seqlab.ui.shell import acting
from seqlab.ui.shell.columns import explained, meanings
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import address, lab_of
from seqlab.ui.shell.services import library

STANDS, READ, GIVEN = "checkpoint-dialog", "checkpoint-read", "checkpoint-corrections"  # in the session's state
OUT = "(left out)"
MOST_ROWS = 9  # of the table that are seen without scrolling


def open_checkpoint() -> None:
    """Draw the button that opens the dialog."""
    st.button("Open a checkpoint", icon=":material/drive_folder_upload:", key="open-checkpoint", on_click=_begin,
              help="A network of your own, from a file of weights.")
    if st.session_state.get(STANDS):  # whatever else draws the page anew leaves what was typed there
        _dialog()


def _begin() -> None:
    _forget()
    st.session_state[STANDS] = True


def _forget() -> None:
    for key in (STANDS, READ, GIVEN):
        st.session_state.pop(key, None)


@st.dialog("Open a checkpoint", width="large", on_dismiss=_forget)
def _dialog() -> None:
    file: Any = st.file_uploader("A file of weights", key="checkpoint-file",
                                 help="safetensors, PyTorch (.pt, .pth, .ckpt, .bin) or NumPy (.npz).")
    if file is None:
        st.caption("safetensors, PyTorch's .pt, .pth, .ckpt and .bin, or NumPy's .npz. Only numbers are read: nothing "
                   "in a file is executed.")
        return
    try:
        contents = _contents(file)
        proposal = propose(contents, st.session_state.get(GIVEN, {}))
    except Fault as fault:
        _refused(fault)
        _start_again()
        return
    _look(file, proposal)


def _contents(file: Any) -> Contents:
    """Read a file once: what came of it stays in the session until the dialog is closed. Raises Fault."""
    known = st.session_state.get(READ)
    if known is None or known[0] != file.file_id:
        st.session_state.pop(GIVEN, None)
        with tempfile.TemporaryDirectory(prefix="seqlab-open-") as folder, st.spinner("Reading the file …"):
            known = file.file_id, _read(_laid(file, Path(folder)))
        st.session_state[READ] = known
    if isinstance(known[1], Fault):
        raise known[1]
    contents: Contents = known[1]
    return contents


def _read(path: Path) -> Contents | Fault:
    try:
        return reading.read(path)
    except Fault as fault:
        return fault


def _laid(file: Any, folder: Path) -> Path:
    """Lay what was uploaded under its own name, which is a name and no path."""
    path = folder / (Path(file.name.replace("\\", "/")).name[-120:] or "file")
    path.write_bytes(file.getbuffer())
    return path


def _refused(fault: Fault) -> None:
    """Say why a file cannot be opened; lines of code that a sentence ends in stand as code."""
    sentence, _, code = str(fault).partition("\n")
    st.error(literal(sentence), icon=":material/error:")
    if code:
        st.code(code, language="python")


def _start_again() -> None:
    if st.session_state.get(GIVEN) and st.button("Undo my corrections", icon=":material/undo:"):
        st.session_state.pop(GIVEN, None)
        st.rerun(scope="fragment")


def _look(file: Any, proposal: Proposal) -> None:
    """Draw what the file was taken for, what is asked, and the button that opens it."""
    chosen: dict[str, str] = {}
    if proposal.asked:
        chosen = asked(proposal.asked, {}, file.file_id)
    network = proposal.chosen(chosen)
    key = f"{file.file_id}-{network.key}"  # the same question of another network is another one
    summary = st.container(gap="small")
    rest = [question for question in network.questions if question.key != VOCABULARY]
    answers = chosen | asked(rest, chosen, key)
    names = [question for question in network.questions if question.key == VOCABULARY]
    answers |= asked(names, answers, key, symbols_read(network, answers))
    answers = unless_decided(network.questions, answers)
    adopted = _settled(proposal, answers)
    with summary:
        _summary(network, adopted)
    _table(network, answers, key)
    with st.expander("Check it against your own program (optional)", icon=":material/balance:"):
        given = _owners(file, key, proposal, answers, adopted)
    name = st.text_input("Name", Path(file.name).stem[:80], key=f"checkpoint-name-{file.file_id}", max_chars=80,
                         help="What the network is called in lists.")
    if st.button("Open the network", type="primary", icon=":material/open_in_new:", key="open-now",
                 disabled=adopted is None):
        assert adopted is not None
        _open(file, adopted, name, given)


def _owners(file: Any, key: str, proposal: Proposal, answers: dict[str, str],
            adopted: Adopted | None) -> Expected | None:
    """Draw the fields for what the owner's program answered, and say what the network makes of the same input."""
    reader = answers_field(f"open-{key}", 0 if adopted is None else adopted.config.task["conditions"])
    if reader is None or adopted is None:
        return None
    try:
        given = reader(adopted.config.task_config, file.name)
    except Fault as fault:
        _refused(fault)
        return None
    word = check(adopted.config, adopted.weights, given)
    say(word)
    if not word.holds:
        _other_answers(proposal, answers, given, key)
    return given


def _other_answers(proposal: Proposal, answers: dict[str, str], given: Expected, key: str) -> None:
    """Offer the answers with which the network would say what the program said."""
    with st.spinner("Trying other answers …"):
        better = agreeing(proposal, answers, given)
    questions = {question.key: question for question in proposal.chosen(answers).questions}
    if not better:
        st.caption(":material/info: No other answer to the questions above makes the two agree.")
        return
    said = "; ".join(f"{questions[key].text} – {questions[key].choices[value]}" for key, value in better.items()
                     if key in questions and questions[key].choices)
    st.caption(f":material/lightbulb: They would agree with: {literal(said)}.")
    st.button("Take these answers", icon=":material/done_all:", key=f"take-{key}", on_click=take,
              args=(better, key))


def _settled(proposal: Proposal, answers: dict[str, str]) -> Adopted | None:
    """Make the network, or say beneath the questions why it cannot be made of these answers."""
    try:
        return proposal.settle(answers)
    except Fault as fault:
        _refused(fault)
        return None


def _summary(network: Network, adopted: Adopted | None) -> None:
    parts = [f"**{literal(network.label)}**"]
    if adopted is not None:
        task = adopted.config.task
        parts += [f"reads {counted(task['count'], 'symbol')}", f"{counted(task['outputs'], 'output')}"]
    parts.append(f"{counted(len(network.uses), 'tensor')} used")
    st.markdown(" · ".join(parts))
    for what, names in (("Left over, with no use here", network.left_over), ("Not in the file", network.missing)):
        if names:
            more = f" and {len(names) - 6} more" if len(names) > 6 else ""
            st.caption(f":material/info: {what}: {literal(', '.join(names[:6]))}{more}.")


def _table(network: Network, answers: dict[str, str], key: str) -> None:
    """Draw what each tensor was taken for; another use, or none, can be chosen for each."""
    uses = network.uses_by(by_key(network.questions, answers))
    corrected = st.session_state.get(GIVEN, {})
    with st.expander(f"What each of the {counted(len(uses) + len(network.left_over), 'tensor')} was taken for",
                     icon=":material/table_rows:"):
        rows = [*map(_row, uses), *({"Tensor": name, "Shape": "", "Taken for": OUT, "Why": "it has no use here"}
                                    for name in network.left_over)]
        roles = [*sorted({use.role for use in uses}), OUT]
        columns = explained(rows, {
            "Taken for": st.column_config.SelectboxColumn(options=roles, required=True, width=220),
            "Shape": st.column_config.TextColumn(width=95), "Tensor": st.column_config.TextColumn(width=220)})
        edited = st.data_editor(
            rows, hide_index=True, width="stretch", key=f"uses-{key}-{hash(tuple(sorted(corrected.items())))}",
            disabled=["Tensor", "Shape", "Why"], height=36 * min(len(rows), MOST_ROWS) + 38,
            column_config=columns)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Choose another use where one is wrong. What is left out is not read.")
            meanings(columns)
        changed = [(now["Tensor"], now["Taken for"]) for now, before in zip(edited, rows, strict=True)
                   if now["Taken for"] != before["Taken for"]]
        if changed:
            tensor, role = changed[0]
            st.session_state[GIVEN] = corrected_by(corrected, uses, tensor, "" if role == OUT else role)
            st.rerun(scope="fragment")
        _start_again()


def _row(use: TensorUse) -> dict[str, str]:
    return {"Tensor": use.name, "Shape": size(use.shape), "Taken for": use.role, "Why": use.reason}


def _open(file: Any, adopted: Adopted, name: str, given: Expected | None) -> None:
    """Write the run, keep what the owner's program answered with it, and go to the page that shows it."""
    try:
        with tempfile.TemporaryDirectory(prefix="seqlab-open-") as folder, st.spinner("Opening …"):
            laid = _laid(file, Path(folder))
            run = acting.made(lambda: opening.write(adopted, laid, library().root, name))
            if given is not None:
                keep(run, given, check(adopted.config, adopted.weights, given))
    except Fault as fault:
        _refused(fault)
        return
    _forget()
    st.switch_page(address(lab_of(run.config.task["name"]).name), query_params={"run": run.id})
