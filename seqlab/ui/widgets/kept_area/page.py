"""A text area that is as it was after a reload, alone."""

import streamlit as st

from seqlab.ui.widgets.kept_area import kept_area

if __name__ == "__main__":
    st.text_area("Text", "type here", key="text")
    kept_area("text", "type here", key="sample", most=1000)
