"""Formal grammars and what is true about their strings: a notation, exact distributions, drawing and checking."""

from seqlab.data.grammar.built_in import BUILT_IN
from seqlab.data.grammar.grammar import Grammar, read
from seqlab.data.grammar.walk import Walk

__all__ = ["BUILT_IN", "Grammar", "Walk", "read"]
