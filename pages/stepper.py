"""Step by step."""

import streamlit as st

st.title("Step by step")
