"""The seed of the next run: what a person gave, else a new one, so that two presses make two networks."""

import secrets

import streamlit as st

SEEDS = 10_000
NEXT = "next-seed"  # in the session's state


def chosen_seed(given: float | None) -> int:
    """What stands in the field, or this session's next seed where it is empty."""
    return next_seed() if given is None else int(given)


def next_seed() -> int:
    """A seed that stays the same until a run has been started with it."""
    seed: int = st.session_state.setdefault(NEXT, secrets.randbelow(SEEDS))
    return seed


def seed_is_used() -> None:
    """Have the next run draw another one."""
    st.session_state.pop(NEXT, None)
