"""Sliders that move what stands below them while they are dragged, alone."""

import streamlit as st

from seqlab.ui.widgets.moving_slider import moving_choice, moving_slider

if __name__ == "__main__":
    st.write(moving_slider("Width", 4, 64, 16, 4, key="sample", help="Numbers in the vector of a token."))
    st.write(moving_choice("Weights ×", (0.5, 1.0, 2.0), 1.0, key="other", format_func="{:g}".format))
