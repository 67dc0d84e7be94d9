"""The page classroom."""

from seqlab.ui.studios.teacher.page import PAGE

PAGE.draw()
