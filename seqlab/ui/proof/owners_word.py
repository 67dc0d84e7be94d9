"""The badge's third side: what a person's own program answered, pasted or uploaded, beside torch and NumPy."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from seqlab.adopt import expected, owners_word
from seqlab.adopt.expected import Expected
from seqlab.adopt.owners_word import OwnersWord
from seqlab.errors import Fault
from seqlab.tasks.opened import OpenedConfig
from seqlab.training.run import Run
from seqlab.ui.shell import acting
from seqlab.ui.shell.foreign import literal

Reader = Callable[[OpenedConfig, str], Expected]  # of the task's config and the name of the network's file
PASTE, UPLOAD = "Paste", "Upload JSON"
FORMAT = '`{"ids": [...], "logits": [...]}`, logits of every time or the last; `condition` beside them if it has one.'


def answers_field(key: str, conditions: int) -> Reader | None:
    """Draw the fields for what the program answered; gives what reads them, None while they are empty."""
    way = st.segmented_control("What your program answered", [PASTE, UPLOAD], default=PASTE, required=True,
                               key=f"{key}-way", label_visibility="collapsed")
    if way == UPLOAD:
        file: Any = st.file_uploader("Its answers", type="json", key=f"{key}-file", help=FORMAT)
        content = None if file is None else file.getvalue()
        return None if content is None else lambda config, name: expected.read(content, config, name)
    left, right = st.columns(2)
    ids = left.text_area("Ids that it read", key=f"{key}-ids", height=90, placeholder="[9, 13, 16]",
                         help="The numbers of the symbols, in the order in which your program read them.")
    logits = right.text_area("Logits that it gave", key=f"{key}-logits", height=90,
                             placeholder="of every time, or of the last one",
                             help="One number for each output, as your program printed them.")
    condition = None
    if conditions:
        condition = int(left.number_input("Condition", 0, conditions - 1, 0, key=f"{key}-condition",
                                          help="The number that your program gave the network beside the symbols."))
    if not ids.strip() and not logits.strip():
        return None
    return lambda config, name: expected.pasted(ids, logits, condition, config)


def say(word: OwnersWord) -> None:
    """Say in one line whether the program agrees."""
    if word.holds:
        st.success(literal(word), icon=":material/check_circle:")
    else:
        st.error(literal(word), icon=":material/error:")


def owners_program(run: Run) -> None:
    """Draw the popover that checks an opened run against its owner's program, and says what came of it."""
    with st.popover("Your program", icon=":material/balance:", width="stretch",
                    help="Paste ids, and the logits that your own program gave for them."):
        known, config = owners_word.kept(run), run.config
        if known is not None:
            say(known)
        reader = answers_field(f"word-{run.id}", run.sizes.conditions)
        if st.button("Compare", key=f"compare-{run.id}", type="primary", disabled=reader is None):
            assert reader is not None
            try:
                given = reader(config.task_config, run.origin.file if run.origin else "")
                acting.keep_answers(run, given, owners_word.check(config, run.weights(), given))
            except Fault as fault:
                st.error(literal(fault), icon=":material/error:")
            else:
                st.rerun()
