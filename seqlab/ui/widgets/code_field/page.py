"""A field for code, alone: numbered lines, of which one is marked as wrong."""

import streamlit as st

from seqlab.ui.widgets.code_field import code_field

CODE = "def step(x, h):\n    return x +\n"

if __name__ == "__main__":
    st.text_area("Code", CODE, key="code")
    code_field("code", CODE, 2, key="sample")
