"""The string whose truth is drawn: typed, drawn from the grammar, longer than those of the training, or spoilt."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab.data.grammar import Grammar
from seqlab.tasks.grammar import GrammarConfig
from seqlab.training.run import Run
from seqlab.ui.proof.store import PICTURES

MOST_TYPED = 3000  # characters that are cut into tokens
MOST = 240  # tokens of a string that is drawn
USUAL = range(12, 61)  # tokens of the strings that it opens with
CHOICE, LONG = 40, 24  # strings that the buttons go through
FIELD, _GIVEN, _OF, _SPOILS = "string", "string-given", "string-of", "string-spoils"


def string_field(run: Run, language: Grammar, field: DeltaGenerator, buttons: DeltaGenerator) -> tuple[str, ...]:
    """Draw the field and its buttons in their places; what was typed, as tokens, of which too many are left out."""
    usual, longer = _drawn(run)
    _open_with(run, usual[0])
    typed = field.text_input("A string", key=FIELD, bind="query-params", persist_state="session",
                          help="Type any string: one of the language, or one that leaves it somewhere.")
    with buttons.container(horizontal=True, key="truth-buttons"):
        st.button("Another", key="string-another", icon=":material/casino:", on_click=_next, args=(usual, "usual"),
                  help="The next string that was kept from learning.")
        st.button("Longer", key="string-longer", icon=":material/straighten:", on_click=_next, args=(longer, "long"),
                  disabled=not longer, help="A string longer than any that it learned from.")
        st.button("Spoil it", key="string-spoilt", icon=":material/error:", on_click=_spoil, args=(language,),
                  help="Change one token, so that the string leaves the language there.")
    text, most = str(typed or ""), _most(run)
    tokens = language.cut(text[:MOST_TYPED])
    if len(text) > MOST_TYPED:
        st.caption(f":material/info: Only the first {MOST_TYPED:,} of {len(text):,} characters are read.")
    if len(tokens) > most:
        st.caption(f":material/info: Only the first {most} of {len(tokens):,} tokens are drawn.")
    return tokens[:most]


def _open_with(run: Run, first: str) -> None:
    """Fill the field for another network, unless it holds what a person wrote."""
    state = st.session_state
    ours = state.get(FIELD) == state.get(_GIVEN)
    if (FIELD not in state and FIELD not in st.query_params) or (ours and state.get(_OF) != run.id):
        state[FIELD] = state[_GIVEN] = first
    state[_OF] = run.id


def _most(run: Run) -> int:
    """Tokens that the network can read and the page can draw."""
    reach = run.config.network.reach
    return MOST if reach is None else min(MOST, reach - 1)


def _drawn(run: Run) -> tuple[list[str], list[str]]:
    """Held-out strings, and longer ones than any learned from, as far as they can be drawn."""
    return _strings(run.config.task_config.model_dump_json(), _most(run))


@PICTURES.cached
def _strings(config: str, most: int) -> tuple[list[str], list[str]]:
    task = GrammarConfig.model_validate_json(config)
    language = task.language
    held, longest = task.source.held_out(), int(task.source.training(task.strings).lengths.max()) - 1
    usual = [text for text in held if len(text) in USUAL] or held
    longer = language.draw_between(np.random.default_rng(task.seed), LONG, longest + 1, min(most, 2 * longest))
    return [language.joined(text) for text in usual[:CHOICE]], [language.joined(text) for text in longer]


def _next(texts: list[str], kind: str) -> None:
    state = st.session_state
    place = state[f"string-{kind}"] = state.get(f"string-{kind}", 0) + 1
    state[FIELD] = state[_GIVEN] = texts[place % len(texts)]


def _spoil(language: Grammar) -> None:
    """Put a token somewhere that cannot stand there, at another place each time."""
    state = st.session_state
    tokens = list(language.cut(str(state.get(FIELD) or "")))[:MOST]
    seed = state[_SPOILS] = state.get(_SPOILS, 0) + 1
    rng, walk = np.random.default_rng(seed), language.walk(tokens)
    for place in rng.permutation(len(tokens) if walk.left is None else walk.left).tolist():
        wrong = [token for token, p in zip(language.tokens, walk.expected[place], strict=False) if p == 0]
        if wrong:
            tokens[place] = wrong[rng.integers(len(wrong))]
            state[FIELD] = language.joined(tokens)
            return
