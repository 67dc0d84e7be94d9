"""The page text."""

from seqlab.ui.labs.text.page import PAGE

PAGE.draw()
