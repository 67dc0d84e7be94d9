"""The switch between the sections of a page, which the address remembers."""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from seqlab.ui.shell.foreign import literal

Section = TypeVar("Section")


def chosen(sections: Mapping[str, Section]) -> Section:
    """Draw the switch and return what stands under the chosen name; a warning names an unknown one in the address."""
    wanted, names = st.query_params.get("show"), list(sections)
    name = st.segmented_control("Section", names, default=names[0], required=True, key="show", bind="query-params",
                                label_visibility="collapsed", width="stretch")
    if wanted is not None and wanted not in sections:
        st.warning(literal(f"This page has no section {wanted!r:.40}; there are {', '.join(names)}."),
                   icon=":material/link_off:")
    return sections[name if name in sections else names[0]]
