"""The page search."""

from seqlab.ui.studios.search.page import PAGE

PAGE.draw()
