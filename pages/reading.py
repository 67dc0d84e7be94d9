"""The page reading."""

from seqlab.ui.studios.reading.page import PAGE

PAGE.draw()
