"""The columns of a table that Streamlit draws, each with its sentence behind its head."""

from collections.abc import Iterable, Mapping
from typing import Any

from seqlab.ui.finding.said import said


def explained(names: Iterable[str], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Give each column its help, where ``columns`` has none of its own: what its name says of itself."""
    return {name: {**columns.get(name, {}), "help": columns.get(name, {}).get("help") or said(name) or None}
            for name in names}
