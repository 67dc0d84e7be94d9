"""The page grammar."""

from seqlab.ui.labs.grammar.page import PAGE

PAGE.draw()
