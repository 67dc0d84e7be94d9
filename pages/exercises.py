"""The page exercises."""

from seqlab.ui.studios.exercises.page import PAGE

PAGE.draw()
