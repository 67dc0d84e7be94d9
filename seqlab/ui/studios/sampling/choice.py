"""What the person asks of the sampling studio: a prompt, a length, a seed and four dials, all in the address."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from seqlab.data.vocabulary import Vocabulary
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.reference.sampling import Choice
from seqlab.ui.shell.choices import choose, choose_number
from seqlab.ui.shell.foreign import literal
from seqlab.ui.widgets.moving_slider import moving_choice

LONGEST, LENGTH = 1000, 500
LONGEST_PROMPT = 500
SEED, SEEDS = 1, 10_000
COLDEST, HOTTEST = 0.01, 2.0
COLOURS = ("surprise", "entropy")
OPENINGS = ("the time traveller ", "The ", " ")
# Dials in the address: what each is where it is absent, and what it may be.
DIALS: dict[str, Any] = {"temperature": 1.0, "alpha": 1.0, "top_k": 0, "top_p": 1.0, "divide": False,
                         "colour": COLOURS[0]}
LIMITS = {"temperature": f"0, or {COLDEST} to {HOTTEST:g}", "alpha": f"{1 / HOTTEST:g} to {1 / COLDEST:g}",
          "top_k": "a whole number from 0", "top_p": "more than 0 and at most 1", "divide": "True or False",
          "colour": " or ".join(COLOURS)}


@dataclass(frozen=True)
class Opening:
    """What a text goes on from: the prompt as the network can read it, and a sentence on what it could not ("")."""

    text: str
    note: str = ""


def dials() -> tuple[Choice, str, str]:
    """Read the dials from the address: the choice, what the colours show, and a sentence on what cannot be ("")."""
    values, odd = dict(DIALS), ""
    for name in DIALS:
        written = st.query_params.get(name)
        if written is None:
            continue
        value = _value(name, written)
        if value is None:
            odd = f"The {name} in the address must be {LIMITS[name]}; it is left as it is."
            del st.query_params[name]
        else:
            values[name] = value
    if values["divide"] and not values["temperature"]:
        odd = "Probabilities cannot be divided by a temperature of 0, so the logits are."
        values["divide"] = False
    if values["alpha"] != 1.0:  # one knob with two scales: the address has one of them
        values["temperature"] = 1.0
    choice = Choice(values["temperature"], values["alpha"], values["top_k"], values["top_p"], values["divide"])
    return choice, values["colour"], odd


def _value(name: str, written: str) -> Any:
    """What a dial says, None where it cannot be."""
    if name == "colour":
        return written if written in COLOURS else None
    if name == "divide":
        return {"True": True, "False": False}.get(written)
    try:
        value = int(written) if name == "top_k" else float(written)
    except ValueError:
        return None
    fits = {"temperature": value == 0 or COLDEST <= value <= HOTTEST, "alpha": 1 / HOTTEST <= value <= 1 / COLDEST,
            "top_k": 0 <= value <= LONGEST, "top_p": 0 < value <= 1}
    return value if math.isfinite(value) and fits[name] else None


def turn(value: Mapping[str, Any]) -> None:
    """Write into the address what the dials say; what is as it always is stays out of it."""
    for name, usual in DIALS.items():
        turned = value.get(name, usual)
        if turned == usual:
            st.query_params.pop(name, None)
        elif isinstance(turned, bool | int | float | str) and _value(name, str(turned)) is not None:
            st.query_params[name] = str(turned)


def reset() -> None:
    """Have everything as at first, but the network."""
    turn({})
    st.session_state.update({"prompt": st.session_state.get("usual-prompt", ""), "length": LENGTH, "seed": SEED})


def draw_again() -> None:
    """Take other draws."""
    st.session_state["seed"] = random.randrange(1, SEEDS)


def ask(alphabet: Vocabulary, kept: list[int]) -> tuple[Opening, int, int, int | None]:
    """Draw the fields of prompt, length, seed and snapshot, and the buttons; return what they say.

    With no snapshots to choose from (``kept``) there is no field for them, and None in its place.
    """
    few = len(kept) < 2
    fields, buttons = st.columns([5, 1.5] if few else [7, 2.3], vertical_alignment="bottom")
    with fields:
        written, numbers, *rest = st.columns([4, 2.7] if few else [3.6, 2.7, 2], vertical_alignment="bottom")
    numbers = numbers.container(horizontal=True, wrap=False)
    step = _snapshot(kept, rest[0]) if rest else kept[0] if kept else None
    typed = written.text_input("Prompt", _usual_prompt(alphabet), key="prompt", live=True,
                               bind="query-params", placeholder="Nothing: it begins by itself",
                               help="The text goes on from here.")
    length = choose_number(numbers.number_input, "Length", 1, LONGEST, LENGTH, "length",
                           help=f"{alphabet.level.capitalize()}s to draw, 1 to {LONGEST:,}.")
    seed = choose_number(numbers.number_input, "Seed", 0, 2**31 - 1, SEED, "seed",
                         help="The same seed gives the same uniform draws, whatever the temperature.")
    with buttons.container(horizontal=True, wrap=False):
        st.button("Draw again", type="primary", icon=":material/casino:", key="draw-again", on_click=draw_again,
                  width="stretch", help="A new seed, so other draws.")
        st.button("Reset", icon=":material/restart_alt:", key="reset-sampling", on_click=reset,
                  help="Prompt, length, seed and all dials as at first.")
    opening, place = read_prompt(typed or "", alphabet), st.empty()  # it stays, so that nothing below is moved
    if opening.note:
        place.caption(f":material/info: {literal(opening.note)}")
    return opening, _within(length, 1, LONGEST, LENGTH), _within(seed, 0, 2**31 - 1, SEED), step


def _snapshot(kept: list[int], place: Any) -> int:
    with place:
        return choose(moving_choice, "After training step", kept, "snapshot", kept[-1],
                      help="0 is before training. Move it to see how the network learned to write.")


def _within(value: Any, low: int, high: int, usual: int) -> int:
    return min(max(int(value), low), high) if value is not None else usual


def _usual_prompt(alphabet: Vocabulary) -> str:
    """The first prompt of this network, also where that of another one was left as it was."""
    usual, before = first_prompt(alphabet), st.session_state.get("usual-prompt")
    if before is not None and before != usual and st.session_state.get("prompt") == before:
        st.session_state["prompt"] = usual
    st.session_state["usual-prompt"] = usual
    return usual


def first_prompt(alphabet: Vocabulary) -> str:
    """A prompt that the network can read whole; none for sentences, which begin by themselves."""
    if alphabet.begin is not None:
        return ""
    return next((text for text in OPENINGS if not alphabet.unknown_symbols(text)), "")


def read_prompt(typed: str, alphabet: Vocabulary) -> Opening:
    """Keep what the network can read of a prompt and say in one sentence what it could not.

    Lower case is written where the network knows no capitals. A running text needs something to go on from: without a
    prompt that is a space, or the network's first character. Raises Fault where there is none.
    """
    if all(symbol == symbol.lower() for symbol in alphabet.places):
        typed = typed.lower()
    unknown, notes = alphabet.unknown_symbols(typed), []
    if unknown:
        count, listed = unknown.total(), " ".join(_named(letter) for letter in list(unknown)[:8])
        are = "are" if count > 1 else "is"
        notes.append(f"{counted(count, alphabet.level)} of the prompt {are} unknown to this network and left out: "
                     f"{listed}{' …' if len(unknown) > 8 else ''}.")
    text = alphabet.without_unknown(typed)
    symbols = alphabet.cut(text)
    if len(symbols) > LONGEST_PROMPT:
        notes.append(f"Only the last {LONGEST_PROMPT} of {len(symbols):,} {alphabet.level}s are read.")
        text = alphabet.joined(symbols[-LONGEST_PROMPT:])
    if not text and alphabet.begin is None:
        if not alphabet.places:
            raise Fault("This network knows no characters, so no text can be drawn from it.")
        text = " " if " " in alphabet.places else next(iter(alphabet.places))
    return Opening(text, " ".join(notes))


def _named(letter: str) -> str:
    """A character that cannot be taken for Markdown, or that cannot be seen, by its number."""
    return letter if letter.isalnum() else f"U+{ord(letter):04X}" if not letter.isprintable() else f"\\{letter}"
