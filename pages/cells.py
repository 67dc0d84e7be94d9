"""The page cells."""

from seqlab.ui.studios.cells.page import PAGE

PAGE.draw()
