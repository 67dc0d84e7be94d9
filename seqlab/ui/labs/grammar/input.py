"""The beginning of a string of a formal language, or of none."""

import streamlit as st

from seqlab.tasks.grammar import GrammarConfig
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.runs.inputs import LONGEST, scored_by_next, text_field


def string_input(run: Run, key: str) -> TaskInput:
    """Draw the field; the string follows the mark that begins one."""
    config: GrammarConfig = run.config.task_config
    example = st.session_state.setdefault(f"example-{hash(config)}", _example(config))
    typed = text_field(key, f"A string of the language, or another one, over its {config.level}s.", example)
    return scored_by_next(typed, config.alphabet, "reads it as the mark �, which it never met")


def _example(config: GrammarConfig) -> str:
    """A string of the language that shows something: neither the shortest nor too long."""
    strings = sorted((tokens for tokens in config.source.held_out()[:200] if len(tokens) <= LONGEST // 2), key=len)
    return config.language.joined(strings[len(strings) * 9 // 10]) if strings else ""
