"""Sampling: to be filled."""

import streamlit as st

st.title("Sampling")
st.caption("Text drawn from a network, one character at a time, with every number down to the random draw "
           "that chose it.")
