"""Cells."""

import streamlit as st

st.title("Cells")
