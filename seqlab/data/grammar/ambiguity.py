"""Strings that a grammar derives in more than one way."""

from typing import TYPE_CHECKING

import numpy as np

from seqlab.errors import Fault

if TYPE_CHECKING:
    from seqlab.data.grammar.grammar import Grammar

DRAWN, LONGEST = 400, 100


def twofold(grammar: "Grammar") -> tuple[str, ...] | None:
    """Look among drawn strings for the shortest one that has several derivations; None where none was met.

    The derivation by which a string was drawn has a probability; where that of the string is greater, there is another
    derivation.
    """
    try:
        drawn = grammar.drawn(np.random.default_rng(0), DRAWN, LONGEST)
    except Fault:
        return None  # no string is that short
    ends = np.cumsum(drawn.lengths)
    seen: set[tuple[int, ...]] = set()
    for place in np.argsort(drawn.lengths, kind="stable"):
        ids = tuple(drawn.tokens[ends[place] - drawn.lengths[place]:ends[place]].tolist())
        if ids in seen:
            continue
        seen.add(ids)
        tokens = tuple(grammar.tokens[id_] for id_ in ids)
        try:
            surprise = float(grammar.walk(tokens).surprise.sum())
        except Fault:
            return tokens  # only many ways to read a string make so much work
        if -surprise > drawn.log_p[place] + 1e-9:
            return tokens
    return None
