"""Attention over any sentence with random weights: what the mechanism does before anything was learned."""

from typing import cast

import streamlit as st

from seqlab.data.sentence import Cut, read
from seqlab.figures.attention import attention_film, maps_npz
from seqlab.figures.film import film_id
from seqlab.ui.proof.drawing import prove
from seqlab.ui.shell.choices import choose, choose_number, toggle
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.studios.attention.free_weights import FREE_ATTENTION, FreeAttention, divisors
from seqlab.ui.studios.attention.heads import heads_off, switch
from seqlab.ui.widgets.attention import attention
from seqlab.ui.widgets.moving_slider import moving_choice, moving_slider

SENTENCE = "The cat sat on the mat because it was tired."
WIDTHS, SCALES, SEEDS = (4, 64), (0.0, 4.0), (0, 999)
CHANNEL = "attention-free"
CELL = 172  # pixels; two widgets stand side by side on a phone


def free_attention() -> None:
    """Draw the sentence, the sliders, the maps and their badge; a fragment, so that a slider moves nothing else."""
    st.fragment(show_fault_inline(_free_attention))()


def _free_attention() -> None:
    tokens = _sentence()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        width, heads, scale, seed, causal, positions = _sliders()
    off, note = heads_off(1, heads)
    if note:
        st.warning(literal(note), icon=":material/link_off:")
    _draw(FreeAttention(tokens, width, heads, scale, seed, causal, positions, tuple(head for _, head in off)), off)


def _sentence() -> tuple[str, ...]:
    left, right = st.columns([4, 1.5], vertical_alignment="bottom")
    typed = left.text_input("Your sentence", SENTENCE, key="sentence", live=True, bind="query-params",
                            placeholder="Type a sentence", help="What attends to itself, with weights drawn at random.")
    cut = choose(right.segmented_control, "Tokens are", ("words", "characters"), "tokens", required=True,
                 help="What one position is: a word or a character.")
    tokens, note = read(typed or "", cast(Cut, cut))
    if note:
        st.caption(f":material/info: {literal(note)}")
    return tuple(tokens)


def _sliders() -> tuple[int, int, float, int, bool, bool]:
    width = choose_number(moving_slider, "Width", *WIDTHS, 16, "width", step=4, width=CELL,
                          help="Numbers in the vector of a token. The heads share them.")
    offered = divisors(width)
    # Another width may have been chosen since the number of heads was.
    if st.session_state.get("heads", 1) not in offered:
        st.session_state["heads"] = max(heads for heads in offered if heads <= st.session_state["heads"])
    heads = choose(moving_choice, "Heads", offered, "heads", _first(offered), width=CELL,
                   help="Only divisors of the width, so that all heads are equal.")
    scale = choose_number(moving_slider, "Scale of q and k", *SCALES, 1.5, "scale", step=0.1, width=CELL,
                          help="Of the matrices that make queries and keys. At 0 every position reads all alike; the "
                               "larger, the more it reads one alone.")
    seed = choose_number(st.number_input, "Seed", *SEEDS, 0, "seed", width=CELL,
                         help="Another seed draws other weights and other vectors for the tokens.")
    causal = toggle(st.toggle, "Causal", True, "causal", width=CELL,
                    help="On: a position reads itself and those before it. Off: all positions.")
    positions = toggle(st.toggle, "Positions", True, "positions", width=CELL,
                       help="Adds a wave for each position. Without it, equal words are the same to a head.")
    return width, heads, scale, int(seed), causal, positions


def _draw(chosen: FreeAttention, off: tuple[tuple[int, int], ...]) -> None:
    slot = st.container(key=f"badge-slot-{CHANNEL}", gap=None)
    enough = len(chosen.tokens) > 1
    passes = [{f"{name}.0": array for name, array in one.run("float32").items()}
              for one in (chosen, chosen.whole)] if enough else []
    picture = attention_film(passes[:1], tokens=chosen.tokens if enough else (), steps=[0], channel=CHANNEL,
                             causal=chosen.causal, off=off, whole=passes[1:],
                             invitation="Type at least two tokens, and each asks the others here.")
    attention(picture, key=CHANNEL, on_switch=switch)
    if enough:
        prove(FREE_ATTENTION, *chosen.shown, key=f"{CHANNEL}-badge", slot=slot, channel=CHANNEL, film=film_id(picture))
        st.download_button("Download these maps", lambda: maps_npz(passes[:1], chosen.tokens, [0], off),
                           "attention.npz", "application/octet-stream", icon=":material/download:", key="maps",
                           on_click="ignore", type="tertiary", help="All heads, with queries, keys and values, "
                           "for numpy.load.")


def _first(offered: list[int]) -> int:
    """The number of heads to begin with: four, or the next smaller one."""
    return max(heads for heads in offered if heads <= 4)
