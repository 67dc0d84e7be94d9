"""Your code."""

import streamlit as st

st.title("Your code")
