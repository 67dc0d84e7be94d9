"""Formal grammars and their strings: notation, exact distributions, sampling and parsing."""

from seqlab.data.grammar.built_in import BUILT_IN
from seqlab.data.grammar.grammar import Grammar, read
from seqlab.data.grammar.walk import Walk

__all__ = ["BUILT_IN", "Grammar", "Walk", "read"]
