"""The page attention."""

from seqlab.ui.studios.attention.page import PAGE

PAGE.draw()
