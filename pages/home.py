"""Home: a trained network at work, one sentence on what this is, and the way on."""

import streamlit as st

from seqlab.ui.labs.echo.look import look_inside
from seqlab.ui.runs.picker import preferred
from seqlab.ui.runs.training_panel import train_one_button
from seqlab.ui.shell.navigation import link

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
rows = st.container(key="go-on")
CARDS = (
    ("text", "Let it write", "A network reads a book letter by letter, then writes. Or give it your own text.",
     "Open the Text lab", ":material/menu_book:"),
    ("sampling", "Turn the temperature", "From cold to hot: which characters may come, and the draw that chose one.",
     "Open sampling", ":material/casino:"),
    ("grammar", "Learn a language", "Brackets, automata, toy English: what may come is known, so all is checked.",
     "Open grammars", ":material/account_tree:"),
    ("sentiment", "Judge a review", "Word by word: which ones won, and what each is worth.",
     "Open reviews", ":material/reviews:"),
    ("hello", "Read every weight", "Tiny networks learn hello → ohlol, epoch by epoch.", "Open the Hello lab",
     ":material/waving_hand:"),
    ("stepper", "Follow one number", "Every formula of any network, with its numbers put in.",
     "Go step by step", ":material/function:"),
    ("attention", "See who reads whom", "Every head of a transformer, from q·k to the answer; switch heads off.",
     "Open attention", ":material/visibility:"),
    ("check", "Check your own code", "Paste your RNN, GRU or attention: a classic mistake is named.",
     "Check your code", ":material/fact_check:"),
    ("cells", "Where torch and NumPy part", "Published figures, conventions that differ, errors that grow, gradients.",
     "Open the cells", ":material/memory:"),
)
columns = [column for _ in range(2) for column in rows.columns(5)]
for (page, title, text, label, icon), column in zip(CARDS, columns, strict=False):
    with column.container(border=True, height="stretch", vertical_alignment="distribute"):
        st.markdown(f"**{title}**  \n{text}")
        link(page, label, icon)
with columns[-1].container(border=True, height="stretch", vertical_alignment="distribute"):
    st.markdown("**Train one live**  \nOne click, a few seconds; pause it, step it, change its learning rate.")
    train_one_button()
