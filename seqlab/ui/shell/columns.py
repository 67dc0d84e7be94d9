"""The columns of a table that Streamlit draws, each with its sentence behind its head."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from seqlab.ui.finding.said import said
from seqlab.ui.shell.foreign import literal


def explained(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Give each column of a table its help, where ``columns`` has none of its own: what its name says of itself.

    A table without rows has no columns.
    """
    return {name: {**columns.get(name, {}), "help": columns.get(name, {}).get("help") or said(name) or None}
            for name in (rows[0] if rows else ())}


def meanings(columns: Mapping[str, Any]) -> None:
    """Draw what ``explained`` columns mean, behind a button: Streamlit's table tells it to a resting pointer alone."""
    if columns:
        with st.popover("Columns", icon=":material/help:", type="tertiary"):
            st.markdown("\n\n".join(f"**{literal(name)}** \u00a0 {literal(told['help'])}"
                                    for name, told in columns.items() if told["help"]))
