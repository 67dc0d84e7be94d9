"""Hello lab."""

import streamlit as st

st.title("Hello lab")
