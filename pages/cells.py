"""Cells: the course's figures reproduced, GRUs set by hand, conventions that differ, errors that grow."""

import streamlit as st

from seqlab.ui.studios.cells.sections import chosen_section

st.title("Cells")
st.caption("What RNN, GRU, LSTM and attention compute, how closely NumPy and torch agree on it, and where they cannot.")
chosen_section()
