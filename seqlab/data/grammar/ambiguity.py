"""Strings that a grammar derives in more than one way."""

from functools import lru_cache

import numpy as np

from seqlab.data.grammar.grammar import Grammar
from seqlab.errors import Fault

SAMPLES, LONGEST = 400, 100


def notes(grammar: Grammar) -> tuple[str, ...]:
    """Sentences on what is allowed in a grammar but worth knowing, an ambiguity among it."""
    text = ambiguous_text(grammar)
    if text is None:
        return grammar.notes
    return (*grammar.notes, f"The grammar is ambiguous: “{text}” has more than one derivation. Their probabilities are "
                            "added.")


def ambiguous_text(grammar: Grammar) -> str | None:
    """A short string that has more than one derivation, as text; None where the search met none."""
    tokens = ambiguous_string(grammar)
    return None if tokens is None else grammar.joined(tokens)


@lru_cache(maxsize=32)
def ambiguous_string(grammar: Grammar) -> tuple[str, ...] | None:
    """Search sampled strings for the shortest one that has several derivations; None where there is none among them.

    The derivation by which a string was sampled has a probability; where that of the string is greater, there is
    another derivation.
    """
    try:
        sampled = grammar.draw_ids(np.random.default_rng(0), SAMPLES, LONGEST)
    except Fault:
        return None  # no string is that short
    ends = np.cumsum(sampled.lengths)
    seen: set[tuple[int, ...]] = set()
    for row in np.argsort(sampled.lengths, kind="stable"):
        ids = tuple(sampled.tokens[ends[row] - sampled.lengths[row]:ends[row]].tolist())
        if ids in seen:
            continue
        seen.add(ids)
        tokens = tuple(grammar.tokens[id_] for id_ in ids)
        try:
            surprise = float(grammar.walk(tokens).surprise.sum())
        except Fault:
            return tokens  # only many ways to read a string make so much work
        if -surprise > sampled.log_p[row] + 1e-9:
            return tokens
    return None
