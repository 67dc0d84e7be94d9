"""The page compare."""

from seqlab.ui.studios.compare.page import PAGE

PAGE.draw()
