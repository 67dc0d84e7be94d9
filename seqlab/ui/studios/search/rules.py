"""What can be searched for: what is true or an amount at each symbol of a text, by a rule or by a person's mark."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float

from seqlab.data.grammar import Grammar
from seqlab.data.grammar.quantities import quantities
from seqlab.errors import Fault
from seqlab.reference.annotations import ANNOTATIONS
from seqlab.reference.selectivity import FEWEST, Selectivity, held_out, selectivity
from seqlab.training.run import Run
from seqlab.training.searched import EXPRESSION, LABEL, POSITION, TRUTH, SearchedText
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.shell.foreign import literal
from seqlab.ui.studios.search.states import TextStates

MARK = "mark"
EXAMPLES = {"word": r"\bnot \w+"}  # regular expressions, by what a symbol is
EXAMPLE = "th[aeiou]"


_OWN = {MARK: "marked", POSITION: "its place in the text", LABEL: "the text is {}", EXPRESSION: "{}", TRUTH: "{}"}


@dataclass(frozen=True)
class Rule:
    """A rule: its kind as ``SearchedText.labels`` knows it, or a stretch that was marked in the text shown."""

    kind: str
    detail: str = ""
    mark: tuple[int, int] | None = None

    @property
    def label(self) -> str:
        """What it is called beside the picture."""
        return _OWN[self.kind].format(self.detail) if self.kind in _OWN else ANNOTATIONS[self.kind].label

    @classmethod
    def of(cls, chosen: str, detail: str = "", mark: tuple[int, int] | None = None) -> "Rule":
        """Read the id of a rule of ``rules``."""
        kind, colon, named = chosen.partition(":")
        if colon:
            return cls(kind, named)
        return cls(chosen, detail if chosen == EXPRESSION else "", mark if chosen == MARK else None)


def language_of(run: Run) -> Grammar | None:
    """The formal language that a run's strings are of; None where its text is of none."""
    language = getattr(run.config.task_config, "language", None)
    return language if isinstance(language, Grammar) else None


def rules(run: Run, text: SearchedText) -> Mapping[str, str]:
    """What can be searched for in a text, by ids: the truth of its grammar first, then what any text has."""
    language, own = language_of(run), dict[str, str]()
    if language is not None:
        first = text.symbols[:int(text.starts[1])] if len(text.starts) > 1 else text.symbols
        own = {f"{TRUTH}:{name}": name for name in quantities(language, first)}
    for kind, details in text.offers.items():
        own |= {f"{kind}:{detail}": Rule(kind, detail).label for detail in details} or {kind: Rule(kind).label}
    return own | {EXPRESSION: "a regular expression …", MARK: "a stretch that I mark"}


def marked() -> tuple[int, int] | None:
    """The stretch that the address names; one that cannot be is said and taken out."""
    written = st.query_params.get(MARK)
    if written is None:
        return None
    first, dash, last = written.partition("-")
    whole = all(part.isascii() and part.isdigit() and len(part) < 9 for part in (first, last))
    if dash and whole and int(first) < int(last):
        return int(first), int(last)
    del st.query_params[MARK]
    st.warning(f"There is no stretch {literal(f'{written!r:.30}')} in this text; mark one.", icon=":material/link_off:")
    return None


@PICTURES.cached
def labels(states: TextStates, rule: Rule) -> Float[np.ndarray, " position"]:
    """What a rule says of every position of a text; raises Fault for a rule that cannot be."""
    text = states.searched
    if rule.kind != MARK:
        return text.labels(rule.kind, rule.detail, language_of(states.snapshot.run))
    values = np.full(len(text), np.nan)
    if rule.mark is not None:
        first, last = rule.mark
        values[max(0, first - last + first - FEWEST):2 * last - first + FEWEST] = 0
        values[first:last] = 1
    return values


@PICTURES.cached
def followed(states: TextStates, rule: Rule) -> Selectivity:
    """Score every unit on a rule; of a mark on the stretch and what stands around it, for it cannot be held out."""
    true, values = labels(states, rule), states.values()
    if rule.kind != MARK:
        return selectivity(values, true, held_out(states.searched.keys))
    known = np.flatnonzero(np.isfinite(true))
    if min((true[known] == value).sum() for value in (0, 1)) < FEWEST:
        raise Fault(f"Mark at least {FEWEST} symbols of the text: press on the first and draw to the last one, or hold "
                    "Shift and press the arrow keys.")
    twice = np.concatenate([np.asarray(values[:, known])] * 2, axis=1)
    return selectivity(twice, np.tile(true[known], 2), np.arange(twice.shape[1]) >= known.size)
