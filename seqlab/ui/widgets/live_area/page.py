"""A text area that is read while somebody types, alone, and below it what has been read."""

import streamlit as st

from seqlab.ui.widgets.live_area import live_area

if __name__ == "__main__":
    st.write(len(st.text_area("Text", "type here", key="text")), "characters")
    live_area("text", key="sample")
