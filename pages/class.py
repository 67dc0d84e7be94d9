"""The page class."""

from seqlab.ui.studios.teacher.page import PAGE

PAGE.draw()
