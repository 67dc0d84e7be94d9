"""Style sheets of pages, in a place of their own that nothing else takes."""

from pathlib import Path

import streamlit as st

from seqlab.figures.presented import growing


def style(sheet: Path, *more: str) -> None:
    """Put a style sheet into the page, and rules that are made here behind it.

    ``st.html`` with style alone goes where toasts go, and the next toast takes its place; so an empty element is with
    it, which ``frame.css`` takes out of the page's flow.
    """
    rules = growing("\n".join((sheet.read_text(encoding="utf-8"), *more)))
    with st.container(key=f"style-{sheet.stem}"):
        st.html(f"<span hidden></span><style>{rules}</style>")
