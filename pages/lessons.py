"""The page lessons."""

from seqlab.ui.studios.lessons.page import PAGE

PAGE.draw()
