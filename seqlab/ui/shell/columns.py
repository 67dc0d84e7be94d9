"""The columns of a table that Streamlit draws, each with its sentence behind its head."""

from collections.abc import Mapping, Sequence
from typing import Any

from seqlab.ui.finding.said import said


def explained(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Give each column of a table its help, where ``columns`` has none of its own: what its name says of itself.

    A table without rows has no columns.
    """
    return {name: {**columns.get(name, {}), "help": columns.get(name, {}).get("help") or said(name) or None}
            for name in (rows[0] if rows else ())}
