"""Exercises: to be filled."""

import streamlit as st

st.title("Exercises")
st.caption("The ten exercises of the Time Machine chapter, and the sentence assignment: what was published, "
           "what we measured, and a button to do each.")
