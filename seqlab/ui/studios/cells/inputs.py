"""Numbers that a person sets: each is checked where it enters, for a slider's ends hold back only its own handle."""

import math
from typing import Any, Literal

import streamlit as st

from seqlab.errors import Fault
from seqlab.ui.shell.choices import choose_number
from seqlab.ui.widgets.moving_slider import moving_slider


def slider(label: str, low: int | float, high: int | float, value: int | float, **options: Any) -> int | float:
    """Draw a slider whose value stands in the address under its key; raises Fault for a value beyond its ends."""
    return within(label, choose_number(moving_slider, label, low, high, value, **options), low, high)


def seed(key: str, *, value: int = 1, last: int = 9999, step: int = 1, label: str = "Seed",
         width: Literal["stretch"] | int = "stretch") -> int:
    """Draw a field for a seed, which stands in the address under its key; raises Fault where it is none."""
    chosen = choose_number(st.number_input, label, 0, last, value, key, step=step, width=width,
                           help="Weights and inputs are drawn from it; the same number draws the same again.")
    return int(within(label, chosen, 0, last))


def within(label: str, value: int | float | None, low: int | float, high: int | float) -> int | float:
    """Pass a number through that lies between two ends; raises Fault for any other, and for none."""
    if value is None or not math.isfinite(value) or not low <= value <= high:
        raise Fault(f"{label} must be a number from {low:g} to {high:g}; set it again.")
    return value


def short(number: float) -> str:
    """Write a small number as the page does: 7.6e−7 with a true minus, and 0 for exactly 0."""
    mantissa, _, power = f"{number:.1e}".partition("e")
    text = "0" if number == 0 else f"{number:.2g}" if 0.01 <= abs(number) < 100 else f"{mantissa}e{int(power or 0)}"
    return text.replace("-", "\u2212")
