"""Home: a trained network at work, one sentence on what this is, and the way on."""

import streamlit as st

from seqlab.ui.echo_lab import look_inside
from seqlab.ui.navigation import link
from seqlab.ui.run_picker import preferred
from seqlab.ui.training_panel import train_one_button

st.title("Look inside a network that remembers")
st.markdown(
    "This small GRU was trained to repeat every letter a few steps later. Type a word, move the delay, and see what it "
    "keeps in mind: plain NumPy computes every picture, **proved against PyTorch** as you look."
)
run = preferred("echo")
if run is None:
    st.info("No shipped network was found. Train one in the Echo lab: it takes seconds.")
else:
    look_inside(run, "home", autoplay=True)

st.header("Go on")
lab, train, runs = st.container(key="go-on").columns(3)
with lab.container(border=True, height="stretch", vertical_alignment="distribute"):
    st.markdown("**Compare networks**  \nGRU, LSTM and RNN side by side; how accuracy depends on delay and length.")
    link("echo", "Open the Echo lab", ":material/graphic_eq:")
with train.container(border=True, height="stretch", vertical_alignment="distribute"):
    st.markdown("**Train one live**  \nOne click, a few seconds; pause it, step it, change its learning rate.")
    train_one_button()
with runs.container(border=True, height="stretch", vertical_alignment="distribute"):
    st.markdown("**Keep and compare**  \nSort, rename, compare curves, download a network or bring your own.")
    link("runs", "See all runs", ":material/folder_open:")
