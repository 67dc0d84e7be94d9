"""The hello lab: the smallest networks there are learn one word pair, and nothing of them is hidden."""

import streamlit as st

from seqlab.ui.labs.hello.lab import hello_lab

st.title("Hello lab")
st.caption("A tiny network hears one word, letter by letter, and learns to say another. It is so small that you can "
           "read every weight.")
hello_lab()
