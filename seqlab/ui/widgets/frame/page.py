"""The frame alone, around a field with help and code that is wider than its place."""

import streamlit as st

from seqlab.ui.widgets.frame import frame

if __name__ == "__main__":
    frame(key="sample")
    st.text_input("Field", help="Tab comes here after the field.")
    st.code("x = " + " + ".join(map(str, range(200))))
