"""Reading: to be filled."""

import streamlit as st

st.title("Reading")
st.caption("What a network makes of any text: what surprises it, how far back it can see, and what its "
           "embedding knows.")
