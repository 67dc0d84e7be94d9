"""Sweeps: to be filled."""

import streamlit as st

st.title("Sweeps")
st.caption("One setting over several values, or two, or three: every point is an ordinary run.")
