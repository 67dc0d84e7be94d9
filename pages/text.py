"""Text lab: to be filled."""

import streamlit as st

st.title("Text lab")
st.caption("A network reads a text character by character and learns to say which one comes next. Train one "
           "on a book, on your own text, or on sentences.")
