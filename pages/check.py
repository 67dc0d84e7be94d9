"""The page check."""

from seqlab.ui.studios.check.page import PAGE

PAGE.draw()
