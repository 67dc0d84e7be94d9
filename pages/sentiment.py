"""The page sentiment."""

from seqlab.ui.labs.sentiment.page import PAGE

PAGE.draw()
