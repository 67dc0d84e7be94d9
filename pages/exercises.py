"""Exercises: what the chapter asks, what was published, what comes out here, and a button to do each."""

import streamlit as st

from seqlab.ui.studios.exercises.exercises import exercises

st.title("Exercises")
st.caption("The ten exercises of the Time Machine chapter, and the assignments on sentences and reviews: what was "
           "published, what comes out here, and a button to do each.")
exercises()
