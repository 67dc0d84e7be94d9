"""Reading: what surprises a network, how it does on other books, how far back it sees, what its embedding knows."""

import streamlit as st

from seqlab.ui.studios.reading.sections import choose_network, chosen_section

about, choice = st.columns([3, 2], vertical_alignment="bottom")
about.title("Reading")
about.caption("What a network makes of any text: what surprises it, how far back it can see, and what its embedding "
              "knows.")
with choice:
    run = choose_network()
chosen_section(run)
