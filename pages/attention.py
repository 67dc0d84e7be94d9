"""Attention: who reads whom, head by head, in a trained transformer or with free weights."""

import streamlit as st

from seqlab.ui.studios.attention.free import free_attention
from seqlab.ui.studios.attention.trained import (
    choose_mode,
    choose_transformer,
    explanation_or_not,
    misread_mode,
    trained_attention,
)

misread = misread_mode()
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title("Attention", width="content")
    chosen = choose_mode()
if misread:
    st.warning(misread, icon=":material/link_off:")
about, choice = st.columns([3, 2], vertical_alignment="center") if chosen == "trained" else (st.container(), None)
about.caption("Each position asks those it may see, and mixes their answers by how well they fit. Choose a head, then "
              "a query, and read who answers.")
if choice is None:
    free_attention()
else:
    with choice:
        run = choose_transformer()
    trained_attention(run)
explanation_or_not()
