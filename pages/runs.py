"""The page runs."""

from seqlab.ui.runs.page import PAGE

PAGE.draw()
